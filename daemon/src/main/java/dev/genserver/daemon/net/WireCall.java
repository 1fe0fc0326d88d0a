package dev.genserver.daemon.net;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.runtime.ExternalCall;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Phase;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TimeSource;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that came over a connection and goes back there.
final class WireCall extends ExternalCall {

  private final Connection connection;
  private final RequestId id;
  private final String to;
  private final Map<String, String> meta;
  private final @Nullable String trace;
  private final Recipient recipient;
  private final int size;
  // Null once the call has ended in the mailbox: it may lie there for long, and needs no message.
  private @Nullable RawJson msg;

  WireCall(
      Connection connection,
      ClientMessage.Call request,
      Recipient recipient,
      TimeSource time,
      long timeoutNanos) {
    super(time, timeoutNanos);
    this.connection = connection;
    this.id = request.id();
    this.to = request.to();
    this.meta = request.meta();
    this.trace = request.trace();
    this.msg = request.msg();
    this.size = request.msg().bytes().length;
    this.recipient = recipient;
  }

  RequestId id() {
    return id;
  }

  String to() {
    return to;
  }

  Recipient recipient() {
    return recipient;
  }

  @Override
  protected Object decode(GenServer<?, ?, ?> server) {
    var msg = Objects.requireNonNull(this.msg);
    return Binding.of(server.getClass()).decodeCall(msg.bytes(), msg.offset(), msg.length());
  }

  @Override
  protected void finished(Outcome outcome) {
    connection.answer(this, outcome);
    if (isQueued(outcome)) {
      msg = null;
    }
    connection.backlog().remove(size);
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(connection.pid());
  }

  @Override
  public Map<String, String> meta() {
    return meta;
  }

  @Override
  public Optional<String> trace() {
    return Optional.ofNullable(trace);
  }

  private static boolean isQueued(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Expired(Phase phase) -> phase == Phase.QUEUED;
      case Outcome.Cancelled(Phase phase) -> phase == Phase.QUEUED;
      case Outcome.Replied _, Outcome.Exited _, Outcome.Undecodable _ -> false;
    };
  }

  /// How many bytes came for it.
  int size() {
    return size;
  }

  /// The message as it came; nothing if the call has ended before its turn.
  @Override
  public String toString() {
    var msg = this.msg;
    return msg == null ? "" : msg.toString();
  }
}
