package dev.genserver.sdk;

import java.time.Duration;

/// How a supervisor ends a child.
///
/// @otp supervisor:shutdown()
public sealed interface Shutdown {

  /// Kills it at once; its `terminate` does not run.
  record BrutalKill() implements Shutdown {}

  /// Sends it `shutdown`, and kills it if it has not ended after `timeout`.
  record After(Duration timeout) implements Shutdown {}

  /// Kills the child at once.
  static Shutdown brutalKill() {
    return new BrutalKill();
  }

  /// Gives the child so much time to end.
  static Shutdown after(Duration timeout) {
    return new After(timeout);
  }

  /// Waits for the child as long as it takes.
  static Shutdown infinity() {
    return new After(Timeouts.INFINITY);
  }
}
