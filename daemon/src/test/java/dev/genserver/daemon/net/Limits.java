package dev.genserver.daemon.net;

import java.time.Duration;
import java.util.function.Consumer;

/// What the wire allows in a test: as by default, but for what the test changes.
final class Limits {

  int maxFrame = 1 << 20;
  Duration frameTimeout = Duration.ofSeconds(30);
  Duration loginTimeout = Duration.ofSeconds(5);
  int maxInFlight = 1024;
  int maxMonitors = 1024;
  Duration maxTimeout = Duration.ofHours(1);
  boolean allowInfinity;
  Duration idle = Duration.ofSeconds(90);
  int maxConnections = 10_000;
  int maxPerAddress = 10_000;
  int acceptRate = 1_000_000;
  long maxBacklog = 16 << 20;
  long maxAnswers = 64 << 20;
  long maxHeld = 256 << 20;
  int highWater = 1 << 20;
  Duration slowConsumerGrace = Duration.ofSeconds(10);

  private Limits() {}

  static WireSettings usual() {
    return of(limits -> {});
  }

  static WireSettings of(Consumer<Limits> change) {
    var limits = new Limits();
    change.accept(limits);
    return limits.settings();
  }

  private WireSettings settings() {
    return new WireSettings(
        maxFrame,
        frameTimeout,
        loginTimeout,
        maxInFlight,
        maxMonitors,
        maxTimeout,
        allowInfinity,
        idle,
        maxConnections,
        maxPerAddress,
        acceptRate,
        maxBacklog,
        maxAnswers,
        maxHeld,
        highWater,
        slowConsumerGrace);
  }
}
