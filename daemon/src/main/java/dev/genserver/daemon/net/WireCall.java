package dev.genserver.daemon.net;

import dev.genserver.daemon.request.OutsideCall;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RequestId;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TimeSource;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.Pid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that came over a connection and goes back there.
final class WireCall extends OutsideCall {

  private final Connection connection;
  private final RequestId id;
  private final int size;

  /// @param trace what goes on of that which the request brings
  WireCall(
      Connection connection,
      ClientMessage.Call request,
      Recipient recipient,
      @Nullable TraceContext trace,
      TimeSource time,
      long timeoutNanos) {
    super(
        request.to(),
        recipient,
        request.msg(),
        request.meta(),
        request.trace(),
        trace,
        time,
        timeoutNanos);
    this.connection = connection;
    this.id = request.id();
    this.size = request.msg().bytes().length;
  }

  RequestId id() {
    return id;
  }

  /// How many bytes came for it.
  int size() {
    return size;
  }

  @Override
  protected void answer(Outcome outcome) {
    connection.answer(this, outcome);
    connection.backlog().remove(size);
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(connection.pid());
  }
}
