package dev.genserver.daemon.request;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.protocol.RawJson;
import dev.genserver.runtime.ExternalCall;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Phase;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TimeSource;
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
  // Null once the call has ended in the mailbox: it may lie there for long, and needs no message.
  private @Nullable RawJson msg;

  /// Starts the clock.
  ///
  /// @param to whom the caller has asked for: a name or a pid
  /// @param recipient who that is
  /// @param trace a W3C traceparent, as the caller sent it
  /// @param timeoutNanos how long the caller waits from now; `Long.MAX_VALUE` for ever
  protected OutsideCall(
      String to,
      Recipient recipient,
      RawJson msg,
      Map<String, String> meta,
      @Nullable String trace,
      TimeSource time,
      long timeoutNanos) {
    super(time, timeoutNanos);
    this.to = to;
    this.recipient = recipient;
    this.msg = msg;
    this.meta = meta;
    this.trace = trace;
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
    if (isQueued(outcome)) {
      msg = null;
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

  /// The message as it came; nothing if the call has ended before its turn.
  @Override
  public final String toString() {
    var msg = this.msg;
    return msg == null ? "" : msg.toString();
  }
}
