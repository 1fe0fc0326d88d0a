package dev.genserver.cli;

import dev.genserver.protocol.MalformedJsonException;
import dev.genserver.protocol.RawJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// The command lines that look into a running daemon. No shell runs them a thousand times a minute,
/// so they are picocli's alone.
final class SysCommands {

  private SysCommands() {}

  static void addTo(CommandLine genserver, Shell shell) {
    genserver.addSubcommand("ps", new Ps(shell));
    genserver.addSubcommand("tree", new Tree(shell));
    of(genserver, shell, "info", "Tells all there is to know of a process.", ProcessViews::fields);
    of(
        genserver,
        shell,
        "why",
        "Tells what a process is at, what waits, what it waits for, and how it last crashed.",
        WhyView::show);
    genserver.addSubcommand("state", new State(shell));
    genserver.addSubcommand("replace-state", new ReplaceState(shell));
    genserver.addSubcommand("stats", new Stats(shell));
    genserver.addSubcommand("trace", new Trace(shell));
    of(
        genserver,
        shell,
        "suspend",
        "Has a process take no messages until it is resumed; they wait.",
        SysCommand.SILENT);
    of(genserver, shell, "resume", "Has a suspended process go on.", SysCommand.SILENT);
    of(
        genserver,
        shell,
        "stop",
        "Ends a process; one that is supervised stays down until it is restarted.",
        SysCommand.SILENT);
    of(
        genserver,
        shell,
        "restart",
        "Ends a supervised process, if it runs, and starts it anew; prints its pid.",
        ProcessViews::pid);
    genserver.addSubcommand("start", new Start(shell));
  }

  private static void of(
      CommandLine genserver, Shell shell, String name, String description, SysCommand.View view) {
    add(genserver, name, description, new AboutOne(shell, name, view));
  }

  private static void add(CommandLine genserver, String name, String description, Object command) {
    var line = new CommandLine(command);
    line.getCommandSpec().usageMessage().description(description);
    genserver.addSubcommand(name, line);
  }

  /// A command whose reply people read in a form of its own, and programs as JSON.
  abstract static class Sys extends Commands.Subcommand {

    @Option(names = "--json", description = "Print the reply as JSON, as it came.")
    private boolean json;

    Sys(Shell shell) {
      super(shell);
    }

    final boolean json() {
      return json;
    }

    final Command command(String title, RawJson request, SysCommand.View view) {
      return new SysCommand(title, request, json ? null : view, options());
    }
  }

  /// One that is about a process.
  abstract static class OfProcess extends Sys {

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        description = "A process's name, or its pid such as '<1.42>'.")
    private String process;

    OfProcess(Shell shell) {
      super(shell);
    }

    final String process() {
      return process;
    }

    final Command command(String name, String type, SysCommand.View view) {
      return command(name + " of '" + process + "'", SysCommand.request(type, process), view);
    }
  }

  @CommandLine.Command(
      name = "ps",
      description = "Lists the processes.",
      mixinStandardHelpOptions = true)
  private static final class Ps extends Sys {

    Ps(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PsCommand(json(), options());
    }
  }

  @CommandLine.Command(
      name = "tree",
      description = "Draws the supervision tree, with what does not run.",
      mixinStandardHelpOptions = true)
  private static final class Tree extends Sys {

    Tree(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return command("tree", SysCommand.request("tree", null), ProcessViews::tree);
    }
  }

  @CommandLine.Command(mixinStandardHelpOptions = true)
  private static final class AboutOne extends OfProcess {

    private final String name;
    private final SysCommand.View view;

    AboutOne(Shell shell, String name, SysCommand.View view) {
      super(shell);
      this.name = name;
      this.view = view;
    }

    @Override
    Command command() {
      return command(name, name, view);
    }
  }

  @CommandLine.Command(
      name = "state",
      description = "Prints the state of a process as JSON.",
      mixinStandardHelpOptions = true)
  private static final class State extends OfProcess {

    State(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new SysCommand(
          "state of '" + process() + "'",
          SysCommand.request("get_state", process()),
          null,
          options());
    }
  }

  @CommandLine.Command(
      name = "replace-state",
      description = "Gives a process another state, and prints it.",
      mixinStandardHelpOptions = true)
  private static final class ReplaceState extends OfProcess {

    @Parameters(
        index = "1",
        paramLabel = "JSON",
        converter = Json.class,
        description = "The state, all fields of it, such as '{\"total\":7}'.")
    private RawJson state;

    ReplaceState(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new SysCommand(
          "replace-state of '" + process() + "'",
          SysCommand.begin("replace_state", process())
              .field("state")
              .json(state)
              .endObject()
              .toRawJson(),
          null,
          options());
    }
  }

  @CommandLine.Command(
      name = "stats",
      description = "Prints how much a process has done since its statistics were switched on.",
      mixinStandardHelpOptions = true)
  private static final class Stats extends OfProcess {

    @ArgGroup private @Nullable Switch toggle;

    private static final class Switch {

      @Option(names = "--on", description = "Switch the statistics on, from zero.")
      private boolean on;

      @Option(names = "--off", description = "Switch the statistics off.")
      private boolean off;
    }

    Stats(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      if (toggle == null) {
        return command("stats", "statistics", ProcessViews::fields);
      }
      return command(
          "stats of '" + process() + "'",
          SysCommand.begin("statistics", process())
              .field("enabled")
              .bool(toggle.on && !toggle.off)
              .endObject()
              .toRawJson(),
          SysCommand.SILENT);
    }
  }

  @CommandLine.Command(
      name = "trace",
      description = "Prints what a process does as it does it, until Ctrl-C.",
      mixinStandardHelpOptions = true)
  private static final class Trace extends OfProcess {

    @Option(names = "--for", paramLabel = "TIME", description = "End after so long, such as 10s.")
    private @Nullable String length;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private long count;

    Trace(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new TraceCommand(process(), length, count, json(), options());
    }
  }

  @CommandLine.Command(
      name = "start",
      description = "Starts a process of a plugin's behaviour, supervised; prints its pid.",
      mixinStandardHelpOptions = true)
  private static final class Start extends Sys {

    @Parameters(
        index = "0",
        paramLabel = "BEHAVIOUR",
        description = "What a plugin calls it, such as counter.")
    private String behaviour;

    @Option(
        names = "--name",
        required = true,
        paramLabel = "NAME",
        description = "What it is registered under.")
    private String name;

    @Option(
        names = "--args",
        paramLabel = "JSON",
        converter = Json.class,
        description = "What it is started with, an object such as '{\"start\":7}'.")
    private RawJson args = RawJson.of("{}");

    Start(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return command(
          "start of '" + name + "'",
          SysCommand.begin("start", null)
              .field("behaviour")
              .string(behaviour)
              .field("name")
              .string(name)
              .field("args")
              .json(args)
              .endObject()
              .toRawJson(),
          ProcessViews::pid);
    }
  }

  /// A JSON value as somebody wrote it in a shell.
  private static final class Json implements ITypeConverter<RawJson> {

    @Override
    public RawJson convert(String text) {
      try {
        return RawJson.of(text);
      } catch (MalformedJsonException e) {
        throw new TypeConversionException(
            e.getMessage() + "; write JSON within single quotes, such as '{\"total\":7}'");
      }
    }
  }
}
