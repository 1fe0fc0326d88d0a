package dev.genserver.daemon.trace;

import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext.Op;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Makes the span of each request that is recorded. Thread-safe.
///
/// A span is called by its operation and the behaviour of its process, of which there are few, as
/// OpenTelemetry wants it; which process that is, is an attribute.
record Recorder(Tracer tracer, Kinds kinds, SpanCounters counters) {

  /// As many spans has one request from outside, with all that it causes: a process that goes on
  /// casting to itself would be recorded for ever.
  static final int MOST_OF_ONE_REQUEST = 1_000;

  RequestSpan fromOutside(
      Op op, String to, @Nullable Recipient recipient, SpanContext parent, String principal) {
    var kind = op == Op.CALL ? SpanKind.SERVER : SpanKind.CONSUMER;
    var builder = builder(op, recipient, parent, kind).setAttribute(Keys.PRINCIPAL, principal);
    return begin(builder, to, recipient, parent, new AtomicInteger(1));
  }

  /// A request that a process sends while it handles another.
  ///
  /// @param family how many spans the request from outside has so far
  /// @return null if that has too many
  @Nullable RequestSpan sent(
      Op op,
      ServerRef to,
      @Nullable Recipient recipient,
      SpanContext parent,
      AtomicInteger family) {
    if (family.incrementAndGet() > MOST_OF_ONE_REQUEST) {
      return null;
    }
    var kind = op == Op.CALL ? SpanKind.INTERNAL : SpanKind.CONSUMER;
    return begin(builder(op, recipient, parent, kind), text(to), recipient, parent, family);
  }

  private SpanBuilder builder(
      Op op, @Nullable Recipient recipient, SpanContext parent, SpanKind spanKind) {
    var operation = op.name().toLowerCase(Locale.ROOT);
    if (recipient == null) {
      return builder(operation, parent, spanKind);
    }
    var kind = kinds.of(recipient);
    var builder =
        builder(operation + " " + simple(kind.behaviour()), parent, spanKind)
            .setAttribute(Keys.BEHAVIOUR, kind.behaviour());
    return kind.plugin().isEmpty() ? builder : builder.setAttribute(Keys.PLUGIN, kind.plugin());
  }

  private SpanBuilder builder(String name, SpanContext parent, SpanKind kind) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(Span.wrap(parent)))
        .setSpanKind(kind);
  }

  private RequestSpan begin(
      SpanBuilder builder,
      String to,
      @Nullable Recipient recipient,
      SpanContext parent,
      AtomicInteger family) {
    var process = recipient == null ? to : recipient.shownName();
    return RequestSpan.start(builder.setAttribute(Keys.PROCESS, process), parent, this, family);
  }

  /// A class is called by its name without the package.
  private static String simple(String behaviour) {
    return behaviour.substring(behaviour.lastIndexOf('.') + 1);
  }

  private static String text(ServerRef to) {
    return to instanceof ServerName.Local(String name) ? name : to.toString();
  }
}
