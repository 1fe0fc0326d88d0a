package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An unexpected end of a process, as texts: nothing of its plugin is kept in memory by it.
///
/// @param message what it had at hand, and `state` the state from before it; null where other
///   processes ended it
/// @param traceId the trace that the message belonged to; null for none
/// @param stack where the exception was thrown, if it was one
public record Crash(
    Pid pid,
    Instant at,
    String reason,
    @Nullable String message,
    @Nullable String state,
    @Nullable String traceId,
    List<StackTraceElement> stack) {

  static Crash of(
      Pid pid,
      ExitReason reason,
      @Nullable String message,
      @Nullable String state,
      @Nullable TraceContext trace) {
    var stack =
        reason instanceof ExitReason.Failure(Throwable exception)
            ? List.of(exception.getStackTrace())
            : List.<StackTraceElement>of();
    var traceId = trace == null ? null : trace.traceId();
    return new Crash(pid, Instant.now(), Shown.text(() -> reason), message, state, traceId, stack);
  }
}
