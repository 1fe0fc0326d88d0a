package dev.genserver.cli;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `genserver node`: the daemon as a whole.
final class NodeCommands {

  private NodeCommands() {}

  static CommandLine commandLine(Shell shell, List<String> words) {
    var commands = new Subcommands();
    add(commands, shell, "info", NodeCommands::info, "Tells what it is, has, counted.");
    add(
        commands,
        shell,
        "config",
        NodeCommands::config,
        "Lists all settings with their values, and where these came from.");
    add(
        commands,
        shell,
        "reload",
        NodeCommands::reload,
        "Has it read its settings, tokens and certificates again, as SIGHUP does; tells what"
            + " is used now and what needs a restart.");
    add(
        commands,
        shell,
        "drain",
        SysCommand.SILENT,
        "Ends it as SIGTERM does: what it has read is finished and answered.");
    var whole =
        line(
            new Line(shell, "info", NodeCommands::info),
            "Tells of the daemon as a whole.",
            "genserver node");
    return commands.below(whole, words);
  }

  private static void add(
      Subcommands commands, Shell shell, String type, SysCommand.View view, String description) {
    commands.add(
        type, _ -> line(new Line(shell, type, view), description, "genserver node " + type));
  }

  private static CommandLine line(Line command, String description, String example) {
    var line = new CommandLine(command);
    line.getCommandSpec()
        .usageMessage()
        .description(description)
        .footer("", "Example:", "  " + example);
    return line;
  }

  private static final class Line extends Subcommand {

    private final String type;
    private final SysCommand.View view;

    Line(Shell shell, String type, SysCommand.View view) {
      super(shell);
      this.type = type;
      this.view = view;
    }

    @Override
    Command command() {
      return new SysCommand(
          "node " + type, SysCommand.NODE, SysCommand.request(type, null), view, options());
    }
  }

  /// A line a field, then the counters.
  private static void info(@Nullable Object reply, Screen screen) {
    var info = Fields.of(reply);
    var shown = new LinkedHashMap<Object, @Nullable Object>(info.values());
    shown.replace(
        "plugins",
        info.objects("plugins").stream()
            .map(plugin -> plugin.text("id") + " " + plugin.text("version"))
            .toList());
    shown.remove("counters");
    ProcessViews.fields(shown, screen);
    info.object("counters")
        .ifPresent(counters -> {
          screen.line("");
          ProcessViews.fields(counters.values(), screen);
        });
  }

  private static void reload(@Nullable Object reply, Screen screen) {
    var reloaded = Fields.of(reply).values();
    var shown = new LinkedHashMap<Object, @Nullable Object>();
    for (var field : List.of("applied", "principals", "tokens", "need_restart")) {
      shown.put(field, reloaded.get(field));
    }
    ProcessViews.fields(shown, screen);
  }

  private static void config(@Nullable Object reply, Screen screen) {
    var table = new Table().text("KEY").text("VALUE").text("ORIGIN");
    for (var setting : Fields.list(reply)) {
      table.row(setting.text("key"), setting.text("value"), setting.text("origin"));
    }
    table.show(screen);
  }
}
