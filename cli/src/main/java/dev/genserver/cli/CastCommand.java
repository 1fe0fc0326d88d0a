package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ServerMessage;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `genserver cast`: prints nothing.
///
/// @param message as [MessageSyntax] has it
/// @param confirm whether to wait until it is in the mailbox
record CastCommand(String name, List<String> message, boolean confirm, Options options)
    implements Command {

  static final String NO_CONFIRM = "--no-confirm";

  @Override
  public void run(Shell shell) {
    var msg = MessageSyntax.parse(message, shell.in());
    var id = confirm ? Exchange.ID : null;
    var cast = new ClientMessage.Cast(id, name, msg, Map.of(), null);
    try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
      if (confirm) {
        exchange.ask(cast, ServerMessage.Ok.class);
      } else {
        exchange.tell(cast);
      }
    }
  }

  @Override
  public String toString() {
    return "cast to '" + name + "'";
  }

  @CommandLine.Command(
      description = "Sends a message to a process and waits until it is in its mailbox.",
      footer = {"", "Example:", "  genserver cast counter reset"})
  static final class Line extends Subcommand {

    @Mixin private RequestWords request;

    @Option(
        names = NO_CONFIRM,
        description = "Send it and do not wait; nothing tells whether it arrived.")
    private boolean noConfirm;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new CastCommand(request.name(), request.message(), !noConfirm, options());
    }
  }
}
