package dev.genserver.testkit;

import dev.genserver.sdk.From;
import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A caller in a test: remembers its answer, and leaves when told to. Thread-safe.
///
/// A new one waits, without a limit, comes from outside the node and sends nothing along.
public final class TestFrom implements From {

  private boolean waiting = true;
  private boolean answered;
  private @Nullable Object answer;
  private Optional<Duration> remaining = Optional.empty();
  private Optional<Pid> caller = Optional.empty();
  private Map<String, String> meta = Map.of();
  private Optional<String> trace = Optional.empty();

  /// Sets the time that the caller still waits. It does not run down by itself.
  public synchronized TestFrom remaining(Duration remaining) {
    this.remaining = Optional.of(remaining);
    return this;
  }

  /// Makes this a call by another process.
  public synchronized TestFrom caller(Pid caller) {
    this.caller = Optional.of(caller);
    return this;
  }

  /// Sets what the caller sends along.
  public synchronized TestFrom meta(Map<String, String> meta) {
    this.meta = Map.copyOf(meta);
    return this;
  }

  /// Sets the trace that the call belongs to.
  public synchronized TestFrom trace(String traceparent) {
    this.trace = Optional.of(traceparent);
    return this;
  }

  /// Ends the caller's waiting, as a timeout, a cancel or a lost connection does.
  public synchronized void leave() {
    waiting = false;
  }

  /// Whether the caller got an answer.
  public synchronized boolean isAnswered() {
    return answered;
  }

  /// The answer that the caller got.
  ///
  /// @throws IllegalStateException if it got none
  public synchronized @Nullable Object answer() {
    if (!answered) {
      throw new IllegalStateException(
          waiting ? "the caller still waits for its answer" : "the caller left without an answer");
    }
    return answer;
  }

  @Override
  public synchronized boolean reply(@Nullable Object value) {
    if (!waiting) {
      return false;
    }
    waiting = false;
    answered = true;
    answer = value;
    return true;
  }

  @Override
  public synchronized boolean isWaiting() {
    return waiting;
  }

  @Override
  public synchronized Optional<Duration> remaining() {
    return remaining;
  }

  @Override
  public synchronized Optional<Pid> caller() {
    return caller;
  }

  @Override
  public synchronized Map<String, String> meta() {
    return meta;
  }

  @Override
  public synchronized Optional<String> trace() {
    return trace;
  }
}
