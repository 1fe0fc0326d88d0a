package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import picocli.CommandLine;

/// `genserver ping`: prints `"pong"`.
record PingCommand(Options options) implements Command {

  @Override
  public void run(Shell shell) {
    try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
      exchange.ask(new ClientMessage.Ping(Exchange.ID), ServerMessage.Pong.class);
      shell.print(RawJson.of("\"pong\""));
    }
  }

  @Override
  public String toString() {
    return "ping";
  }

  @CommandLine.Command(
      description = "Asks the daemon for a sign of life.",
      footer = {"", "Example:", "  genserver ping"})
  static final class Line extends Subcommand {

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PingCommand(options());
    }
  }
}
