package dev.genserver.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin restart`: stops the processes of a plugin, if any run, and starts them anew.
///
/// @param timeout how long all of it may take, as [TimeLimit] has it; null for the default
record PluginRestartCommand(String id, @Nullable String timeout, Options options)
    implements Command {

  @Override
  public void run(Shell shell) {
    var request = SysCommand.begin("restart", null).field("plugin").string(id).endObject();
    var reply =
        SysCommand.ask(
            this, SysCommand.PLUGINS, request.toRawJson(), PluginCommands.limit(timeout), shell);
    if (options.json()) {
      shell.print(reply);
    } else {
      var about = Fields.of(reply.toValue());
      Screen.show(shell, options, screen -> screen.line(result(about)));
    }
  }

  private static String result(Fields about) {
    return "%s restarted, %s started"
        .formatted(PluginCommands.name(about), PluginCommands.processes(about.number("processes")));
  }

  @Override
  public String toString() {
    return "restart of plugin '" + id + "'";
  }

  @CommandLine.Command(
      description =
          "Stops a plugin's processes in order, if any run, and starts them anew, with fresh"
              + " states.",
      footer = {
        "",
        "A plugin whose restarts were exhausted runs again. Processes that were started at run time"
            + " are gone.",
        "",
        "Example:",
        "  genserver plugin restart kv"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "As 'genserver plugin' has it.")
    private String id;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = PluginCommands.TIMEOUT + "stopping and starting all its processes.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PluginRestartCommand(id, timeout, options());
    }
  }
}
