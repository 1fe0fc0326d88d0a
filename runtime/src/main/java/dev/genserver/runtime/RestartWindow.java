package dev.genserver.runtime;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// How many restarts there were within the last period.
///
/// @param times when they were, in the node's time
record RestartWindow(int intensity, Duration period, List<Long> times) {

  RestartWindow(int intensity, Duration period) {
    this(intensity, period, List.of());
  }

  /// The same with one restart more, and without those that are too old to count.
  RestartWindow restartedAt(long now) {
    var recent = times.stream().filter(time -> now - time <= period.toNanos());
    return new RestartWindow(
        intensity, period, Stream.concat(recent, LongStream.of(now).boxed()).toList());
  }

  int count() {
    return times.size();
  }

  boolean isExceeded() {
    return times.size() > intensity;
  }
}
