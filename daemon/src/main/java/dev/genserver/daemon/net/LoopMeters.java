package dev.genserver.daemon.net;

import dev.genserver.daemon.metrics.Meter;
import dev.genserver.daemon.metrics.Meters;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What each event loop of a server counts into. Thread-safe.
final class LoopMeters {

  private final Meters meters;
  private final Map<EventLoop, Meter> byLoop = new ConcurrentHashMap<>();

  LoopMeters(Meters meters) {
    this.meters = meters;
  }

  /// The meter of that event loop, for the event loop alone.
  Meter of(EventLoop loop) {
    return byLoop.computeIfAbsent(loop, _ -> meters.newMeter());
  }
}
