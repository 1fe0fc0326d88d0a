package dev.genserver.benchmarks.client;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Options;
import dev.genserver.benchmarks.Table;
import dev.genserver.benchmarks.wire.Casting;
import dev.genserver.benchmarks.wire.ClosedLoop;
import dev.genserver.benchmarks.wire.Measured;
import dev.genserver.benchmarks.wire.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Measures the Java client beside the raw generator, with as many requests in flight over one
/// connection to the same daemon. They take turns, in one JVM.
public final class ClientRates {

  private static final String RAW = "generator";

  /// Who sends, and how it is measured.
  private interface Load {
    Measured measure(BenchedProcess server, Span span) throws IOException;
  }

  /// What of whom.
  record Row(String what, String who) {}

  /// The rounds of each row; the generator's come first.
  record Report(Map<Row, List<Measured>> rounds) {

    @Override
    public String toString() {
      var table =
          new Table(
              List.of(
                  "in flight, by whom",
                  "thousand/s",
                  "/ " + RAW,
                  "client CPU µs",
                  "/ " + RAW,
                  "server CPU µs",
                  "p50 ms",
                  "p99 ms",
                  "others"));
      rounds.keySet().forEach(row -> table.add(shown(row)));
      return table.toString();
    }

    private List<String> shown(Row row) {
      return List.of(
          row.what + ", " + row.who,
          Figures.shown(median(row, measured -> measured.perSecond() / 1e3)),
          Figures.shown(ratio(row, Measured::perSecond)),
          Figures.shown(median(row, Measured::clientMicros)),
          Figures.shown(ratio(row, Measured::clientMicros)),
          Figures.shown(median(row, Measured::serverMicros)),
          Figures.shown(median(row, measured -> measured.millis(0.5))),
          Figures.shown(median(row, measured -> measured.millis(0.99))),
          Figures.percent(median(row, Measured::others)));
    }

    private double median(Row row, ToDoubleFunction<Measured> value) {
      return Figures.median(of(row).stream().map(value::applyAsDouble).toList());
    }

    /// To the generator in the same round; the median of the rounds.
    private double ratio(Row row, ToDoubleFunction<Measured> value) {
      var ratios = new ArrayList<Double>();
      var raw = of(new Row(row.what, RAW));
      for (var round = 0; round < raw.size(); round++) {
        ratios.add(value.applyAsDouble(of(row).get(round)) / value.applyAsDouble(raw.get(round)));
      }
      return Figures.median(ratios);
    }

    private List<Measured> of(Row row) {
      return rounds.getOrDefault(row, List.of());
    }
  }

  private ClientRates() {}

  /// Takes `--quick` and `--rounds N`.
  public static void main(String[] args) throws IOException {
    var options = Options.of(args);
    var quick = options.has("--quick");
    var rounds = (int) options.number("--rounds", quick ? 1 : 3);
    System.out.print(run(Options.root(), rounds, quick ? new Span(0.2, 0.4) : new Span(0.5, 2)));
  }

  /// Measures with the daemon that was built in the project at `root`.
  static Report run(Path root, int rounds, Span span) throws IOException {
    var results = new LinkedHashMap<Row, List<Measured>>();
    var jar = BenchedDaemon.jar(root);
    var options = List.of("-Xms512m", "-Xmx512m");
    try (var daemon =
        new BenchedDaemon(jar, PluginSource.examples(root, "counter"), Map.of(), options)) {
      for (var load : loads().values()) {
        load.measure(daemon.process(), new Span(0, span.warmUp() + span.seconds())); // warms up
      }
      for (var round = 0; round < rounds; round++) {
        for (var each : loads().entrySet()) {
          results
              .computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
              .add(each.getValue().measure(daemon.process(), span));
        }
      }
    }
    return new Report(results);
  }

  private static Map<Row, Load> loads() {
    var loads = new LinkedHashMap<Row, Load>();
    for (var count : new int[] {1, 64, 1024}) {
      var what = "%,d".formatted(count);
      loads.put(new Row(what, RAW), (server, span) -> ClosedLoop.run(server, 1, count, 0, span));
      loads.put(
          new Row(what, "platform threads"),
          (server, span) -> ClientCalls.run(server, Thread.ofPlatform(), count, span));
      loads.put(
          new Row(what, "virtual threads"),
          (server, span) -> ClientCalls.run(server, Thread.ofVirtual(), count, span));
    }
    loads.put(new Row("casts", RAW), (server, span) -> Casting.run(server, 1, span));
    loads.put(new Row("casts", "one thread"), ClientCasts::run);
    return loads;
  }
}
