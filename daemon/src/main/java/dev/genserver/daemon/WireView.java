package dev.genserver.daemon;

import dev.genserver.daemon.admin.Wire;
import dev.genserver.daemon.http.Callers;
import dev.genserver.daemon.net.ConnectionInfo;
import dev.genserver.daemon.net.WireServer;
import dev.genserver.sdk.Pid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The wire, and who asks over HTTP, as administration sees them. Nobody is connected before
/// [#opened].
final class WireView implements Wire {

  private final AtomicReference<WireServer> server = new AtomicReference<>();
  private final Callers callers;

  /// @param callers who asks over HTTP
  WireView(Callers callers) {
    this.callers = callers;
  }

  void opened(WireServer wire) {
    server.set(wire);
  }

  private Optional<WireServer> wire() {
    return Optional.ofNullable(server.get());
  }

  @Override
  public List<Connected> connections() {
    return wire().stream()
        .flatMap(each -> each.connections().stream())
        .map(WireView::shown)
        .toList();
  }

  @Override
  public boolean close(long id) {
    return wire().map(each -> each.close(id)).orElse(false);
  }

  @Override
  public Optional<Client> of(Pid peer) {
    return wire()
        .flatMap(each -> each.of(peer))
        .map(info -> new Client(info.peer(), info.principal()))
        .or(() -> callers.of(peer).map(known -> new Client(known.peer(), known.principal())));
  }

  @Override
  public Map<String, Long> counters() {
    return wire().map(WireServer::counters).orElse(Map.of());
  }

  private static Connected shown(ConnectionInfo info) {
    return new Connected(
        info.id(), info.peer(), info.principal(), info.tls(), info.age(), info.openCalls());
  }
}
