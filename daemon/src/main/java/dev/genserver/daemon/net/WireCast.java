package dev.genserver.daemon.net;

import dev.genserver.daemon.request.OutsideCast;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.Pid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cast that came over a connection.
final class WireCast extends OutsideCast {

  private final Connection connection;
  private final int size;

  /// @param trace what goes on of that which the request brings
  WireCast(Connection connection, ClientMessage.Cast request, @Nullable TraceContext trace) {
    super(request.to(), request.msg(), request.meta(), request.trace(), trace);
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
