package dev.genserver.daemon.metrics;

import dev.genserver.daemon.metrics.Behaviours.Name;
import dev.genserver.daemon.plugin.Deployment;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.daemon.trace.SpanCounters;
import dev.genserver.runtime.Census;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/// Tells all metrics in the text format of Prometheus. Thread-safe.
public final class Metrics {

  /// What the text is, as HTTP says it.
  public static final String CONTENT_TYPE = Page.CONTENT_TYPE;

  /// As many processes have metrics of their own, where these are asked for.
  static final int MOST_PROCESSES = 10_000;

  /// Upper bounds of the buckets that are told of calls, in microseconds.
  private static final long[] BOUNDS = {
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    60_000_000
  };

  /// What the wire tells of itself, and by which names.
  private static final Map<Metric, String> WIRE =
      Map.of(
          Metric.CALLS_OPEN, "calls_open",
          Metric.REQUESTS_WAITING, "request_bytes_waiting",
          Metric.ANSWERS_WAITING, "answer_bytes_waiting",
          Metric.CONNECTIONS, "connections_open",
          Metric.CONNECTIONS_ACCEPTED, "connections_accepted",
          Metric.CONNECTIONS_REFUSED, "connections_refused",
          Metric.LOGINS, "logins",
          Metric.LOGINS_FAILED, "logins_failed",
          Metric.FORBIDDEN, "requests_forbidden");

  private final String version;
  private final Node node;
  private final Censuses censuses;
  private final Meters meters;
  private final Supplier<Map<String, Long>> wire;
  private final SpanCounters spans;
  private final Plugins plugins;
  private final Deployment deployment;
  private final Health health;
  private final Behaviours behaviours; // guarded by itself

  /// How the daemon is, besides what it counts.
  ///
  /// @param ready whether it is ready to serve
  /// @param certificateEnd when the first of its certificates runs out; empty without TLS
  public record Health(BooleanSupplier ready, Supplier<Optional<Instant>> certificateEnd) {}

  /// @param version the daemon's
  /// @param wire what the wire has counted, by name
  /// @param spans what became of spans
  public Metrics(
      String version,
      Node node,
      Censuses censuses,
      Meters meters,
      Supplier<Map<String, Long>> wire,
      SpanCounters spans,
      Plugins plugins,
      Deployment deployment,
      Health health) {
    this.version = version;
    this.node = node;
    this.censuses = censuses;
    this.meters = meters;
    this.wire = wire;
    this.spans = spans;
    this.plugins = plugins;
    this.deployment = deployment;
    this.health = health;
    this.behaviours = new Behaviours(plugins::loaded);
  }

  /// The text. Takes a moment where there are many processes: not for event loops.
  ///
  /// @param perProcess whether processes are told of one by one, too: those with most to do, up to
  ///   ten thousand
  public String text(boolean perProcess) {
    var page =
        new Page()
            .addInfo(Metric.BUILD, version, System.getProperty("java.version", ""))
            .add(Metric.READY, health.ready().getAsBoolean() ? 1L : 0L);
    health
        .certificateEnd()
        .get()
        .ifPresent(end -> page.add(Metric.CERTIFICATE_END, end.getEpochSecond()));
    addBehaviours(page);
    if (perProcess) {
      addProcesses(page);
    }
    addRequests(page);
    page.add(Metric.TRACE_SPANS, spans.exported(), "exported")
        .add(Metric.TRACE_SPANS, spans.failed(), "failed")
        .add(Metric.TRACE_SPANS, spans.dropped(), "dropped");
    addPlugins(page);
    JvmNumbers.addTo(page);
    return page.toText();
  }

  private void addBehaviours(Page page) {
    var byName = new HashMap<Name, Census.Group>();
    synchronized (behaviours) {
      var groups = censuses.latest().groups();
      var names = behaviours.names(groups);
      for (var i = 0; i < names.size(); i++) {
        byName.merge(names.get(i), groups.get(i), Metrics::together);
      }
    }
    byName.forEach((name, group) -> addBehaviour(page, name.plugin(), name.behaviour(), group));
  }

