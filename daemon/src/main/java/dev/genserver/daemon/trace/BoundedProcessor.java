package dev.genserver.daemon.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/// Hands spans on to be sent unless too many wait, and counts those that it drops. What comes after
/// it has room for as many and drops none, which it could not tell. Thread-safe.
record BoundedProcessor(
    SpanProcessor next, WatchedExporter exporter, int mostWaiting, SpanCounters counters)
    implements SpanProcessor {

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (exporter.offer(mostWaiting)) {
      next.onEnd(span);
    } else {
      counters.dropped.increment();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return next.forceFlush();
  }
}
