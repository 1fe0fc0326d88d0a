package dev.genserver.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `genserver describe`: which messages a process takes, each with a command line that sends one.
final class DescribeView {

  private DescribeView() {}

  static void show(@Nullable Object reply, Screen screen) {
    var about = Fields.of(reply);
    screen.heading(head(about));
    var name = about.text(about.has("name") ? "name" : "pid");
    var quoted = name.startsWith("<") ? "'" + name + "'" : name;
    var table = new Table().text("OP").text("TYPE").text("FIELDS").text("EXAMPLE");
    rows(table, "call", about.values().get("calls"), "genserver call " + quoted + " ");
    rows(table, "cast", about.values().get("casts"), "genserver cast " + quoted + " ");
    table.show(screen);
  }

  /// `counter <1.4> is a Counter, the behaviour counter of plugin counter 0.1.0`.
  private static String head(Fields about) {
    var name = about.has("name") ? about.text("name") + " " : "";
    var of =
        about.has("plugin")
            ? " of plugin " + about.text("plugin") + " " + about.text("version")
            : "";
    var behaviour = about.has("behaviour") ? ", the behaviour " + about.text("behaviour") + of : "";
    var server = ProcessViews.simpleName(about.text("server"));
    return name + about.text("pid") + " is a " + server + behaviour;
  }

  private static void rows(Table table, String op, @Nullable Object messages, String start) {
    if (messages instanceof Map<?, ?> types) {
      types.forEach((type, fields) -> {
        var named = Fields.of(fields);
        table.row(op, Fields.line(type), shown(named), start + example(type, named));
      });
    } else if (messages != null) {
      var wanted = Fields.line(messages);
      table.row(op, "-", wanted, start + quoted(value(wanted)));
    }
  }

  private static String shown(Fields fields) {
    var shown = new StringBuilder();
    fields
        .values()
        .forEach((field, wanted) ->
            shown
                .append(shown.isEmpty() ? "" : ", ")
                .append(Fields.line(field))
                .append(": ")
                .append(Fields.line(wanted)));
    return shown.toString();
  }

  private static String example(Object type, Fields fields) {
    var words = new StringBuilder(Fields.line(type));
    fields
        .values()
        .forEach((field, wanted) ->
            words
                .append(' ')
                .append(Fields.line(field))
                .append('=')
                .append(quoted(value(Fields.line(wanted)))));
    return words.toString();
  }

  /// Some value that would be taken, or at least has its outermost form.
  private static String value(String wanted) {
    var first = wanted.split(" \\| ", 2)[0];
    return switch (first) {
      case "integer" -> "1";
      case "number" -> "1.5";
      case "milliseconds" -> "250ms";
      case "boolean" -> "true";
      case "string", "any" -> "text";
      default -> {
        if (first.endsWith("[]")) {
          yield "[]";
        }
        yield first.startsWith("{") || first.equals("object") ? "{}" : first.replace("\"", "");
      }
    };
  }

  private static String quoted(String word) {
    return word.matches("[\\w.\\-]+") ? word : "'" + word + "'";
  }
}
