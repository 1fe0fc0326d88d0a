package dev.genserver.sdk;

import java.time.Duration;

/// The times that calls, starts and stops wait where none is said.
public final class Timeouts {

  /// What a call waits by default: 5 seconds, as in OTP.
  public static final Duration DEFAULT = Duration.ofSeconds(5);

  /// No limit.
  public static final Duration INFINITY = Duration.ofSeconds(Long.MAX_VALUE);

  private Timeouts() {}

  /// `timeout` in nanoseconds; `Long.MAX_VALUE` for [#INFINITY] and all that is too large to count.
  ///
  /// @throws IllegalArgumentException if it is negative
  public static long toNanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "timeout " + timeout + " is negative; use a time of zero or more, or Timeouts.INFINITY");
    }
    try {
      return timeout.toNanos();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }
}
