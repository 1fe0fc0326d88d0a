package dev.genserver.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin promote`: has all processes run the version that some have tried.
///
/// @param timeout how long all of it may take, as [TimeLimit] has it; null for the default
record PluginPromoteCommand(String id, @Nullable String timeout, Options options)
    implements Command {

  @Override
  public void run(Shell shell) {
    var request = SysCommand.begin("promote", null).field("plugin").string(id).endObject();
    var limit = PluginCommands.limit(timeout);
    var reply = SysCommand.ask(this, SysCommand.PLUGINS, request.toRawJson(), limit, shell);
    UpgradeView.show(reply, UpgradeView::upgraded, options, shell);
  }

  @Override
  public String toString() {
    return "promotion of plugin '" + id + "'";
  }

  @CommandLine.Command(
      description = "Has all processes of a plugin run the version that some have tried.",
      footer = {
        "",
        "Some try a version after 'plugin upgrade --canary'; 'plugin rollback' has them try it no more.",
        "",
        "Example:",
        "  genserver plugin promote trial"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "As 'genserver plugin' has it.")
    private String id;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = PluginCommands.TIMEOUT + "changing all its processes.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PluginPromoteCommand(id, timeout, options());
    }
  }
}
