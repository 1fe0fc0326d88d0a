package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A call from a thread of this JVM, which is parked until the outcome is there.
///
/// Its timeout is the caller's alone: a call that was given up is carried out all the same, as in
/// OTP.
sealed class LocalCall extends Call implements Wait permits SystemCall {

  private final LocalProcess target;
  private final Object request;
  private final @Nullable LocalProcess caller;
  private final @Nullable TraceContext trace;
  private final TimeSource time;
  private final long start;
  private final long timeoutNanos;
  private final Thread waiting = Thread.currentThread();
  private volatile @Nullable Outcome outcome;
  private volatile boolean abandoned;

  /// @param trace what the request has of the trace that its caller is in
  LocalCall(
      LocalProcess target,
      Object request,
      @Nullable LocalProcess caller,
      @Nullable TraceContext trace,
      TimeSource time,
      long timeoutNanos) {
    this.target = target;
    this.request = request;
    this.caller = caller;
    this.trace = trace;
    this.time = time;
    this.start = time.nanoTime();
    this.timeoutNanos = timeoutNanos;
  }

  /// Sends the request and waits for the outcome; null if it did not come in time, or the thread
  /// was interrupted.
  final @Nullable Outcome await() {
    send();
    var settled = Waiting.until(this::isOver, time, timeoutNanos);
    if (!settled) {
      abandoned = true;
      var phase = phase();
      if (trace != null && phase != null) {
        trace.failed(Node.unanswered(), phase);
      }
      if (phase == Phase.WAITING) {
        finish();
      }
    }
    return outcome;
  }

  void send() {
    target.deliver(this);
  }

  // What the caller waits for.

  @Override
  public final LocalProcess target() {
    return target;
  }

  @Override
  public final String what() {
    return "call " + request;
  }

  @Override
  public final long since() {
    return start;
  }

  @Override
  public final boolean isBinding() {
    var phase = phase();
    return phase == Phase.QUEUED || phase == Phase.RUNNING;
  }

  @Override
  public final boolean isOver() {
    return outcome != null;
  }

  // What the called process sees.

  final Object message() {
    return request;
  }

  final @Nullable LocalProcess callingProcess() {
    return caller;
  }

  @Override
  @SuppressWarnings("NullAway") // only null becomes null
  final Object request(GenServer<?, ?, ?> server) {
    return target.node.translated(request, server.getClass().getClassLoader());
  }

  @Override
  final void settled(Outcome outcome) {
    this.outcome = outcome;
    if (trace != null) {
      tell(trace, outcome);
    }
    LockSupport.unpark(waiting);
  }

  private static void tell(TraceContext trace, Outcome outcome) {
    if (outcome instanceof Outcome.Exited(_, ExitReason reason, Phase phase)) {
      trace.failed(reason, phase);
    } else {
      trace.done();
    }
  }

  @Override
  public final boolean isWaiting() {
    return !abandoned && super.isWaiting();
  }

  @Override
  public final Optional<Duration> remaining() {
    return timeoutNanos == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, timeoutNanos - (time.nanoTime() - start))));
  }

  @Override
  public final Optional<Pid> caller() {
    return caller == null ? Optional.empty() : Optional.of(caller.pid());
  }

  @Override
  public final Map<String, String> meta() {
    return Map.of();
  }

  @Override
  public final Optional<String> trace() {
    return Optional.ofNullable(trace).map(TraceContext::received);
  }

  @Override
  public final @Nullable TraceContext traceContext() {
    return trace;
  }
}
