package dev.genserver.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// A table in Markdown that is also readable as it stands. Its first column is text, the others are
/// figures.
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  public Table(List<String> head) {
    rows.add(List.copyOf(head));
  }

  public void add(List<String> row) {
    rows.add(List.copyOf(row));
  }

  @Override
  public String toString() {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (var column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    var text = new StringBuilder();
    for (var row : rows) {
      for (var column = 0; column < widths.length; column++) {
        var padding = " ".repeat(widths[column] - row.get(column).length());
        var cell = row.get(column);
        text.append("| ").append(column == 0 ? cell + padding : padding + cell).append(' ');
      }
      text.append("|\n");
      if (text.indexOf("\n") == text.length() - 1) {
        rule(widths, text);
      }
    }
    return text.toString();
  }

  private static void rule(int[] widths, StringBuilder text) {
    for (var column = 0; column < widths.length; column++) {
      text.append('|').append("-".repeat(widths[column] + (column == 0 ? 2 : 1)));
      text.append(column == 0 ? "" : ":");
    }
    text.append("|\n");
  }
}
