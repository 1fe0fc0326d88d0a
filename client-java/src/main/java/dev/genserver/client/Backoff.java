package dev.genserver.client;

import java.time.Duration;

/// How long to wait between attempts: a random time from nothing up to a bound, which is `min`
/// after the first attempt, doubles with each, and ends at `max`. So many clients that lost one
/// daemon do not come back all at once.
///
/// @param min the first bound; positive
/// @param max the last bound; at least `min`
public record Backoff(Duration min, Duration max) {

  private static final int MAX_DOUBLINGS = 40;

  public Backoff {
    if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
      throw new IllegalArgumentException(
          "backoff from " + min + " to " + max + " must be positive and not decrease");
    }
  }

  /// The wait after the given number of failed attempts, in nanoseconds.
  ///
  /// @param failures from 1
  /// @param random from 0 up to 1
  long nanos(int failures, double random) {
    double doubled = Math.scalb((double) nanos(min), Math.min(failures - 1, MAX_DOUBLINGS));
    return (long) (Math.min(doubled, (double) nanos(max)) * random);
  }

  long maxNanos() {
    return nanos(max);
  }

  private static long nanos(Duration time) {
    return time.toDays() > 365 ? Duration.ofDays(365).toNanos() : time.toNanos();
  }
}
