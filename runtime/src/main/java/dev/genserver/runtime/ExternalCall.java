package dev.genserver.runtime;

import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call from outside the node, with a deadline: once that has passed it is never started.
///
/// The subclass decodes the request and carries the outcome away. Its owner watches the clock and
/// calls [#expire]; the process looks at the deadline too, when the call's turn comes, and does not
/// start what has waited for long and cannot be done in what is left.
public abstract non-sealed class ExternalCall extends Call implements From {

  private final TimeSource time;
  private final long received;
  private final long timeoutNanos;
  private volatile long started;

  /// Starts the clock.
  ///
  /// @param timeoutNanos how long the caller waits from now; `Long.MAX_VALUE` for ever
  protected ExternalCall(TimeSource time, long timeoutNanos) {
    this.time = time;
    this.received = time.nanoTime();
    this.timeoutNanos = timeoutNanos;
  }

  /// Makes the request of what came in. Runs on the process's thread, within the process.
  ///
  /// @throws RuntimeException if that is impossible; the outcome is [Outcome.Undecodable]
  protected abstract Object decode(GenServer<?, ?, ?> server);

  /// Takes the outcome. Invoked once, on any thread; must not block.
  protected abstract void finished(Outcome outcome);

  /// Ends the call as expired, unless it is done.
  public final void expire() {
    var phase = finish();
    if (phase != null) {
      finished(new Outcome.Expired(phase));
    }
  }

  /// Ends the call as cancelled, unless it is done.
  public final void cancel() {
    var phase = finish();
    if (phase != null) {
      finished(new Outcome.Cancelled(phase));
    }
  }

  /// Nanoseconds until the deadline, negative after it; `Long.MAX_VALUE` if there is none.
  public final long remainingNanos() {
    return timeoutNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : timeoutNanos - (time.nanoTime() - received);
  }

  /// Since when its callback is at work.
  ///
  /// @return the time; zero if it was not started
  public final Duration running() {
    var since = started;
    return since == 0 ? Duration.ZERO : Duration.ofNanos(time.nanoTime() - since);
  }

  /// How long ago it was received.
  public final Duration age() {
    return Duration.ofNanos(time.nanoTime() - received);
  }

  /// How long ago it was received, in nanoseconds.
  ///
  /// @param now the node's time
  public final long ageNanos(long now) {
    return now - received;
  }

  /// The trace that the request belongs to, which goes along with what is sent while it is served:
  /// that of [#trace], if it is valid. Asked for each time that something is sent.
  ///
  /// @return null for none
  @Override
  public @Nullable TraceContext traceContext() {
    return TraceContext.of(trace().orElse(null));
  }

  @Override
  final boolean begin(long now, long needed) {
    if (timeoutNanos != Long.MAX_VALUE && comesTooLate(now - received, needed)) {
      expire();
      return false;
    }
    started = now == 0 ? 1 : now;
    return super.begin(now, needed);
  }

  /// Whether the time is up, or will be before the process can be done with it. The latter is
  /// looked at only where most of the time was spent in the mailbox: under overload a process would
  /// else come to each call when it is almost over, and work for callers that have just left.
  private boolean comesTooLate(long waited, long needed) {
    return waited >= timeoutNanos || (waited > timeoutNanos / 2 && timeoutNanos - waited < needed);
  }

  @Override
  final Object request(GenServer<?, ?, ?> server) {
    return decode(server);
  }

  @Override
  final void settled(Outcome outcome) {
    finished(outcome);
  }

  @Override
  public final Optional<Duration> remaining() {
    var nanos = remainingNanos();
    return nanos == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, nanos)));
  }

  /// Where the call is; null if it is done.
  public final @Nullable Phase currentPhase() {
    return phase();
  }
}
