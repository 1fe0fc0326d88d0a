package dev.genserver.sdk;

import java.time.Duration;

/// How many restarts a supervisor allows where none is said, and what may be said.
final class Restarts {

  static final int INTENSITY = 3;
  static final Duration PERIOD = Duration.ofSeconds(5);

  private Restarts() {}

  static void check(int intensity, Duration period) {
    if (intensity < 0) {
      throw new IllegalArgumentException("intensity " + intensity + " must be 0 or more");
    }
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period " + period + " must be positive");
    }
  }
}
