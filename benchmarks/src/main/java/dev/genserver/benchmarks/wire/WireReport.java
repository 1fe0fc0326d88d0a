package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Table;
import dev.genserver.benchmarks.wire.Wire.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The results as tables: a row for each server, a column for each cell, medians of the rounds.
final class WireReport {

  private final List<Result> results;
  private final List<String> servers;
  private final List<Cell> cells;

  WireReport(List<Result> results) {
    this.results = results;
    this.servers = results.stream().map(Result::server).distinct().toList();
    this.cells = results.stream().map(Result::cell).distinct().toList();
  }

  List<String> servers() {
    return servers;
  }

  List<Cell> cells() {
    return cells;
  }

  /// The median of the rounds; NaN if it was not measured.
  double median(String server, Cell cell, ToDoubleFunction<Measured> value) {
    return Figures.median(
        of(server, cell).map(result -> value.applyAsDouble(result.measured())).toList());
  }

  /// The median of the rounds of how much more a server has than another one in the same round.
  double ratio(String server, String other, Cell cell, ToDoubleFunction<Measured> value) {
    var ratios =
        of(server, cell)
            .flatMap(mine ->
                of(other, cell)
                    .filter(result -> result.round() == mine.round())
                    .map(theirs ->
                        value.applyAsDouble(mine.measured())
                            / value.applyAsDouble(theirs.measured())));
    return Figures.median(ratios.toList());
  }

  private Stream<Result> of(String server, Cell cell) {
    return results.stream()
        .filter(result -> result.server().equals(server) && result.cell().equals(cell));
  }

  @Override
  public String toString() {
    return String.join(
        "\n",
        table("thousand a second", shown(measured -> measured.perSecond() / 1e3)),
        ratios("calls or casts a second, times as many", Measured::perSecond),
        table("server CPU, µs each", shown(Measured::serverMicros)),
        ratios("server CPU each, times as much", Measured::serverMicros),
        table("context switches of the server each", shown(Measured::switches)),
        table("latency p50 / p99, ms", this::latencies),
        table("used by others: median, most", this::others),
        failures());
  }

  private BiFunction<String, Cell, String> shown(ToDoubleFunction<Measured> value) {
    return (server, cell) -> Figures.shown(median(server, cell, value));
  }

  private String latencies(String server, Cell cell) {
    return Figures.shown(median(server, cell, measured -> measured.millis(0.5)))
        + " / "
        + Figures.shown(median(server, cell, measured -> measured.millis(0.99)));
  }

  private String others(String server, Cell cell) {
    var most =
        of(server, cell).mapToDouble(result -> result.measured().others()).max().orElse(Double.NaN);
    return Figures.percent(median(server, cell, Measured::others)) + ", " + Figures.percent(most);
  }

  private String table(String title, BiFunction<String, Cell, String> shown) {
    var table = new Table(head(title));
    for (var server : servers) {
      table.add(row(server, cell -> shown.apply(server, cell)));
    }
    return table.toString();
  }

  /// Of the daemons, to each other, to the echo that does as much on the event loop, and to the one
  /// that hands over.
  private String ratios(String title, ToDoubleFunction<Measured> value) {
    var table = new Table(head(title));
    var echoes = List.of(Echo.Kind.JSON.label, Echo.Kind.HANDED_OVER.label);
    var daemons = servers.stream().filter(server -> !isEcho(server)).toList();
    for (var server : daemons) {
      for (var other : Stream.concat(daemons.stream().limit(1), echoes.stream()).toList()) {
        if (!other.equals(server)) {
          table.add(
              row(
                  server + " / " + other,
                  cell -> Figures.shown(ratio(server, other, cell, value))));
        }
      }
    }
    return table.toString();
  }

  private static boolean isEcho(String server) {
    return Stream.of(Echo.Kind.values()).anyMatch(kind -> kind.label.equals(server));
  }

  private List<String> head(String title) {
    return row(title, Cell::name);
  }

  private List<String> row(String first, Function<Cell, String> others) {
    var row = new ArrayList<String>();
    row.add(first);
    cells.forEach(cell -> row.add(others.apply(cell)));
    return row;
  }

  /// A line for each result in which something failed.
  private String failures() {
    var lines = new StringBuilder();
    for (var result : results) {
      if (result.measured().failed() > 0) {
        lines.append(
            "%,d of %,d failed: %s, %s, round %d%n"
                .formatted(
                    result.measured().failed(),
                    result.measured().count(),
                    result.server(),
                    result.cell().name(),
                    result.round() + 1));
      }
    }
    return lines.toString();
  }
}
