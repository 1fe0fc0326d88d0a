package dev.genserver.testkit;

import dev.genserver.runtime.TimeSource;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// A node's time that stands still until the test moves it. Thread-safe.
///
/// ```java
/// var time = new ManualTime();
/// try (var node = Node.create(1, time)) {
///   var pid = node.start(new Reminder(), StartOptions.none()).pidOrThrow();
///   node.cast(pid, new Reminder.Note("tea"));
///   await().until(() -> time.pendingTimers() == 1);
///
///   time.advance(Duration.ofMinutes(3));
///   assertThat(node.call(pid, "reminded of", String.class)).isEqualTo("tea");
/// }
/// ```
///
/// Processes run on threads of their own: before time is moved, wait until they have set their
/// timers. What a timer sends is in the mailbox when [#advance] returns, so a call made then comes
/// after it.
public final class ManualTime implements TimeSource {

  private final PriorityQueue<ManualTimer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(ManualTimer::at).thenComparingLong(ManualTimer::number));
  private long now;
  private long scheduled;

  /// Moves time on, stopping at each timer that is due on the way to run its task on this thread,
  /// in the order of their times.
  public void advance(Duration by) {
    var target = Math.addExact(nanoTime(), Timeouts.toNanos(by));
    for (var due = nextUntil(target); due != null; due = nextUntil(target)) {
      due.task.run();
    }
  }

  /// How many timers have neither run nor been cancelled. A call or stop that waits with a timeout
  /// has one.
  public synchronized int pendingTimers() {
    return timers.size();
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  /// A task without delay does not wait for [#advance]; it runs soon, on a thread of its own.
  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    if (delayNanos <= 0) {
      Thread.startVirtualThread(task);
      return () -> false;
    }
    return add(delayNanos, task);
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
