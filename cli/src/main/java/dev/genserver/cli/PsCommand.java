package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.List;

/// `genserver ps`: lists the processes. A daemon tells of some at a time, so it asks until it has
/// all.
///
/// @param json whether the list is printed as JSON
record PsCommand(boolean json, Options options) implements Command {

  /// How many to ask for at a time.
  static final int PAGE = 500;

  @Override
  public void run(Shell shell) {
    var processes = new ArrayList<Fields>();
    List<Fields> page;
    var last = "";
    do {
      page = Fields.list(SysCommand.ask(this, request(last), DEFAULT_LIMIT, shell).toValue());
      processes.addAll(page);
      last = page.isEmpty() ? "" : page.getLast().text("pid");
    } while (page.size() >= PAGE);
    if (json) {
      shell.print(
          new JsonWriter().value(processes.stream().map(Fields::values).toList()).toRawJson());
    } else {
      var screen = new Screen(shell);
      ProcessViews.list(processes, screen);
      screen.flush();
    }
  }

  private static RawJson request(String last) {
    var request = SysCommand.begin("list", null).field("limit").number(PAGE);
    return (last.isEmpty() ? request : request.field("after").string(last)).endObject().toRawJson();
  }

  @Override
  public String toString() {
    return "ps";
  }
}
