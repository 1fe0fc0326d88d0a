package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/// A request to one of the processes by which a daemon is administered.
///
/// @param title what a failure calls it
/// @param to the process
/// @param request what is asked
/// @param view how people read the reply; null where they read the JSON too
record SysCommand(String title, String to, RawJson request, @Nullable View view, Options options)
    implements Command {

  static final String PROCESSES = "sys.processes";
  static final String CONNECTIONS = "sys.connections";
  static final String NODE = "sys.node";
  static final String PLUGINS = "sys.plugins";

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
    var result = ask(this, to, request, DEFAULT_LIMIT, shell);
    if (options.json() || view == null) {
      shell.print(result);
    } else {
      Screen.show(shell, options, screen -> view.show(result.toValue(), screen));
    }
  }

  /// Sends one request over a connection of its own and waits for the reply.
  static RawJson ask(Command command, String to, RawJson request, TimeLimit limit, Shell shell) {
    try (var exchange = Exchange.open(command, shell, limit)) {
      return exchange.call(to, request);
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
