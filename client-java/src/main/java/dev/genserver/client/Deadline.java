package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of the time that a caller gave.
///
/// @param start when it began, by [System#nanoTime]
/// @param millis how long it is; [ClientMessage#INFINITY] for ever
record Deadline(long start, long millis) {

  // A client waits this much longer than the daemon, whose answer says more than giving up does.
  private static final long LENIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  /// @throws IllegalArgumentException if the timeout is not positive
  static Deadline after(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout " + timeout + " must be positive");
    }
    return new Deadline(System.nanoTime(), millis(timeout));
  }

  private static long millis(Duration timeout) {
    if (timeout.toSeconds() >= Long.MAX_VALUE / 1000) {
      return ClientMessage.INFINITY;
    }
    return Math.max(1, timeout.toMillis());
  }

  /// How much is left, in nanoseconds.
  long left() {
    // What is longer than 292 years is for ever as well.
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
  }

  /// How much is left to wait for the daemon, in nanoseconds.
  long leftForAnswer() {
    long left = left();
    return left > Long.MAX_VALUE - LENIENCE ? Long.MAX_VALUE : left + LENIENCE;
  }

  @Override
  public String toString() {
    return millis + " ms";
  }
}
