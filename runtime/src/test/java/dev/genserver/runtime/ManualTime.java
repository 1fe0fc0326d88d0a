package dev.genserver.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// A time that stands still until a test moves it.
final class ManualTime implements TimeSource {

  private record Task(long due, long number, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
  private long now;
  private long count;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized Timer schedule(long delayNanos, Runnable action) {
    var task = new Task(now + delayNanos, count++, action);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized boolean cancel(Task task) {
    return tasks.remove(task);
  }

  /// How many tasks wait for their time.
  synchronized int waiting() {
    return tasks.size();
  }

  /// Moves on and runs what has become due.
  void advance(Duration by) {
    due(by).forEach(task -> task.action.run());
  }

  private synchronized List<Task> due(Duration by) {
    now += by.toNanos();
    var due = new ArrayList<Task>();
    while (!tasks.isEmpty() && tasks.peek().due <= now) {
      due.add(tasks.poll());
    }
    return due;
  }
}
