package dev.genserver.testkit;

import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// How long a test waits in real time, at most, for what should take no time at all.
///
/// @param picture what to tell when it was not enough
record Patience(Duration limit, Supplier<String> picture) {

  private static final long LOOK_AGAIN_NANOS = 50_000;

  Patience {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("limit " + limit + " must be positive");
    }
  }

  /// @param what what is waited for, as in "waited 10 s for `what`"
  /// @throws AssertionError if it has not come to pass in time
  void await(String what, BooleanSupplier happened) {
    var start = System.nanoTime();
    while (!happened.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for " + what + picture.get());
      }
      if (System.nanoTime() - start >= Timeouts.toNanos(limit)) {
        throw new AssertionError(
            "waited %s for %s, in vain%s".formatted(Picture.text(limit), what, picture.get()));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
