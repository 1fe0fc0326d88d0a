package dev.genserver.daemon.trace;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.runtime.Phase;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The span of one request, from when it was received or sent to its answer or the end of its
/// callback.
final class RequestSpan implements RecordedRequest {

  private final Span span;
  private final String received;
  private final String current;
  private final Recorder recorder;
  private final AtomicInteger family;
  private final Instant began;
  private final long beganNanos;
  private final AtomicBoolean over = new AtomicBoolean();

  private RequestSpan(
      SpanBuilder builder, SpanContext parent, Recorder recorder, AtomicInteger family) {
    this.began = Instant.now();
    this.beganNanos = System.nanoTime();
    this.span = builder.setStartTimestamp(began).startSpan();
    this.current = traceparent(span.getSpanContext());
    this.received = parent.isValid() ? traceparent(parent) : current;
    this.recorder = recorder;
    this.family = family;
  }

  /// @param parent what the request came with
  /// @param family how many spans there are of the request from outside that is behind it
  static RequestSpan start(
      SpanBuilder builder, SpanContext parent, Recorder recorder, AtomicInteger family) {
    return new RequestSpan(builder, parent, recorder, family);
  }

  private static String traceparent(SpanContext context) {
    return "00-"
        + context.getTraceId()
        + "-"
        + context.getSpanId()
        + "-"
        + context.getTraceFlags().asHex();
  }

  @Override
  public String received() {
    return received;
  }

  @Override
  public String current() {
    return current;
  }

  @Override
  public TraceContext sent(Op op, ServerRef to, @Nullable Recipient recipient) {
    var next = recorder.sent(op, to, recipient, span.getSpanContext(), family);
    return next == null
        ? new Unrecorded(current, recorder.counters()).sent(op, to, recipient)
        : next;
  }

  @Override
  public void began(long nanoTime) {
    var waited = Math.max(0, nanoTime - beganNanos);
    span.setAttribute(Keys.QUEUE, waited / (double) TimeUnit.MILLISECONDS.toNanos(1));
  }

  @Override
  public void done() {
    if (over.compareAndSet(false, true)) {
      end();
    }
  }

  @Override
  public void failed(ExitReason reason, Phase phase) {
    failed(code(reason), phase == Phase.QUEUED ? Executed.NO : Executed.MAYBE);
  }

  private static ErrorCode code(ExitReason reason) {
    if (reason instanceof ExitReason.Timeout) {
      return ErrorCode.TIMEOUT;
    }
    return reason instanceof ExitReason.NoProc ? ErrorCode.NOPROC : ErrorCode.EXIT;
  }

  @Override
  public void failed(ErrorCode code, Executed executed) {
    if (over.compareAndSet(false, true)) {
      span.setAttribute(Keys.ERROR, code.wireName())
          .setAttribute(Keys.EXECUTED, executed.name().toLowerCase(Locale.ROOT))
          .setStatus(StatusCode.ERROR);
      end();
    }
  }

  /// By the clock that does not jump, from when it began.
  private void end() {
    span.end(began.plusNanos(System.nanoTime() - beganNanos));
  }
}
