package dev.genserver.daemon.http;

import dev.genserver.daemon.access.Right;
import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.metrics.Op;
import dev.genserver.daemon.request.CallAnswer;
import dev.genserver.daemon.request.Failures;
import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.ExitReason;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Calls and casts over HTTP. They mean what they mean on the wire. Thread-safe; blocks.
public final class Calls {

  private final Gate gate;
  private final Node node;
  private final Callers callers;
  private final CallLimits limits;

  /// Brings requests to the processes of a node.
  ///
  /// @param callers gets to know who asks
  public Calls(Gate gate, Node node, Callers callers, CallLimits limits) {
    this.gate = gate;
    this.node = node;
    this.callers = callers;
    this.limits = limits;
  }

  /// Waits for the reply. A client that hangs up cancels its call.
  Answer call(Visit visit) {
    return send(
        visit,
        Right.CALL,
        Op.CALL,
        (message, recipient) -> {
          var timeout = TimeLimit.nanos(visit.head().query(), limits);
          var call =
              new HttpCall(
                  message,
                  recipient,
                  trace(visit, TraceContext.Op.CALL, message, recipient),
                  visit.guest(),
                  node,
                  callers,
                  left(timeout, visit.request()),
                  limits.maxResult());
          recipient.deliver(call);
          visit.request().whenGone(call::cancel);
          var answer = call.await();
          gate.meters().answered(call.age().toNanos());
          return switch (answer) {
            case CallAnswer.Reply(RawJson result) -> Answer.json(Status.OK, result);
            case CallAnswer.Failure(WireError error) -> failure(error);
          };
        });
  }

  /// The time counts from when the request was read, and it may have waited for a thread.
  private static long left(long timeout, Request request) {
    return timeout == Long.MAX_VALUE
        ? timeout
        : timeout - (System.nanoTime() - request.arrivedNanos());
  }

  /// Answers when the message is in the mailbox.
  Answer cast(Visit visit) {
    return send(
        visit,
        Right.CAST,
        Op.CAST,
        (message, recipient) -> {
          if (!visit.head().query().isEmpty()) {
            throw Message.bad("a cast takes no query, as nobody waits for it");
          }
          var msg = message.msg();
          var problem =
              Binding.of(recipient.serverClass())
                  .checkCast(msg.bytes(), msg.offset(), msg.length());
          if (problem.isPresent()) {
            return refusal(
                visit, Op.CAST, message, Failures.badMessage(message.to(), problem.get()));
          }
          var caller = new HttpCaller(visit.guest(), node, callers, _ -> {});
          recipient.deliver(
              new HttpCast(
                  message, trace(visit, TraceContext.Op.CAST, message, recipient), caller));
          caller.end(ExitReason.NORMAL);
          return Answer.empty(Status.ACCEPTED);
        });
  }

  private Answer send(
      Visit visit, Right right, Op op, BiFunction<Message, Recipient, Answer> sending) {
    gate.meters().request(op);
    try {
      var message = Message.of(visit);
      var to = message.to();
      var forbidden = gate.refusal(visit.guest(), right, to);
      if (forbidden != null) {
        return refusal(visit, op, message, forbidden);
      }
      var found = gate.find(to);
      if (found.isEmpty()) {
        return refusal(
            visit, op, message, Failures.noProcess(to, gate.suggestions(visit.guest(), right)));
      }
      var recipient = found.get();
      return recipient.queued() >= recipient.maxQueue()
          ? refusal(visit, op, message, Failures.mailboxFull(to, recipient))
          : sending.apply(message, recipient);
    } catch (ProtocolException e) {
      return failure(e.error());
    }
  }

  private @Nullable TraceContext trace(
      Visit visit, TraceContext.Op op, Message message, Recipient recipient) {
    return gate.trace(visit.guest(), op, message.to(), recipient, message.trace());
  }

  private Answer refusal(Visit visit, Op op, Message message, WireError error) {
    var traced = op == Op.CALL ? TraceContext.Op.CALL : TraceContext.Op.CAST;
    gate.traceRefusal(visit.guest(), traced, message.to(), message.trace(), error.code());
    return failure(error);
  }

  private Answer failure(WireError error) {
    gate.meters().error(error.code());
    return Answer.failure(error);
  }
}
