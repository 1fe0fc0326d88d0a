package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the processes of a daemon have done from one look at them to the next.
///
/// @param seconds between the two
record TopSample(Fields node, double seconds, List<Row> rows) {

  /// What a process has done. One that was not there at the first look has done all of it since.
  ///
  /// @param messages a second
  /// @param busy the share of the time in percent
  record Row(Fields process, double messages, double busy) {}

  /// By what the rows are sorted, the most first.
  enum Order {
    MESSAGES,
    BUSY,
    QUEUED,
    RECEIVED,
    RESTARTS;

    private Comparator<Row> comparator() {
      Comparator<Row> leastFirst =
          switch (this) {
            case MESSAGES -> Comparator.comparingDouble(Row::messages);
            case BUSY -> Comparator.comparingDouble(Row::busy);
            case QUEUED -> by("queued");
            case RECEIVED -> by("received");
            case RESTARTS -> by("restarts");
          };
      return leastFirst.reversed();
    }

    private static Comparator<Row> by(String counter) {
      return Comparator.comparingLong(row -> row.process().number(counter));
    }
  }

  static TopSample of(
      Fields node, List<Fields> before, List<Fields> after, double seconds, Order order) {
    var earlier = new HashMap<String, Fields>();
    before.forEach(process -> earlier.put(process.text("pid"), process));
    var none = new Fields(Map.of());
    var rows =
        after.stream()
            .map(process -> {
              var then = earlier.getOrDefault(process.text("pid"), none);
              long received = process.number("received") - then.number("received");
              long busy = Math.max(0, process.number("busy_ms") - then.number("busy_ms"));
              return new Row(process, received / seconds, busy / seconds / 10);
            })
            .sorted(order.comparator())
            .toList();
    return new TopSample(node, seconds, rows);
  }

  private double messages() {
    return rows.stream().mapToDouble(Row::messages).sum();
  }

  /// One line for programs.
  void json(Shell shell) {
    var out = new JsonWriter().beginObject();
    out.field("messages_per_second").number(Math.round(messages()));
    out.field("processes").beginArray();
    for (var row : rows) {
      out.beginObject();
      row.process().values().forEach((name, value) -> out.field(name.toString()).value(value));
      out.field("messages_per_second").number(Math.round(row.messages()));
      out.field("busy_percent").number(Math.round(row.busy())).endObject();
    }
    shell.print(out.endArray().endObject().toRawJson());
  }

  /// @param most how many rows to show
  void show(Screen screen, int most) {
    screen.line(
        "%s, up %s, heap %s of %s, %,d processes, %,.0f messages/s"
            .formatted(
                node.text("version").isEmpty()
                    ? "genserverd"
                    : "genserverd " + node.text("version"),
                Age.of(node.number("uptime_ms")),
                mebibytes(node.number("heap_used_bytes")),
                mebibytes(node.number("heap_max_bytes")),
                rows.size(),
                messages()));
    var table =
        new Table()
            .text("NAME")
            .text("PID")
            .text("STATUS", screen::status)
            .number("MSG/S")
            .number("BUSY")
            .number("QUEUED")
            .number("RECEIVED")
            .number("RESTARTS")
            .text("SERVER");
    rows.stream()
        .limit(most)
        .forEach(row -> {
          var process = row.process();
          table.row(
              process.has("name") ? process.text("name") : "-",
              process.text("pid"),
              ProcessViews.words(process.text("status")),
              "%,.0f".formatted(row.messages()),
              "%.0f%%".formatted(row.busy()),
              process.text("queued"),
              process.text("received"),
              process.text("restarts"),
              ProcessViews.simpleName(process.text("server")));
        });
    table.show(screen);
  }

  private static String mebibytes(long bytes) {
    return "%,d MiB".formatted(bytes >> 20);
  }
}
