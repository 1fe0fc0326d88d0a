package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Why a process is slow or stuck, seen without asking it.
///
/// @param doing what its code does now
/// @param waiting the first of the messages that wait, in order
/// @param waitsFor whom its code waits for, then whom that one waits for, and so on
/// @param lastCrash the last crash under its name, perhaps of an earlier incarnation
public record Why(
    ProcessInfo process,
    Optional<Doing> doing,
    List<Waiting> waiting,
    List<WaitsFor> waitsFor,
    Optional<Crash> lastCrash) {

  /// What its code does now.
  ///
  /// @param message what it was given to do
  /// @param since how long it has been at it
  /// @param traceId the trace that it belongs to
  /// @param stack where its thread is, innermost first
  public record Doing(
      String message, Duration since, Optional<String> traceId, List<StackTraceElement> stack) {}

  /// A message that waits.
  ///
  /// @param kind `call`, `cast`, `info` or `system`
  /// @param from who waits for the answer
  /// @param age how long it has waited, where that is known
  public record Waiting(String kind, String message, Optional<Pid> from, Optional<Duration> age) {}

  /// Another process that is waited for.
  ///
  /// @param what it has to do
  /// @param since how long it has been waited for
  public record WaitsFor(Pid pid, ServerRef process, String what, Duration since) {}
}
