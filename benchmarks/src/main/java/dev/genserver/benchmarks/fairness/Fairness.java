package dev.genserver.benchmarks.fairness;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Options;
import dev.genserver.benchmarks.Table;
import dev.genserver.benchmarks.wire.Frames;
import dev.genserver.benchmarks.wire.Measured;
import dev.genserver.benchmarks.wire.PacedCalls;
import dev.genserver.benchmarks.wire.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/// How long a quiet process's callers wait while others of its plugin take all they can get.
///
/// It is called each millisecond: alone, while the others are busy beside it, and while the same
/// happens in another daemon, which takes the machine's time as well. What is worse here than there
/// is the daemon's doing.
public final class Fairness {

  private static final double RATE = 1_000;
  private static final int CONNECTIONS = 4;
  private static final List<String> OPTIONS = List.of("-Xmx256m");

  /// Medians of the rounds.
  ///
  /// @param failed in all rounds
  record Row(String name, double p50, double p99, double longest, long failed) {

    static Row of(String name, List<Measured> rounds) {
      return new Row(
          name,
          median(rounds.stream().mapToDouble(round -> round.millis(0.5))),
          median(rounds.stream().mapToDouble(round -> round.millis(0.99))),
          median(rounds.stream().mapToDouble(round -> round.latencies().longestMillis())),
          rounds.stream().mapToLong(Measured::failed).sum());
    }

    private static double median(DoubleStream values) {
      return Figures.median(values.boxed().toList());
    }
  }

  /// The quiet process beside these, here and elsewhere.
  record Pair(Row here, Row elsewhere) {}

  record Report(Row alone, List<Pair> pairs) {

    @Override
    public String toString() {
      var table =
          new Table(
              List.of(
                  "a quiet process beside",
                  "p50 ms",
                  "p99 ms",
                  "longest ms",
                  "failed",
                  "p99 / alone",
                  "p99 if elsewhere",
                  "p99 / elsewhere"));
      table.add(row(alone, alone.p99));
      for (var pair : pairs) {
        table.add(row(pair.here, pair.elsewhere.p99));
      }
      return table + "\nto be had: p99 / alone of 4 at most, better 2\n";
    }

    private List<String> row(Row row, double elsewhere) {
      return List.of(
          row.name,
          Figures.shown(row.p50),
          Figures.shown(row.p99),
          Figures.shown(row.longest),
          "%,d".formatted(row.failed),
          Figures.shown(row.p99 / alone.p99),
          Figures.shown(elsewhere),
          Figures.shown(row.p99 / elsewhere));
    }
  }

  private final BenchedDaemon here;
  private final BenchedDaemon elsewhere;
  private final double seconds;

  private Fairness(BenchedDaemon here, BenchedDaemon elsewhere, double seconds) {
    this.here = here;
    this.elsewhere = elsewhere;
    this.seconds = seconds;
  }

  /// Takes `--quick` and `--rounds N`.
  public static void main(String[] args) throws IOException {
    var options = Options.of(args);
    var quick = options.has("--quick");
    var rounds = (int) options.number("--rounds", quick ? 1 : 3);
    System.out.print(run(Options.root(), rounds, quick ? 0.4 : 3));
  }

  /// Measures the daemon that was built in the project at `root`.
  ///
  /// @param seconds each measurement
  static Report run(Path root, int rounds, double seconds) throws IOException {
    var jar = BenchedDaemon.jar(root);
    var plugin = NeighboursPlugin.jar();
    try (var here = new BenchedDaemon(jar, plugin::writeTo, Map.of(), OPTIONS);
        var elsewhere = new BenchedDaemon(jar, plugin::writeTo, Map.of(), OPTIONS)) {
      return new Fairness(here, elsewhere, seconds).run(rounds);
    }
  }

  private Report run(int rounds) throws IOException {
    call(2 * seconds); // warms up
    var neighbours = Neighbours.all();
    var alone = new ArrayList<Measured>();
    var besides = new ArrayList<List<Measured>>();
    var apart = new ArrayList<List<Measured>>();
    for (var round = 0; round < rounds; round++) {
      alone.add(call(seconds));
      for (var i = 0; i < neighbours.size(); i++) {
        if (round == 0) {
          besides.add(new ArrayList<>());
          apart.add(new ArrayList<>());
        }
        besides.get(i).add(beside(neighbours.get(i), here));
        apart.get(i).add(beside(neighbours.get(i), elsewhere));
      }
    }
    var pairs = new ArrayList<Pair>();
    for (var i = 0; i < neighbours.size(); i++) {
      var name = neighbours.get(i).name();
      pairs.add(new Pair(Row.of(name, besides.get(i)), Row.of(name, apart.get(i))));
    }
    return new Report(Row.of("nobody", alone), pairs);
  }

  private Measured beside(Neighbours neighbours, BenchedDaemon where) throws IOException {
    // From before the first call until after the last.
    var end = System.currentTimeMillis() + (long) (seconds * 1.2 * 1000);
    neighbours.begin(where, end);
    var measured = call(seconds);
    neighbours.awaitEnd(where, end);
    return measured;
  }

  private Measured call(double length) throws IOException {
    return PacedCalls.run(
        here.process(),
        CONNECTIONS,
        RATE,
        id -> Frames.call(id, NeighboursPlugin.QUIET, "\"ping\""),
        new Span(length / 10, length));
  }
}
