package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Right;
import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.metrics.Meter;
import dev.genserver.daemon.metrics.Op;
import dev.genserver.daemon.request.Failures;
import dev.genserver.protocol.BadRequestException;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a connection asks, in the order in which it was sent: finds the process and puts the
/// request into its mailbox, or answers what is wrong. For the connection's event loop alone.
final class Requests {

  private final Connection connection;
  private final Session session;
  private final WireSettings settings;
  private final Wiring wiring;
  private final OpenCalls calls;
  private final Monitors monitors;
  private final Meter meter;

  Requests(
      Connection connection,
      Session session,
      WireSettings settings,
      Wiring wiring,
      OpenCalls calls,
      Monitors monitors) {
    this.connection = connection;
    this.session = session;
    this.settings = settings;
    this.wiring = wiring;
    this.calls = calls;
    this.monitors = monitors;
    this.meter = wiring.meters().of(connection.channel().eventLoop());
  }

  /// Takes one message.
  void handle(byte[] bytes) {
    try {
      handle(ClientMessages.decode(bytes, 0, bytes.length));
    } catch (BadRequestException e) {
      connection.send(e.toAnswer());
    }
  }

  private void handle(ClientMessage message) {
    session.refresh();
    if (connection.isOver()) {
      return;
    }
    try {
      if (session.isOpen() || message instanceof ClientMessage.Hello) {
        dispatch(message);
      } else {
        session.refuseUnknown(message.id());
      }
    } catch (RuntimeException e) {
      refuse(message.id(), Failures.internal("request failed", Executed.MAYBE, e));
    }
  }

  private void dispatch(ClientMessage message) {
    switch (message) {
      case ClientMessage.Call call -> call(call);
      case ClientMessage.Cast cast -> cast(cast);
      case ClientMessage.Cancel(RequestId id) -> cancel(id);
      case ClientMessage.Ping(RequestId id) -> ping(id);
      case ClientMessage.Hello hello -> hello(hello);
      case ClientMessage.Monitor monitor -> monitor(monitor);
      case ClientMessage.Demonitor demonitor -> demonitor(demonitor);
    }
  }

  private void ping(@Nullable RequestId id) {
    meter.request(Op.PING);
    connection.send(new ServerMessage.Pong(id));
  }

  private void hello(ClientMessage.Hello hello) {
    meter.request(Op.HELLO);
    session.hello(hello);
  }

  private void call(ClientMessage.Call call) {
    meter.request(Op.CALL);
    var refusal = refusal(call);
    if (refusal != null) {
      refuse(call, refusal);
      return;
    }
    var found = wiring.gate().find(call.to());
    if (found.isEmpty()) {
      refuse(call, Failures.noProcess(call.to(), known(Right.CALL)));
      return;
    }
    var recipient = found.get();
    if (recipient.queued() >= recipient.maxQueue()) {
      refuse(call, Failures.mailboxFull(call.to(), recipient));
      return;
    }
    var trace =
        wiring.gate().trace(session, TraceContext.Op.CALL, call.to(), recipient, call.trace());
    var open =
        new WireCall(connection, call, recipient, trace, wiring.node().time(), timeout(call));
    calls.add(open);
    connection.backlog().add(open.size());
    recipient.deliver(open);
  }

  private @Nullable WireError refusal(ClientMessage.Call call) {
    var inUse = idInUse(call.id());
    if (inUse != null) {
      return inUse;
    }
    var forbidden = wiring.gate().refusal(session, Right.CALL, call.to());
    if (forbidden != null) {
      return forbidden;
    }
    if (connection.isDraining()) {
      return unavailable();
    }
    if (calls.size() >= settings.maxInFlight()) {
      return Answers.tooManyOpen(settings.maxInFlight());
    }
    if (call.timeoutMs() == ClientMessage.INFINITY && !settings.allowInfinity()) {
      return WireError.refused(
          ErrorCode.BAD_REQUEST,
          "timeout_ms \"infinity\" is not allowed here; say a time of at most %,d ms, or set call.allow-infinity"
              .formatted(settings.maxTimeout().toMillis()));
    }
    return null;
  }

  private @Nullable WireError idInUse(RequestId id) {
    return calls.find(id) == null
        ? null
        : WireError.refused(
            ErrorCode.BAD_REQUEST,
            "id %s is in use by an open call; choose another".formatted(id),
            Map.of("duplicate_id", true));
  }

