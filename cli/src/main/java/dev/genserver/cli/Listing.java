package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of which a daemon tells some lines at a time: it is asked until it has told them all.
///
/// @param to the process that is asked
/// @param key the field whose value in the last line the next question names
record Listing(String to, String key) {

  static final Listing PROCESSES = new Listing(SysCommand.PROCESSES, "pid");
  static final Listing CONNECTIONS = new Listing(SysCommand.CONNECTIONS, "id");

  /// How many to ask for at a time.
  static final int PAGE = 500;

  /// How people read it.
  interface View {
    void show(List<Fields> lines, Screen screen);
  }

  void show(Command command, Shell shell, View view) {
    var lines = all(command, shell);
    if (command.options().json()) {
      shell.print(new JsonWriter().value(lines.stream().map(Fields::values).toList()).toRawJson());
    } else {
      Screen.show(shell, command.options(), screen -> view.show(lines, screen));
    }
  }

  List<Fields> all(Command command, Shell shell) {
    var lines = new ArrayList<Fields>();
    List<Fields> page = List.of();
    do {
      var request = page.isEmpty() ? begin() : begin().field("after").value(last(page));
      page = ask(command, request.endObject().toRawJson(), shell);
      lines.addAll(page);
    } while (page.size() >= PAGE);
    return lines;
  }

  private static JsonWriter begin() {
    return SysCommand.begin("list", null).field("limit").number(PAGE);
  }

  private @Nullable Object last(List<Fields> page) {
    return page.getLast().values().get(key);
  }

  private List<Fields> ask(Command command, RawJson request, Shell shell) {
    return Fields.list(
        SysCommand.ask(command, to, request, Command.DEFAULT_LIMIT, shell).toValue());
  }
}
