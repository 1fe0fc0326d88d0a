package dev.genserver.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Rows in columns as wide as their widest cell. Numbers stand to the right.
final class Table {

  private record Column(String heading, boolean right, UnaryOperator<String> paint) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  Table text(String heading) {
    return text(heading, UnaryOperator.identity());
  }

  /// @param paint colours a cell, and must not change what is read of it
  Table text(String heading, UnaryOperator<String> paint) {
    columns.add(new Column(heading, false, paint));
    return this;
  }

  Table number(String heading) {
    columns.add(new Column(heading, true, UnaryOperator.identity()));
    return this;
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void show(Screen screen) {
    var headings = new StringBuilder();
    for (var i = 0; i < columns.size(); i++) {
      headings.append(padded(i, columns.get(i).heading(), UnaryOperator.identity())).append("  ");
    }
    screen.heading(headings.toString().stripTrailing());
    for (var row : rows) {
      var line = new StringBuilder();
      for (var i = 0; i < columns.size(); i++) {
        line.append(padded(i, row.get(i), columns.get(i).paint())).append("  ");
      }
      screen.line(line.toString());
    }
  }

  /// The cell in the width of its column; colours take no room.
  private String padded(int column, String cell, UnaryOperator<String> paint) {
    var room = " ".repeat(width(column) - length(cell));
    var painted = paint.apply(cell);
    return columns.get(column).right() ? room + painted : painted + room;
  }

  private int width(int column) {
    var heading = length(columns.get(column).heading());
    return rows.stream().mapToInt(row -> length(row.get(column))).reduce(heading, Math::max);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