  private long timeout(ClientMessage.Call call) {
    return call.timeoutMs() == ClientMessage.INFINITY
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(
            Math.min(call.timeoutMs(), settings.maxTimeout().toMillis()));
  }

  private void cast(ClientMessage.Cast cast) {
    meter.request(Op.CAST);
    var forbidden = wiring.gate().refusal(session, Right.CAST, cast.to());
    if (forbidden != null) {
      refuse(cast, forbidden);
      return;
    }
    if (connection.isDraining()) {
      refuse(cast, unavailable());
      return;
    }
    var found = wiring.gate().find(cast.to());
    if (found.isEmpty()) {
      if (cast.id() != null) {
        refuse(cast, Failures.noProcess(cast.to(), known(Right.CAST)));
      } else {
        traceRefusal(cast, ErrorCode.NOPROC);
      }
    } else if (cast.id() == null) {
      castSilently(cast, found.get());
    } else {
      castConfirmed(cast, cast.id(), found.get());
    }
  }

  /// Never refused: where the mailbox is full the sender is slowed down instead. What was read with
  /// it is still put in, which is at most what one read of the socket brings.
  private void castSilently(ClientMessage.Cast cast, Recipient recipient) {
    deliver(cast, recipient);
    if (recipient.queued() >= recipient.maxQueue()
        && connection.pause(Connection.Pause.MAILBOX_FULL)) {
      var loop = connection.channel().eventLoop();
      recipient.whenRoom(
          () -> loop.execute(() -> connection.resume(Connection.Pause.MAILBOX_FULL)));
    }
  }

  private void castConfirmed(ClientMessage.Cast cast, RequestId id, Recipient recipient) {
    var inUse = idInUse(id);
    if (inUse != null) {
      refuse(cast, inUse);
      return;
    }
    if (recipient.queued() >= recipient.maxQueue()) {
      refuse(cast, Failures.mailboxFull(cast.to(), recipient));
      return;
    }
    var msg = cast.msg();
    var problem =
        Binding.of(recipient.serverClass()).checkCast(msg.bytes(), msg.offset(), msg.length());
    if (problem.isPresent()) {
      refuse(cast, Failures.badMessage(cast.to(), problem.get()));
      return;
    }
    deliver(cast, recipient);
    connection.send(new ServerMessage.Ok(id, null));
  }

  private void deliver(ClientMessage.Cast request, Recipient recipient) {
    var trace =
        wiring
            .gate()
            .trace(session, TraceContext.Op.CAST, request.to(), recipient, request.trace());
    var cast = new WireCast(connection, request, trace);
    connection.backlog().add(cast.size());
    recipient.deliver(cast);
  }

  private void monitor(ClientMessage.Monitor monitor) {
    meter.request(Op.MONITOR);
    var refusal = idInUse(monitor.id());
    if (refusal == null) {
      refusal = wiring.gate().refusal(session, Right.MONITOR, monitor.to());
    }
    if (refusal == null && connection.isDraining()) {
      refusal = unavailable();
    }
    if (refusal == null) {
      monitors.add(monitor);
    } else {
      refuse(monitor.id(), refusal);
    }
  }

  private void demonitor(ClientMessage.Demonitor demonitor) {
    meter.request(Op.DEMONITOR);
    var refusal = idInUse(demonitor.id());
    if (refusal == null) {
      monitors.remove(demonitor);
    } else {
      refuse(demonitor.id(), refusal);
    }
  }

  private void cancel(RequestId id) {
    meter.request(Op.CANCEL);
    var call = calls.find(id);
    if (call != null) {
      call.cancel();
    }
  }

  private void refuse(ClientMessage.Call call, WireError error) {
    wiring
        .gate()
        .traceRefusal(session, TraceContext.Op.CALL, call.to(), call.trace(), error.code());
    refuse(call.id(), error);
  }

  private void refuse(ClientMessage.Cast cast, WireError error) {
    traceRefusal(cast, error.code());
    refuse(cast.id(), error);
  }

  private void traceRefusal(ClientMessage.Cast cast, ErrorCode code) {
    wiring.gate().traceRefusal(session, TraceContext.Op.CAST, cast.to(), cast.trace(), code);
  }

  private void refuse(@Nullable RequestId id, WireError error) {
    if (id != null) {
      connection.send(new ServerMessage.Failure(id, error));
    }
  }

  private List<String> known(Right right) {
    return wiring.gate().suggestions(session, right);
  }

  private static WireError unavailable() {
    return WireError.refused(
        ErrorCode.UNAVAILABLE, "the daemon is ending; connect again, or to another");
  }
}
