package dev.genserver.daemon.net;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.runtime.ExternalCast;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/// A cast that came over a connection.
record WireCast(Connection connection, ClientMessage.Cast request) implements ExternalCast {

  private static final System.Logger LOG = System.getLogger(WireCast.class.getName());

  @Override
  public Object decode(GenServer<?, ?, ?> server) {
    connection.backlog().remove(size());
    var msg = request.msg();
    return Binding.of(server.getClass()).decodeCast(msg.bytes(), msg.offset(), msg.length());
  }

  /// How many bytes came for it.
  int size() {
    return request.msg().bytes().length;
  }

  @Override
  public void dropped() {
    connection.backlog().remove(size());
  }

  @Override
  public void undecodable(RuntimeException cause) {
    LOG.log(Level.DEBUG, "cast dropped to={0} reason={1}", request.to(), cause.getMessage());
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(connection.pid());
  }

  @Override
  public Map<String, String> meta() {
    return request.meta();
  }

  @Override
  public Optional<String> trace() {
    return Optional.ofNullable(request.trace());
  }

  /// The message as it came.
  @Override
  public String toString() {
    return request.msg().toString();
  }
}
