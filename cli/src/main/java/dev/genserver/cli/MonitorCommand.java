package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `genserver monitor`: prints what is watched, and how that ended once it has.
record MonitorCommand(String name, Options options) implements Command {

  @Override
  public void run(Shell shell) {
    try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
      var request = new ClientMessage.Monitor(Exchange.ID, name);
      var result = exchange.ask(request, ServerMessage.Ok.class).result();
      shell.print(result == null ? RawJson.NULL : result);
      shell.print(json(exchange.waitFor(ServerMessage.Down.class)));
    }
  }

  private static RawJson json(ServerMessage.Down down) {
    var out = new JsonWriter();
    out.beginObject().field("ref").string(down.ref());
    if (down.pid() != null) {
      out.field("pid").string(down.pid());
    }
    if (down.name() != null) {
      out.field("name").string(down.name());
    }
    return out.field("reason").value(down.reason()).endObject().toRawJson();
  }

  @Override
  public String toString() {
    return "monitor of '" + name + "'";
  }

  @CommandLine.Command(
      description = "Waits until a process ends. Prints its pid, then why it ended.",
      footer = {
        "",
        "Two lines of JSON, the second when the process has ended; at once, with the reason noproc,"
            + " if it is not there. Exits 0 then. Ctrl-C ends the wait.",
        "",
        "Example:",
        "  genserver monitor counter"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = RequestWords.NAME)
    private String name;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new MonitorCommand(name, options());
    }
  }
}
