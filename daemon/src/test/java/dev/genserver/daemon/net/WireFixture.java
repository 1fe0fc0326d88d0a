package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A node with a [Probe] called `probe`, served on a free port.
final class WireFixture implements AutoCloseable {

  final Node node = Node.create();
  final Probe probe = new Probe();
  final Pid pid;
  final AccessControl access;
  final WireServer server;

  private WireFixture(
      WireSettings settings,
      UnaryOperator<StartOptions> options,
      AccessControl access,
      @Nullable Tls tls) {
    this.access = access;
    try {
      pid = node.start(probe, options.apply(StartOptions.named("probe"))).pidOrThrow();
      server =
          WireServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              settings,
              node,
              "genserverd test",
              "1",
              new Gate(node, access),
              tls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WireFixture start() {
    return start(Limits.usual());
  }

  static WireFixture start(WireSettings settings) {
    return start(settings, Access.OPEN, null);
  }

  static WireFixture start(UnaryOperator<StartOptions> options) {
    return start(Limits.usual(), options);
  }

  static WireFixture start(WireSettings settings, UnaryOperator<StartOptions> options) {
    return new WireFixture(settings, options, new AccessControl(Access.OPEN), null);
  }

  /// @param tls null for plain TCP
  static WireFixture start(WireSettings settings, Access access, @Nullable Tls tls) {
    return new WireFixture(settings, options -> options, new AccessControl(access), tls);
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
