package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request to the process by which a daemon administers its processes.
///
/// @param title what a failure calls it
/// @param request what is asked
/// @param view how people read the reply; null where the JSON itself is asked for
record SysCommand(String title, RawJson request, @Nullable View view, Options options)
    implements Command {

  static final String PROCESS = "sys.processes";

  /// How people read a reply.
  interface View {
    void show(@Nullable Object reply, Screen screen);
  }

  /// Says nothing: it is done.
  static final View SILENT = (_, _) -> {};

  /// A request of that type, about a process if one is named.
  static RawJson request(String type, @Nullable String process) {
    return begin(type, process).endObject().toRawJson();
  }

  /// The same, for more fields.
  static JsonWriter begin(String type, @Nullable String process) {
    var request = new JsonWriter().beginObject().field("type").string(type);
    return process == null ? request : request.field("process").string(process);
  }

  @Override
  public void run(Shell shell) {
    var result = ask(this, request, DEFAULT_LIMIT, shell);
    if (view == null) {
      shell.print(result);
    } else {
      var screen = new Screen(shell);
      view.show(result.toValue(), screen);
      screen.flush();
    }
  }

  /// Sends one request over a connection of its own and waits for the reply.
  static RawJson ask(Command command, RawJson request, TimeLimit limit, Shell shell) {
    try (var exchange = Exchange.open(command, shell, limit)) {
      var call =
          new ClientMessage.Call(
              Exchange.ID, PROCESS, request, exchange.remainingMillis(), Map.of(), null);
      return exchange.ask(call, ServerMessage.Reply.class).result();
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
