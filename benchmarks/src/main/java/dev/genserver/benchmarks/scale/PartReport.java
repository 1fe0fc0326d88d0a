package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Table;
import java.util.ArrayList;
import java.util.List;

/// A part as a table, a column for each figure.
record PartReport(Part part, List<Row> rows) {

  @Override
  public String toString() {
    var head = new ArrayList<String>();
    head.add(part.name());
    head.addAll(rows.getFirst().figures().keySet());
    var table = new Table(head);
    for (var row : rows) {
      var cells = new ArrayList<String>();
      cells.add(row.what());
      row.figures().values().forEach(value -> cells.add(Figures.shown(value)));
      table.add(cells);
    }
    return part.goal().isEmpty() ? table.toString() : table + "to be had: " + part.goal() + "\n";
  }
}
