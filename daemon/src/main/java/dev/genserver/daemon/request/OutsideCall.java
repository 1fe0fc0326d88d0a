package dev.genserver.daemon.request;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.trace.RecordedRequest;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.ExternalCall;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Phase;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TimeSource;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.GenServer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call whose message came as JSON. How its answer goes back is up to the subclass.
public abstract class OutsideCall extends ExternalCall {

  private final String to;
  private final Recipient recipient;
  private final Map<String, String> meta;
  private final @Nullable String trace;
  private final @Nullable TraceContext traceContext;
  // Null once the call has ended in the mailbox: it may lie there for long, and needs no message.
  private @Nullable RawJson msg;

  /// Starts the clock.
  ///
  /// @param to whom the caller has asked for: a name or a pid
  /// @param recipient who that is
  /// @param trace a W3C traceparent, as the caller sent it
  /// @param traceContext what goes on of it
  /// @param timeoutNanos how long the caller waits from now; `Long.MAX_VALUE` for ever
  protected OutsideCall(
      String to,
      Recipient recipient,
      RawJson msg,
      Map<String, String> meta,
      @Nullable String trace,
      @Nullable TraceContext traceContext,
      TimeSource time,
      long timeoutNanos) {
    super(time, timeoutNanos);
    this.to = to;
    this.recipient = recipient;
    this.msg = msg;
    this.meta = meta;
    this.trace = trace;
    this.traceContext = traceContext;
  }

  public final String to() {
    return to;
  }

  public final Recipient recipient() {
    return recipient;
  }

  @Override
  protected final Object decode(GenServer<?, ?, ?> server) {
    var msg = Objects.requireNonNull(this.msg);
    return Binding.of(server.getClass()).decodeCall(msg.bytes(), msg.offset(), msg.length());
  }

  /// Carries the outcome away; the rest is as with [#finished].
  protected abstract void answer(Outcome outcome);

  @Override
  protected final void finished(Outcome outcome) {
    answer(outcome);
    traceEnd(outcome);
    if (isQueued(outcome)) {
      msg = null;
    }
  }

  /// It is answered thus.
  final void traceAnswer(CallAnswer answer) {
    if (traceContext instanceof RecordedRequest recorded) {
      switch (answer) {
        case CallAnswer.Reply _ -> recorded.done();
        case CallAnswer.Failure(WireError error) -> recorded.failed(error.code(), error.executed());
      }
    }
  }

  /// It is over; nobody may have wanted the answer any more.
  private void traceEnd(Outcome outcome) {
    if (traceContext instanceof RecordedRequest recorded) {
      if (outcome instanceof Outcome.Replied) {
        recorded.done();
      } else {
        recorded.failed(ErrorCode.CANCELLED, isQueued(outcome) ? Executed.NO : Executed.MAYBE);
      }
    }
  }

  private static boolean isQueued(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Expired(Phase phase) -> phase == Phase.QUEUED;
      case Outcome.Cancelled(Phase phase) -> phase == Phase.QUEUED;
      case Outcome.Replied _, Outcome.Exited _, Outcome.Undecodable _ -> false;
    };
  }

  @Override
  public final Map<String, String> meta() {
    return meta;
  }

  @Override
  public final Optional<String> trace() {
    return Optional.ofNullable(trace);
  }

  @Override
  public final @Nullable TraceContext traceContext() {
    return traceContext;
  }

  /// The message as it came; nothing if the call has ended before its turn.
  @Override
  public final String toString() {
    var msg = this.msg;
    return msg == null ? "" : msg.toString();
  }
}
