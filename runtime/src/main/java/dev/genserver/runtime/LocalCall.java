package dev.genserver.runtime;

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
  private final TimeSource time;
  private final long start;
  private final long timeoutNanos;
  private final Thread waiting = Thread.currentThread();
  private volatile @Nullable Outcome outcome;
  private volatile boolean abandoned;

  LocalCall(
      LocalProcess target,
      Object request,
      @Nullable LocalProcess caller,
      TimeSource time,
      long timeoutNanos) {
    this.target = target;
    this.request = request;
    this.caller = caller;
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
      if (phase() == Phase.WAITING) {
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
    LockSupport.unpark(waiting);
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
}
