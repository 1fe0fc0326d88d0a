package dev.genserver.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// The restarts within the last period. For the supervisor's thread.
final class RestartWindow {

  private final int intensity;
  private final Duration period;
  private final Deque<Long> times = new ArrayDeque<>();

  RestartWindow(int intensity, Duration period) {
    this.intensity = intensity;
    this.period = period;
  }

  /// Counts one restart more. One that is exactly a period old still counts.
  ///
  /// @param now in the node's time
  /// @return false if that was one too many
  boolean add(long now) {
    for (Long first; (first = times.peekFirst()) != null && now - first > period.toNanos(); ) {
      times.removeFirst();
    }
    times.addLast(now);
    return times.size() <= intensity;
  }

  /// `2/3 in PT5S`.
  @Override
  public String toString() {
    return times.size() + "/" + intensity + " in " + period;
  }
}
