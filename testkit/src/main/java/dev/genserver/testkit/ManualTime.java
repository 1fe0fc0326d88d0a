package dev.genserver.testkit;

import dev.genserver.runtime.TimeSource;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A node's time that stands still until the test moves it; a [TestNode] has one. Thread-safe.
///
/// With a node of your own, processes run on as they like while time is moved: wait first until
/// they have set their timers. What a timer sends is in the mailbox when [#advance] returns.
public final class ManualTime implements TimeSource {

  private final PriorityQueue<ManualTimer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(ManualTimer::at).thenComparingLong(ManualTimer::number));
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private long now;
  private long scheduled;

  /// Moves time on, stopping at each timer that is due on the way to run its task on this thread,
  /// in the order of their times.
  public void advance(Duration by) {
    var target = Math.addExact(nanoTime(), Timeouts.toNanos(by));
    while (runNextUntil(target)) {}
  }

  /// Moves time on to the next timer and runs its task, or to `target` if none is due before.
  ///
  /// @return whether there was one
  boolean runNextUntil(long target) {
    var due = nextUntil(target);
    if (due == null) {
      return false;
    }
    due.task.run();
    return true;
  }

  /// How many timers have neither run nor been cancelled. A call or stop that waits with a timeout
  /// has one.
  public synchronized int pendingTimers() {
    return timers.size();
  }

  /// How long it is until the next timer is due.
  synchronized Optional<Duration> untilNext() {
    return Optional.ofNullable(timers.peek()).map(timer -> Duration.ofNanos(timer.at - now));
  }

  /// How many tasks without a delay have begun; empty if one of them still runs.
  OptionalLong begunIfAllDone() {
    var count = begun.get();
    return done.get() == count ? OptionalLong.of(count) : OptionalLong.empty();
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  /// A task without delay does not wait for [#advance]; it runs soon, on a thread of its own.
  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    if (delayNanos <= 0) {
      begun.incrementAndGet();
      Thread.startVirtualThread(() -> runNow(task));
      return () -> false;
    }
    return add(delayNanos, task);
  }

  private void runNow(Runnable task) {
    try {
      task.run();
    } finally {
      done.incrementAndGet();
    }
  }

  private synchronized Timer add(long delayNanos, Runnable task) {
    var at = delayNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delayNanos;
    var timer = new ManualTimer(at, scheduled++, task);
    timers.add(timer);
    return timer;
  }

  private synchronized @Nullable ManualTimer nextUntil(long target) {
    var first = timers.peek();
    if (first == null || first.at > target) {
      now = Math.max(now, target);
      return null;
    }
    now = Math.max(now, first.at);
    return timers.poll();
  }

  private synchronized boolean remove(ManualTimer timer) {
    return timers.remove(timer);
  }

  private final class ManualTimer implements Timer {

    private final long at;
    private final long number;
    private final Runnable task;

    ManualTimer(long at, long number, Runnable task) {
      this.at = at;
      this.number = number;
      this.task = task;
    }

    long at() {
      return at;
    }

    long number() {
      return number;
    }

    @Override
    public boolean cancel() {
      return remove(this);
    }
  }
}
