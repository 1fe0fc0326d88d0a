package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of the time that a caller gave.
///
/// @param start when it began, by [System#nanoTime]
/// @param nanos how long it is; [#NO_END] for ever
record Deadline(long start, long nanos) {

  private static final long NO_END = Long.MAX_VALUE;

  static final Deadline FOREVER = new Deadline(0, NO_END);

  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  // A client waits this much longer than the daemon, whose answer says more than giving up does.
  private static final long LENIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  // What is longer than 292 years is for ever as well.
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  /// @throws IllegalArgumentException if the timeout is not positive
  static Deadline after(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout " + timeout + " must be positive");
    }
    return new Deadline(
        System.nanoTime(), timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : NO_END);
  }

  /// This one, or that which ends so many nanoseconds after the start, whichever comes first.
  Deadline within(long most) {
    return most < nanos ? new Deadline(start, most) : this;
  }

  /// A part of what is left, of so many.
  Deadline share(int parts) {
    return parts == 1 ? this : new Deadline(System.nanoTime(), Math.max(1, left() / parts));
  }

  /// How much is left, in nanoseconds.
  long left() {
    return nanos == NO_END ? NO_END : nanos - (System.nanoTime() - start);
  }

  /// How much is left to tell the daemon, in milliseconds, rounded up; at least 0.
  long millisLeft() {
    long left = left();
    return left == NO_END
        ? ClientMessage.INFINITY
        : Math.max(0, left / NANOS_PER_MILLI + (left % NANOS_PER_MILLI > 0 ? 1 : 0));
  }

  /// How much is left to wait for the daemon, in nanoseconds.
  long leftForAnswer() {
    long left = left();
    return left > Long.MAX_VALUE - LENIENCE ? Long.MAX_VALUE : left + LENIENCE;
  }

  @Override
  public String toString() {
    return nanos / NANOS_PER_MILLI + " ms";
  }
}
