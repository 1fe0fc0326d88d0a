package dev.genserver.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `genserver call`: prints the reply.
///
/// @param message as [MessageSyntax] has it
/// @param timeout as [TimeLimit] has it; null for the default
record CallCommand(String name, List<String> message, @Nullable String timeout, Options options)
    implements Command {

  static final String TIMEOUT = "--timeout";

  @Override
  public void run(Shell shell) {
    var limit = timeout == null ? DEFAULT_LIMIT : TimeLimit.parse(timeout);
    var msg = MessageSyntax.parse(message, shell.in());
    try (var exchange = Exchange.open(this, shell, limit)) {
      shell.print(exchange.call(name, msg));
    }
  }

  @Override
  public String toString() {
    return "call to '" + name + "'";
  }

  @CommandLine.Command(
      description = "Sends a message to a process, waits for its reply and prints it.",
      footer = {"", "Example:", "  genserver call counter add by=3"})
  static final class Line extends Subcommand {

    @Mixin private RequestWords request;

    @Option(
        names = TIMEOUT,
        paramLabel = "TIME",
        description = "How long to wait, such as 500ms, 2s, 1m, infinity. Default: 5s.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new CallCommand(request.name(), request.message(), timeout, options());
    }
  }
}
