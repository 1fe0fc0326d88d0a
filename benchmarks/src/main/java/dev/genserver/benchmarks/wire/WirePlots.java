package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BarChart;
import dev.genserver.benchmarks.wire.Wire.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// Draws the results, cell by cell, a bar for each server that reads what it is sent.
final class WirePlots {

  private WirePlots() {}

  static void write(List<Result> results, Path folder) throws IOException {
    var report = new WireReport(results);
    var reference = Echo.Kind.JSON.label;
    draw(
        folder.resolve("wire-rates.svg"),
        "requests a second, beside " + reference,
        report,
        (server, cell) -> report.ratio(server, reference, cell, Measured::perSecond));
    draw(
        folder.resolve("wire-cpu.svg"),
        "server CPU a request, beside " + reference,
        report,
        (server, cell) -> report.ratio(server, reference, cell, Measured::serverMicros));
    draw(
        folder.resolve("wire-p99.svg"),
        "latency p99, beside " + reference,
        report,
        (server, cell) -> report.ratio(server, reference, cell, result -> result.millis(0.99)));
  }

  private static void draw(
      Path file, String title, WireReport report, ToDoubleBiFunction<String, Cell> value)
      throws IOException {
    var bars = new ArrayList<BarChart.Bar>();
    var servers =
        report.servers().stream().filter(server -> !server.equals(Echo.Kind.RAW.label)).toList();
    for (var cell : report.cells()) {
      for (var server : servers) {
        var height = value.applyAsDouble(server, cell);
        if (!Double.isNaN(height)) {
          var label = servers.indexOf(server) == servers.size() / 2 ? cell.name() : "";
          bars.add(new BarChart.Bar(height, servers.indexOf(server), label, ""));
        }
      }
    }
    BarChart.write(file, title, bars, servers);
  }
}
