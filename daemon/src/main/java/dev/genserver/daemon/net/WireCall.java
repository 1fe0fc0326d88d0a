package dev.genserver.daemon.net;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RequestId;
import dev.genserver.runtime.ExternalCall;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TimeSource;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;

/// A call that came over a connection and goes back there.
final class WireCall extends ExternalCall {

  private final Connection connection;
  private final ClientMessage.Call request;
  private final Recipient recipient;

  WireCall(
      Connection connection,
      ClientMessage.Call request,
      Recipient recipient,
      TimeSource time,
      long timeoutNanos) {
    super(time, timeoutNanos);
    this.connection = connection;
    this.request = request;
    this.recipient = recipient;
  }

  RequestId id() {
    return request.id();
  }

  String to() {
    return request.to();
  }

  Recipient recipient() {
    return recipient;
  }

  @Override
  protected Object decode(GenServer<?, ?, ?> server) {
    var msg = request.msg();
    return Binding.of(server.getClass()).decodeCall(msg.bytes(), msg.offset(), msg.length());
  }

  @Override
  protected void finished(Outcome outcome) {
    connection.answer(this, outcome);
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
