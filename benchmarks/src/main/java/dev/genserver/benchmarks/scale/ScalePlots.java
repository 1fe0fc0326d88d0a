package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.BarChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Draws what a process takes, by how many there are.
final class ScalePlots {

  private ScalePlots() {}

  /// @param rows of [Growth]
  static void write(List<Row> rows, Path folder) throws IOException {
    var bars = new ArrayList<BarChart.Bar>();
    for (var row : rows) {
      var words = row.what().split(", ", 2);
      var colour = words[1].equals(Population.BARE) ? 0 : 1;
      bars.add(new BarChart.Bar(row.figure(Growth.HEAP_IDLE), colour, words[0], ""));
    }
    BarChart.write(
        folder.resolve("scale-processes.svg"),
        "heap bytes of an idle process, by their number",
        bars,
        List.of(Population.BARE, Population.SUPERVISED));
  }
}
