package dev.genserver.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `genserver connections`: who is connected, and ending connections.
final class ConnectionsCommands {

  private ConnectionsCommands() {}

  static CommandLine commandLine(Shell shell, List<String> words) {
    return new Subcommands()
        .add("close", () -> new Close(shell))
        .below(new CommandLine(new Connections(shell)), words);
  }

  private record Shown(Command.Options options) implements Command {

    @Override
    public void run(Shell shell) {
      Listing.CONNECTIONS.show(this, shell, Shown::table);
    }

    private static void table(List<Fields> connections, Screen screen) {
      var table =
          new Table()
              .number("ID")
              .text("PEER")
              .text("PRINCIPAL")
              .text("TLS")
              .number("AGE")
              .number("CALLS");
      for (var connection : connections) {
        table.row(
            connection.text("id"),
            connection.text("peer"),
            connection.has("principal") ? connection.text("principal") : "-",
            connection.text("tls").equals("true") ? "yes" : "no",
            Age.of(connection.number("age_ms")),
            connection.text("open_calls"));
      }
      table.show(screen);
    }

    @Override
    public String toString() {
      return "connections";
    }
  }

  @CommandLine.Command(
      description = "Lists who is connected, the oldest first, and how many calls each waits for.",
      footer = {"", "Example:", "  genserver connections"})
  private static final class Connections extends Subcommand {

    Connections(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Shown(options());
    }
  }

  @CommandLine.Command(
      description = "Closes a connection, with a goodbye; its client may come again.",
      footer = {"", "Example:", "  genserver connections close 1"})
  private static final class Close extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "As 'genserver connections' has it.")
    private long id;

    Close(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new SysCommand(
          "close of connection " + id,
          SysCommand.CONNECTIONS,
          SysCommand.begin("close", null).field("id").number(id).endObject().toRawJson(),
          SysCommand.SILENT,
          options());
    }
  }
}
