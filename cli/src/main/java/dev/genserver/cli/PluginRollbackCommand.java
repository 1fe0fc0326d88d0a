package dev.genserver.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin rollback`: has the version take over again that ran before the last upgrade.
///
/// @param force whether processes whose states cannot be carried back go on with those from before
/// @param timeout how long all of it may take, as [TimeLimit] has it; null for the default
record PluginRollbackCommand(String id, boolean force, @Nullable String timeout, Options options)
    implements Command {

  @Override
  public void run(Shell shell) {
    var request = SysCommand.begin("rollback", null).field("plugin").string(id);
    if (force) {
      request.field("force").bool(true);
    }
    var reply =
        SysCommand.ask(
            this,
            SysCommand.PLUGINS,
            request.endObject().toRawJson(),
            PluginCommands.limit(timeout),
            shell);
    UpgradeView.show(reply, UpgradeView::rolledBack, options, shell);
  }

  @Override
  public String toString() {
    return "rollback of plugin '" + id + "'";
  }

  @CommandLine.Command(
      description =
          "Has the version of a plugin take over again that ran before the last upgrade, with the"
              + " states that its processes have now.",
      footer = {
        "",
        "There is a way back until the daemon starts again, one version far; 'genserver plugin' shows"
            + " it.",
        "",
        "Example:",
        "  genserver plugin rollback shop"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "As 'genserver plugin' has it.")
    private String id;

    @Option(
        names = "--force",
        description = {
          "Have processes whose states cannot be carried back go on with those from before the"
              + " upgrade; these are kept until the probation is over."
        })
    private boolean force;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = PluginCommands.TIMEOUT + "changing all its processes back.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PluginRollbackCommand(id, force, timeout, options());
    }
  }
}
