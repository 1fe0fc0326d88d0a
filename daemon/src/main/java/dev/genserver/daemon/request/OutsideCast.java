package dev.genserver.daemon.request;

import dev.genserver.daemon.binding.BadMessageException;
import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.trace.RecordedRequest;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.runtime.ExternalCast;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.GenServer;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cast whose message came as JSON.
public abstract class OutsideCast implements ExternalCast {

  private static final System.Logger LOG = System.getLogger(OutsideCast.class.getName());

  private final String to;
  private final RawJson msg;
  private final Map<String, String> meta;
  private final @Nullable String trace;
  private final @Nullable TraceContext traceContext;

  /// @param to whom the sender has asked for: a name or a pid
  /// @param trace a W3C traceparent, as the sender sent it
  /// @param traceContext what goes on of it
  protected OutsideCast(
      String to,
      RawJson msg,
      Map<String, String> meta,
      @Nullable String trace,
      @Nullable TraceContext traceContext) {
    this.to = to;
    this.msg = msg;
    this.meta = meta;
    this.trace = trace;
    this.traceContext = traceContext;
  }

  /// Told once that the message has left the mailbox, to be handled or not.
  protected void left() {}

  @Override
  public final Object decode(GenServer<?, ?, ?> server) {
    left();
    return Binding.of(server.getClass()).decodeCast(msg.bytes(), msg.offset(), msg.length());
  }

  @Override
  public final void dropped() {
    left();
    traceFailure(ErrorCode.EXIT);
  }

  private void traceFailure(ErrorCode code) {
    if (traceContext instanceof RecordedRequest recorded) {
      recorded.failed(code, Executed.NO);
    }
  }

  @Override
  public final void undecodable(RuntimeException cause) {
    // Why exactly would quote the message, and what is in it is for nobody else. With an id the
    // client is told.
    LOG.log(
        Level.DEBUG,
        "cast dropped to={0} reason={1}",
        to,
        cause instanceof BadMessageException ? "bad_message" : cause.getClass().getName());
    traceFailure(cause instanceof BadMessageException ? ErrorCode.BAD_MESSAGE : ErrorCode.INTERNAL);
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

  /// The message as it came.
  @Override
  public final String toString() {
    return msg.toString();
  }
}
