package dev.genserver.daemon.trace;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Sends batches, counts what becomes of them, and says so when that changes. Thread-safe.
final class WatchedExporter implements SpanExporter {

  private static final System.Logger LOG = System.getLogger(WatchedExporter.class.getName());

  private final SpanExporter exporter;
  private final URI endpoint;
  private final SpanCounters counters;
  private final AtomicInteger waiting = new AtomicInteger();
  private boolean failing; // guarded by this
  private long lost; // guarded by this

  WatchedExporter(SpanExporter exporter, URI endpoint, SpanCounters counters) {
    this.exporter = exporter;
    this.endpoint = endpoint;
    this.counters = counters;
  }

  /// Counts a span that is to wait for its batch.
  ///
  /// @return false if as many wait as may
  boolean offer(int most) {
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      return false;
    }
    return true;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> batch) {
    var count = batch.size();
    waiting.addAndGet(-count);
    var result = exporter.export(batch);
    result.whenComplete(() -> {
      if (result.isSuccess()) {
        succeeded(count);
      } else {
        failed(count, result.getFailureThrowable());
      }
    });
    return result;
  }

  private synchronized void succeeded(int count) {
    counters.exported.add(count);
    if (failing) {
      failing = false;
      LOG.log(Level.INFO, "traces exported again endpoint={0} lost={1}", endpoint, lost);
      lost = 0;
    }
  }

  private synchronized void failed(int count, @Nullable Throwable reason) {
    counters.failed.add(count);
    lost += count;
    if (!failing) {
      failing = true;
      LOG.log(
          Level.WARNING,
          "traces not exported endpoint={0} reason={1}; those that come are tried, and it is said"
              + " when they arrive again",
          endpoint,
          text(reason));
    }
  }

  private static Object text(@Nullable Throwable reason) {
    return switch (reason) {
      case FailedExportException.HttpExportException http when http.getResponse() != null ->
          "HTTP status " + http.getResponse().getStatusCode();
      case FailedExportException failed when failed.getCause() != null -> failed.getCause();
      case null -> "unknown";
      default -> reason;
    };
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
