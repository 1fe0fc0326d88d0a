package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.TimerRef;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message that is delivered again and again, until it is cancelled or its receiver ends.
///
/// The times are multiples of the interval from the start, so that delays do not add up. What has
/// become due is delivered even if it is late, but not beyond the receiver's bound. Delivered under
/// the lock, so that nothing comes once a cancel has returned.
final class IntervalTimer implements TimerRef, Watcher {

  private final LocalProcess receiver;
  private final InfoMessage message;
  private final long interval;
  private final MonitorRef ref;
  private long due;
  private TimeSource.@Nullable Timer timer; // null once it is over

  private IntervalTimer(LocalProcess receiver, Object message, long interval) {
    this.receiver = receiver;
    this.message = new InfoMessage.Message(message);
    this.interval = interval;
    this.ref = receiver.node.nextMonitorRef();
    this.due = time().nanoTime();
  }

  /// Starts the clock.
  ///
  /// @param owner of the plugin that starts it
  static IntervalTimer start(
      Node node, ServerRef server, Object message, Duration interval, ClassLoader owner) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("interval " + interval + " must be positive");
    }
    var receiver = node.table.find(server);
    if (receiver == null) {
      throw new IllegalArgumentException(
          "cannot send to " + server + " again and again: no such process");
    }
    var timer = new IntervalTimer(receiver, message, Timeouts.toNanos(interval));
    timer.schedule(1);
    node.timers.add(timer, owner, receiver);
    if (!receiver.watch(timer.ref, timer)) {
      timer.cancel();
    }
    return timer;
  }

  private synchronized void fire() {
    if (timer == null) {
      return;
    }
    var times = (time().nanoTime() - due) / interval + 1;
    for (var sent = 0L; sent < times && receiver.hasRoom(); sent++) {
      receiver.deliver(message);
    }
    schedule(times);
  }

  private synchronized void schedule(long times) {
    due += times * interval;
    timer = time().schedule(Math.max(0, due - time().nanoTime()), this::fire);
  }

  @Override
  public void ended(LocalProcess process, ExitReason reason) {
    cancel();
  }

  @Override
  public Optional<Duration> cancel() {
    receiver.unwatch(ref);
    receiver.node.timers.remove(this);
    synchronized (this) {
      var left = remaining();
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
      return left;
    }
  }

  @Override
  public synchronized Optional<Duration> remaining() {
    return timer == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, due - time().nanoTime())));
  }

  private TimeSource time() {
    return receiver.node.time();
  }
}
