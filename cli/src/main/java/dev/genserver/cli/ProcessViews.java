package dev.genserver.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How people read what `sys.processes` says of processes.
final class ProcessViews {

  private ProcessViews() {}

  /// `genserver ps`: a line a process.
  static void list(List<Fields> processes, Screen screen) {
    var table =
        new Table()
            .text("NAME")
            .text("PID")
            .text("KIND")
            .text("STATUS", screen::status)
            .number("QUEUED")
            .number("RECEIVED")
            .number("BUSY")
            .number("RESTARTS")
            .text("SERVER");
    for (var process : processes) {
      table.row(
          process.has("name") ? process.text("name") : "-",
          process.text("pid"),
          process.text("kind"),
          words(process.text("status")),
          process.text("queued"),
          process.text("received"),
          Age.of(process.number("busy_ms")),
          process.text("restarts"),
          simpleName(process.text("server")));
    }
    table.show(screen);
  }

  /// A line a field, lists in one line: `genserver info` and `genserver stats`.
  static void fields(@Nullable Object reply, Screen screen) {
    if (!(reply instanceof Map<?, ?> map)) {
      screen.line(reply == null ? "statistics are off; --on switches them on" : reply.toString());
      return;
    }
    var width = map.keySet().stream().mapToInt(key -> label(key).length()).max().orElse(0);
    map.forEach((key, value) -> {
      var label = label(key);
      screen.line(
          screen.paint(Screen.Paint.HEADING, label)
              + " ".repeat(width - label.length() + 2)
              + value(key.toString(), value, screen));
    });
  }

  private static String label(Object key) {
    var text = key.toString();
    return words(text.endsWith("_ms") ? text.substring(0, text.length() - 3) : text);
  }

  private static String value(String key, @Nullable Object value, Screen screen) {
    return switch (value) {
      case Number millis when key.endsWith("_ms") -> Age.of(millis.longValue());
      case List<?> list when list.isEmpty() -> "none";
      case List<?> list -> String.join(", ", list.stream().map(Fields::line).toList());
      case String status when key.equals("status") -> screen.status(words(status));
      case null -> "-";
      default -> Fields.line(value);
    };
  }

  /// `genserver tree`.
  static void tree(@Nullable Object reply, Screen screen) {
    var root = Fields.of(reply);
    screen.line(node(root, screen));
    branches(root, "", screen);
  }

  private static void branches(Fields parent, String indent, Screen screen) {
    var children = parent.objects("children");
    long more = parent.number("more");
    for (var i = 0; i < children.size(); i++) {
      var last = i == children.size() - 1 && more == 0;
      var child = children.get(i);
      screen.line(indent + (last ? "└─ " : "├─ ") + node(child, screen));
      branches(child, indent + (last ? "   " : "│  "), screen);
    }
    if (more > 0) {
      screen.line(indent + "└─ … " + more + " more");
    }
  }

  /// `counter <1.4> idle, permanent, 2 restarts`.
  private static String node(Fields node, Screen screen) {
    var about = new ArrayList<String>();
    if (!node.text("kind").equals("server")) {
      about.add(node.text("kind"));
    }
    about.add(screen.status(words(node.text("status"))));
    about.add(node.text("restart"));
    long restarts = node.number("restarts");
    if (restarts > 0) {
      about.add(screen.paint(Screen.Paint.WAITING, count(restarts, "restart")));
    }
    long queued = node.number("queued");
    if (queued > 0) {
      about.add(queued + " queued");
    }
    about.removeIf(String::isEmpty);
    var pid = node.has("pid") ? " " + node.text("pid") : "";
    return screen.paint(Screen.Paint.HEADING, label(node)) + pid + "  " + String.join(", ", about);
  }

  private static String label(Fields node) {
    for (var field : List.of("name", "id")) {
      if (node.has(field)) {
        return node.text(field);
      }
    }
    return node.has("server") ? simpleName(node.text("server")) : "-";
  }

  /// `genserver start` and `restart`: who runs now.
  static void pid(@Nullable Object reply, Screen screen) {
    screen.line(Fields.of(reply).text("pid"));
  }

  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /// `not_running` as `not running`.
  static String words(String name) {
    return name.replace('_', ' ');
  }

  /// `Counter` for `dev.genserver.examples.counter.Counter`.
  static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
