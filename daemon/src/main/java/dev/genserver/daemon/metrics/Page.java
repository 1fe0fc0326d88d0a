package dev.genserver.daemon.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// The numbers of all metrics at one moment, on their way to a text. Not thread-safe.
final class Page {

  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final Map<Metric, CounterSnapshot.Builder> counters = new EnumMap<>(Metric.class);
  private final Map<Metric, GaugeSnapshot.Builder> gauges = new EnumMap<>(Metric.class);
  private final Map<Metric, InfoSnapshot.Builder> infos = new EnumMap<>(Metric.class);
  private final Map<Metric, SummarySnapshot.Builder> summaries = new EnumMap<>(Metric.class);
  private final Map<Metric, HistogramSnapshot.Builder> histograms = new EnumMap<>(Metric.class);

  /// As [#add(Metric, double, String...)]; beyond 2^53 the last digits are lost.
  Page add(Metric metric, long value, String... labels) {
    return add(metric, (double) value, labels);
  }

  /// Adds a number to a counter or a gauge.
  ///
  /// @param labels the values of the metric's labels, in their order; no metric has any twice
  Page add(Metric metric, double value, String... labels) {
    switch (metric.type) {
      case COUNTER ->
          counters
              .computeIfAbsent(
                  metric, _ -> CounterSnapshot.builder().name(metric.base).help(metric.help))
              .dataPoint(
                  CounterDataPointSnapshot.builder()
                      .value(value)
                      .labels(labels(metric, labels))
                      .build());
      case GAUGE ->
          gauges
              .computeIfAbsent(
                  metric, _ -> GaugeSnapshot.builder().name(metric.base).help(metric.help))
              .dataPoint(
                  GaugeDataPointSnapshot.builder()
                      .value(value)
                      .labels(labels(metric, labels))
                      .build());
      case INFO, SUMMARY, HISTOGRAM ->
          throw new IllegalArgumentException(metric + " is more than a number");
    }
    return this;
  }

  /// Adds what is told by labels alone; its number is always 1.
  Page addInfo(Metric metric, String... labels) {
    infos
        .computeIfAbsent(metric, _ -> InfoSnapshot.builder().name(metric.base).help(metric.help))
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels(metric, labels)).build());
    return this;
  }

  /// Adds a count, and the sum of what was counted.
  Page addSummary(Metric metric, long count, double sum, String... labels) {
    summaries
        .computeIfAbsent(metric, _ -> SummarySnapshot.builder().name(metric.base).help(metric.help))
        .dataPoint(
            SummaryDataPointSnapshot.builder()
                .count(count)
                .sum(sum)
                .labels(labels(metric, labels))
                .build());
    return this;
  }

  /// Adds a distribution.
  ///
  /// @param bounds the upper bounds of the buckets, the last of them infinite
  /// @param counts how many there are in each bucket
  Page addHistogram(Metric metric, double[] bounds, long[] counts, double sum) {
    histograms
        .computeIfAbsent(
            metric, _ -> HistogramSnapshot.builder().name(metric.base).help(metric.help))
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(sum)
                .build());
    return this;
  }

  private static Labels labels(Metric metric, String... values) {
    return Labels.of(metric.labels.toArray(String[]::new), values);
  }

  /// The text.
  String toText() {
    var all = MetricSnapshots.builder();
    counters.values().forEach(each -> all.metricSnapshot(each.build()));
    gauges.values().forEach(each -> all.metricSnapshot(each.build()));
    infos.values().forEach(each -> all.metricSnapshot(each.build()));
    summaries.values().forEach(each -> all.metricSnapshot(each.build()));
    histograms.values().forEach(each -> all.metricSnapshot(each.build()));
    var out = new ByteArrayOutputStream(1 << 14);
    try {
      writer.write(out, all.build());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is nothing that could fail
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
