package dev.genserver.daemon.net;

import dev.genserver.daemon.request.OutsideCast;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.sdk.Pid;
import java.util.Optional;

/// A cast that came over a connection.
final class WireCast extends OutsideCast {

  private final Connection connection;
  private final int size;

  WireCast(Connection connection, ClientMessage.Cast request) {
    super(request.to(), request.msg(), request.meta(), request.trace());
    this.connection = connection;
    this.size = request.msg().bytes().length;
  }

  /// How many bytes came for it.
  int size() {
    return size;
  }

  @Override
  protected void left() {
    connection.backlog().remove(size);
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(connection.pid());
  }
}
