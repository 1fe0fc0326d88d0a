package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin`: what a daemon runs, and changing that.
final class PluginCommands {

  /// How the help of commands begins to tell of their time limit.
  static final String TIMEOUT =
      "How long it may take, such as 30s, 10m, infinity; 2m if not said: ";

  /// What a plugin has of the version that it can be rolled back to.
  static final String PREVIOUS = "previous";

  static final String CANARY = "canary";

  /// Processes are stopped within their shutdown times, and that may be long.
  private static final TimeLimit LIMIT = new TimeLimit(120_000);

  private PluginCommands() {}

  static CommandLine commandLine(Shell shell, List<String> words) {
    return new Subcommands()
        .add("list", () -> new ListAll(shell))
        .add("new", () -> new PluginNewCommand.Line(shell))
        .add("verify", () -> new PluginJarCommand.Verify(shell))
        .add("deploy", () -> new PluginJarCommand.Deploy(shell))
        .add("upgrade", () -> new PluginUpgradeCommand.Line(shell))
        .add("promote", () -> new PluginPromoteCommand.Line(shell))
        .add("rollback", () -> new PluginRollbackCommand.Line(shell))
        .add("restart", () -> new PluginRestartCommand.Line(shell))
        .add("remove", () -> new Remove(shell))
        .below(new CommandLine(new Plugins(shell)), words);
  }

  static TimeLimit limit(@Nullable String timeout) {
    return timeout == null ? LIMIT : TimeLimit.parse(timeout);
  }

  /// `shop 1.0.0`.
  static String name(Fields plugin) {
    return plugin.text("id") + " " + plugin.text("version");
  }

  static String processes(long number) {
    return number + (number == 1 ? " process" : " processes");
  }

  static void warn(String warning, Command.Options options, Shell shell) {
    if (!options.quiet()) {
      shell.err().println("warning: " + warning);
    }
  }

  private static void list(@Nullable Object reply, Screen screen) {
    var plugins = Fields.of(reply);
    table(plugins.objects("plugins")).show(screen);
    for (var plugin : plugins.objects("plugins")) {
      if (plugin.has("probation_ms")) {
        var left = Age.of(plugin.number("probation_ms"));
        screen.line(
            screen.paint(
                Screen.Paint.WAITING, name(plugin) + " is on probation for another " + left));
      }
    }
    for (var plugin : plugins.objects("plugins")) {
      plugin
          .object(CANARY)
          .ifPresent(
              canary -> screen.line(screen.paint(Screen.Paint.WAITING, canary(plugin, canary))));
    }
    for (var problem : plugins.texts("problems")) {
      screen.line(screen.paint(Screen.Paint.BAD, problem));
    }
    for (var leak : plugins.objects("leaking")) {
      screen.line(screen.paint(Screen.Paint.WAITING, name(leak) + " was removed; " + held(leak)));
    }
  }

  private static String canary(Fields plugin, Fields canary) {
    return "%s %s is tried by %s; %d%% of the dynamic children are to"
        .formatted(
            plugin.text("id"),
            canary.text("version"),
            processes(canary.number("processes")),
            canary.number("percent"));
  }

  /// Most plugins were never upgraded, so there is a column for that only if one was.
  private static Table table(List<Fields> plugins) {
    var anyUpgraded = plugins.stream().anyMatch(plugin -> plugin.has(PREVIOUS));
    var table = new Table().text("ID").text("VERSION");
    if (anyUpgraded) {
      table.text("PREVIOUS");
    }
    table.text("FILE").text("BEHAVIOURS");
    for (var plugin : plugins) {
      var cells = new ArrayList<>(List.of(plugin.text("id"), plugin.text("version")));
      if (anyUpgraded) {
        cells.add(plugin.has(PREVIOUS) ? plugin.text(PREVIOUS) : "-");
      }
      cells.add(plugin.text("file"));
      cells.add(String.join(", ", plugin.texts("behaviours")));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  /// `its classes are in memory still, held by thread 'x'`.
  private static String held(Fields leak) {
    var holders = leak.texts("held_by");
    return "its classes are in memory still, held by "
        + (holders.isEmpty() ? "what could not be found" : String.join(", ", holders));
  }

  private static RawJson listRequest() {
    return SysCommand.request("list", null);
  }

  @CommandLine.Command(
      description = "Lists the plugins, and what is wrong with others.",
      footer = {"", "Example:", "  genserver plugin"})
  private static class Plugins extends Subcommand {

    Plugins(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new SysCommand(
          "plugin list", SysCommand.PLUGINS, listRequest(), PluginCommands::list, options());
    }
  }

  @CommandLine.Command(
      description = "Lists the plugins, what could not be loaded, and what stayed in memory.",
      footer = {"", "Example:", "  genserver plugin list"})
  private static final class ListAll extends Plugins {

    ListAll(Shell shell) {
      super(shell);
    }
  }

  private record Removal(String id, @Nullable String timeout, Options options) implements Command {

    @Override
    public void run(Shell shell) {
      var request = SysCommand.begin("remove", null).field("plugin").string(id).endObject();
      var reply =
          SysCommand.ask(this, SysCommand.PLUGINS, request.toRawJson(), limit(timeout), shell);
      var about = Fields.of(reply.toValue());
      if (options.json()) {
        shell.print(reply);
      } else {
        Screen.show(shell, options, screen -> screen.line(result(about)));
      }
      if (!isUnloaded(about)) {
        warn(name(about) + " was removed, but " + held(about), options, shell);
      }
    }

    private static String result(Fields about) {
      return name(about)
          + " removed, "
          + processes(about.number("processes"))
          + " stopped"
          + (isUnloaded(about) ? ", its classes are gone" : "");
    }

    private static boolean isUnloaded(Fields about) {
      return about.text("unloaded").equals("true");
    }

    @Override
    public String toString() {
      return "remove of plugin '" + id + "'";
    }
  }

  @CommandLine.Command(
      description =
          "Stops a plugin's processes in order and unloads it; its jar is renamed to *.removed.",
      footer = {
        "",
        "A warning tells what holds its classes in memory, if something does.",
        "",
        "Example:",
        "  genserver plugin remove shop"
      })
  private static final class Remove extends Subcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "As 'genserver plugin' has it.")
    private String id;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = TIMEOUT + "stopping its processes and all.")
    private @Nullable String timeout;

    Remove(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Removal(id, timeout, options());
    }
  }
}
