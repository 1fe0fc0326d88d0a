package dev.genserver.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `genserver log-level`: from which importance on the daemon logs.
final class LogLevelCommand {

  private LogLevelCommand() {}

  private static void table(@Nullable Object reply, Screen screen) {
    var levels = Fields.of(reply);
    var table = new Table().text("LOGGER").text("LEVEL");
    table.row("*", levels.text("level"));
    levels
        .object("levels")
        .ifPresent(own ->
            own.values()
                .keySet()
                .forEach(logger -> table.row(Fields.line(logger), own.text(logger.toString()))));
    table.show(screen);
  }

  @CommandLine.Command(
      description = {
        "Tells from which level on the daemon logs, or changes that until it is told otherwise,"
            + " reads its settings again, or ends.",
        "Levels are off, error, warn, info, debug and trace."
      },
      footer = {"", "Example:", "  genserver log-level dev.genserver.daemon.net debug"})
  static final class Line extends Subcommand {

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "LOGGER",
        description =
            "The logger and those below it, such as dev.genserver.daemon.net; left out, all that"
                + " have no level of their own.")
    private @Nullable String logger;

    @Parameters(index = "1", arity = "0..1", paramLabel = "LEVEL", description = "Its new level.")
    private @Nullable String level;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      var request = SysCommand.begin("log_level", null);
      if (level != null && logger != null) {
        request.field("logger").string(logger);
      }
      // One word alone is a level.
      var next = level == null ? logger : level;
      if (next != null) {
        request.field("level").string(next);
      }
      return new SysCommand(
          "log-level",
          SysCommand.NODE,
          request.endObject().toRawJson(),
          LogLevelCommand::table,
          options());
    }
  }
}
