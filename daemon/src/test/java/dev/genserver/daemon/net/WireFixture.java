package dev.genserver.daemon.net;

import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// A node with a [Probe] called `probe`, served on a free port.
final class WireFixture implements AutoCloseable {

  static final WireSettings DEFAULTS =
      new WireSettings(
          1 << 20,
          1024,
          1024,
          Duration.ofHours(1),
          false,
          Duration.ofSeconds(90),
          10_000,
          1 << 20,
          Duration.ofSeconds(10));

  final Node node = Node.create();
  final Probe probe = new Probe();
  final Pid pid;
  final WireServer server;

  private WireFixture(WireSettings settings, UnaryOperator<StartOptions> options) {
    try {
      pid = node.start(probe, options.apply(StartOptions.named("probe"))).pidOrThrow();
      server =
          WireServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              settings,
              node,
              "genserverd test",
              "1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WireFixture start() {
    return start(DEFAULTS);
  }

  static WireFixture start(WireSettings settings) {
    return new WireFixture(settings, options -> options);
  }

  static WireFixture start(UnaryOperator<StartOptions> options) {
    return new WireFixture(DEFAULTS, options);
  }

  Peer peer() {
    return new Peer(server.address());
  }

  /// Waits until the probe is in a callback that waits at its gate.
  void awaitGate() throws InterruptedException {
    if (!probe.atGate.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the probe did not reach its gate");
    }
  }

  @Override
  public void close() {
    probe.gate.release(1_000_000);
    server.close();
    node.close();
  }
}