  /// An upgrade may have given a behaviour another class.
  private static Census.Group together(Census.Group one, Census.Group other) {
    var done = one.counters();
    var more = other.counters();
    return new Census.Group(
        one.plugin(),
        one.code(),
        one.processes() + other.processes(),
        one.queued() + other.queued(),
        Math.max(one.longestQueue(), other.longestQueue()),
        new ProcessInfo.Counters(
            done.received() + more.received(),
            done.replied() + more.replied(),
            done.failed() + more.failed(),
            done.expired() + more.expired(),
            done.busy().plus(more.busy())),
        one.crashes() + other.crashes(),
        one.restarts() + other.restarts());
  }

  private static void addBehaviour(Page page, String plugin, String behaviour, Census.Group group) {
    var done = group.counters();
    page.add(Metric.PROCESSES, group.processes(), plugin, behaviour)
        .add(Metric.RECEIVED, done.received(), plugin, behaviour)
        .add(Metric.REPLIED, done.replied(), plugin, behaviour)
        .add(Metric.FAILED, done.failed(), plugin, behaviour)
        .add(Metric.EXPIRED, done.expired(), plugin, behaviour)
        .add(Metric.BUSY, seconds(done.busy()), plugin, behaviour)
        .add(Metric.CRASHES, group.crashes(), plugin, behaviour)
        .add(Metric.RESTARTS, group.restarts(), plugin, behaviour)
        .add(Metric.QUEUED, group.queued(), plugin, behaviour)
        .add(Metric.LONGEST_QUEUE, group.longestQueue(), plugin, behaviour);
  }

  private void addProcesses(Page page) {
    var processes = node.busiest(MOST_PROCESSES);
    page.add(Metric.PROCESSES_LEFT_OUT, Math.max(0, node.processCount() - processes.size()));
    for (var process : processes) {
      var name = shownName(process);
      page.add(Metric.PROCESS_QUEUED, process.queued(), name)
          .add(Metric.PROCESS_RESTARTS, process.restarts(), name);
      process
          .counters()
          .ifPresent(done ->
              page.add(Metric.PROCESS_RECEIVED, done.received(), name)
                  .add(Metric.PROCESS_REPLIED, done.replied(), name)
                  .add(Metric.PROCESS_BUSY, seconds(done.busy()), name));
    }
  }

  /// The name that it can be called by, or else its pid; no two processes have the same.
  private static String shownName(ProcessInfo process) {
    return process.name().orElse(null) instanceof ServerName.Local(String name)
        ? name
        : process.pid().toString();
  }

  private void addRequests(Page page) {
    for (var op : Op.values()) {
      page.add(Metric.REQUESTS, meters.requests(op), op.label());
    }
    meters.errors().forEach((code, count) -> page.add(Metric.ERRORS, count, code.wireName()));
    addLatencies(page, meters.latencies());
    var counters = wire.get();
    WIRE.forEach((metric, name) -> page.add(metric, counters.getOrDefault(name, 0L)));
  }

  private static void addLatencies(Page page, Latencies latencies) {
    var counts = new long[BOUNDS.length + 1];
    var before = 0L;
    for (var i = 0; i < counts.length; i++) {
      var upTo =
          i == BOUNDS.length
              ? latencies.count()
              : latencies.countUpTo(TimeUnit.MICROSECONDS.toNanos(BOUNDS[i]));
      counts[i] = upTo - before;
      before = upTo;
    }
    var bounds =
        DoubleStream.concat(
                LongStream.of(BOUNDS).mapToDouble(micros -> micros / 1e6),
                DoubleStream.of(Double.POSITIVE_INFINITY))
            .toArray();
    page.addHistogram(Metric.CALL_DURATION, bounds, counts, latencies.nanos() / 1e9);
  }

  private void addPlugins(Page page) {
    for (var plugin : plugins.loaded()) {
      page.addInfo(Metric.PLUGINS, plugin.id(), plugin.version());
    }
    var upgrades = deployment.upgrades();
    page.add(Metric.PLUGIN_PROBLEMS, plugins.problems().size() + deployment.down().size())
        .add(Metric.UPGRADES, upgrades.upgradeCount())
        .add(Metric.ROLLBACKS, upgrades.rollbackCount());
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
