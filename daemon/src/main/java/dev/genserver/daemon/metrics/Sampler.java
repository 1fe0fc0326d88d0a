package dev.genserver.daemon.metrics;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.runtime.Census;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// How the daemon does at a moment, and what has happened since the sample before. Not thread-safe.
final class Sampler {

  private final Censuses censuses;
  private final Meters meters;
  private final Supplier<Map<String, Long>> wire;
  private final IntSupplier plugins;

  // As it was when the last sample was made.
  private Latencies latencies;
  private long cpuNanos;
  private long nanos;

  /// The first sample tells of what happens from now on.
  ///
  /// @param wire what the wire has counted, by name
  /// @param plugins how many plugins are loaded
  Sampler(Censuses censuses, Meters meters, Supplier<Map<String, Long>> wire, IntSupplier plugins) {
    this.censuses = censuses;
    this.meters = meters;
    this.wire = wire;
    this.plugins = plugins;
    this.latencies = meters.latencies();
    this.cpuNanos = JvmNumbers.cpuNanos();
    this.nanos = System.nanoTime();
  }

  /// A sample, as a JSON object.
  String sample() {
    var census = censuses.latest();
    var counters = wire.get();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    var out =
        new JsonWriter(1024)
            .beginObject()
            .field("at_ms")
            .number(System.currentTimeMillis())
            .field("uptime_ms")
            .number(ManagementFactory.getRuntimeMXBean().getUptime())
            .field("calls")
            .number(meters.requests(Op.CALL))
            .field("casts")
            .number(meters.requests(Op.CAST))
            .field("errors")
            .value(meters.errors());
    addLatencies(out.field("latency_us"));
    out.field("open_calls")
        .number(counters.getOrDefault("calls_open", 0L))
        .field("queued")
        .number(sum(census, Census.Group::queued));
    addLongest(out.field("longest_queue"), census);
    out.field("processes")
        .number(sum(census, Census.Group::processes))
        .field("restarts")
        .number(sum(census, Census.Group::restarts))
        .field("crashes")
        .number(sum(census, Census.Group::crashes))
        .field("connections")
        .number(counters.getOrDefault("connections_open", 0L))
        .field("plugins")
        .number(plugins.getAsInt())
        .field("heap_used_bytes")
        .number(heap.getUsed())
        .field("heap_max_bytes")
        .number(heap.getMax())
        .field("cpu")
        .value(cpu())
        .field("gc_ms")
        .number(JvmNumbers.gcMillis());
    return out.endObject().toString();
  }

  /// Of the calls that were answered since the last sample.
  private void addLatencies(JsonWriter out) {
    var now = meters.latencies();
    var recent = now.since(latencies);
    latencies = now;
    out.beginObject()
        .field("p50")
        .number(micros(recent.quantile(0.5)))
        .field("p90")
        .number(micros(recent.quantile(0.9)))
        .field("p99")
        .number(micros(recent.quantile(0.99)))
        .field("max")
        .number(micros(recent.quantile(1)))
        .field("count")
        .number(recent.count())
        .endObject();
  }

  private static void addLongest(JsonWriter out, Census census) {
    if (census.longest().isEmpty()) {
      out.nul();
      return;
    }
    var longest = census.longest().get();
    out.beginObject()
        .field("process")
        .string(longest.process())
        .field("queued")
        .number(longest.queued())
        .endObject();
  }

  /// How many processors this program has kept at work since the last sample.
  private double cpu() {
    var used = JvmNumbers.cpuNanos();
    var now = System.nanoTime();
    var share = (used - cpuNanos) / (double) Math.max(1, now - nanos);
    cpuNanos = used;
    nanos = now;
    return Math.round(share * 1_000) / 1e3;
  }

  private static long sum(Census census, ToLongFunction<Census.Group> number) {
    return census.groups().stream().mapToLong(number).sum();
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }
}
