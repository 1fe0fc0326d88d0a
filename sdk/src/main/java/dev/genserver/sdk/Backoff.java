package dev.genserver.sdk;

import java.time.Duration;

/// How long a child waits before its supervisor starts it again. OTP knows no such wait, and so
/// there is none by default.
///
/// The wait begins with `initial` and doubles with each restart, up to `max`. It begins anew once
/// the child has run for as long as `max`.
///
/// @param initial the first wait; zero for none
/// @param max the longest wait
public record Backoff(Duration initial, Duration max) {

  /// No wait.
  public static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO);

  public Backoff {
    if (initial.isNegative() || max.compareTo(initial) < 0 || initial.isZero() != max.isZero()) {
      throw new IllegalArgumentException(
          "backoff from "
              + initial
              + " to "
              + max
              + " is impossible; let it begin with more than zero, and end with no less than that");
    }
  }

  /// A wait that doubles from `initial` to `max`.
  public static Backoff exponential(Duration initial, Duration max) {
    return new Backoff(initial, max);
  }

  /// A wait that is always the same.
  public static Backoff constant(Duration wait) {
    return new Backoff(wait, wait);
  }

  /// The wait before the next restart of a child that was restarted `restarts` times in a row.
  public Duration after(int restarts) {
    var wait = initial;
    for (var i = 0; i < restarts && wait.compareTo(max) < 0; i++) {
      wait = wait.plus(wait);
    }
    return wait.compareTo(max) < 0 ? wait : max;
  }
}
