package dev.genserver.daemon.trace;

import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Records with OpenTelemetry's SDK, which sends batches by OTLP over HTTP in a thread of its own.
///
/// Requests are judged here once, as they come in, and what they cause goes with them; the SDK
/// samples nothing away.
final class OtlpTraces implements Traces {

  /// As many spans wait to be sent.
  static final int MOST_WAITING = 2_048;

  private static final int BATCH = 512;
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(3);

  /// Says to the JDK's logging what [WatchedExporter] says to the daemon's, and more often. Held,
  /// as a level is forgotten with its logger.
  private static final Logger OF_THE_SDK = Logger.getLogger("io.opentelemetry");

  private final double sample;
  private final SdkTracerProvider provider;
  private final Recorder recorder;

  private OtlpTraces(double sample, SdkTracerProvider provider, Recorder recorder) {
    this.sample = sample;
    this.provider = provider;
    this.recorder = recorder;
  }

  static OtlpTraces start(
      URI endpoint,
      TraceSettings settings,
      String version,
      String instance,
      Kinds kinds,
      SpanCounters counters) {
    OF_THE_SDK.setLevel(Level.OFF);
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(SEND_TIMEOUT)
            .setCompression("gzip");
    settings.headers().forEach(exporter::addHeader);
    var watched = new WatchedExporter(exporter.build(), endpoint, counters);
    var batches =
        BatchSpanProcessor.builder(watched)
            .setMaxQueueSize(MOST_WAITING)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(DELAY)
            .setExporterTimeout(SEND_TIMEOUT)
            .build();
    var provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.alwaysOn())
            .setResource(resource(settings.serviceName(), version, instance))
            .addSpanProcessor(new BoundedProcessor(batches, watched, MOST_WAITING, counters))
            .build();
    var tracer = provider.tracerBuilder("genserverd").setInstrumentationVersion(version).build();
    return new OtlpTraces(settings.sample(), provider, new Recorder(tracer, kinds, counters));
  }

  private static Resource resource(String service, String version, String instance) {
    return Resource.builder()
        .put(AttributeKey.stringKey("service.name"), service)
        .put(AttributeKey.stringKey("service.version"), version)
        .put(AttributeKey.stringKey("service.instance.id"), instance)
        .build();
  }

  @Override
  public boolean records(@Nullable TraceContext brought) {
    return brought == null
        ? sample > 0 && ThreadLocalRandom.current().nextDouble() < sample
        : isSampled(brought.received());
  }

  private static boolean isSampled(String traceparent) {
    return flags(traceparent).isSampled();
  }

  /// The last two digits.
  private static TraceFlags flags(String traceparent) {
    return TraceFlags.fromHex(traceparent, 53);
  }

  @Override
  public RecordedRequest begin(
      TraceContext.Op op,
      String to,
      @Nullable Recipient recipient,
      @Nullable TraceContext brought,
      String principal) {
    var parent = brought == null ? SpanContext.getInvalid() : remote(brought.received());
    return recorder.fromOutside(op, to, recipient, parent, principal);
  }

  private static SpanContext remote(String traceparent) {
    return SpanContext.createFromRemoteParent(
        traceparent.substring(3, 35),
        traceparent.substring(36, 52),
        flags(traceparent),
        TraceState.getDefault());
  }

  @Override
  public void close() {
    provider.shutdown().join(FLUSH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
