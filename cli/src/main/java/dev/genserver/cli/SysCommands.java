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

  static void addTo(Subcommands commands, Shell shell) {
    commands
        .add("ps", () -> new PsCommand.Line(shell))
        .add("tree", () -> new Tree(shell))
        .add("describe", () -> new Describe(shell));
    addAboutOne(
        commands, shell, "info", ProcessViews::fields, "Tells all there is to know of a process.");
    addAboutOne(
        commands,
        shell,
        "why",
        WhyView::show,
        "Tells what a process is at, what waits, what it waits for, and how it last crashed.");
    commands
        .add("state", () -> new State(shell))
        .add("replace-state", () -> new ReplaceState(shell))
        .add("stats", () -> new Stats(shell))
        .add("trace", () -> new TraceCommand.Line(shell));
    addAboutOne(
        commands,
        shell,
        "suspend",
        SysCommand.SILENT,
        "Has a process take no messages until it is resumed; they wait.");
    addAboutOne(commands, shell, "resume", SysCommand.SILENT, "Has a suspended process go on.");
    addAboutOne(
        commands,
        shell,
        "stop",
        SysCommand.SILENT,
        "Ends a process; one that is supervised stays down until it is restarted.");
    addAboutOne(
        commands,
        shell,
        "restart",
        ProcessViews::pid,
        "Ends a supervised process, if it runs, and starts it anew; prints its pid.");
    commands.add("start", () -> new Start(shell));
  }

  private static void addAboutOne(
      Subcommands commands, Shell shell, String name, SysCommand.View view, String description) {
    commands.add(
        name,
        _ -> {
          var line = new CommandLine(new AboutOne(shell, name, view));
          line.getCommandSpec()
              .usageMessage()
              .description(description)
              .footer("", "Example:", "  genserver " + name + " counter");
          return line;
        });
  }

  /// One that is about a process.
  private abstract static class OfProcess extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = RequestWords.NAME)
    private String process;

    OfProcess(Shell shell) {
      super(shell);
    }

    final String process() {
      return process;
    }

    final Command ask(String name, RawJson request, SysCommand.@Nullable View view) {
      return new SysCommand(
          name + " of '" + process + "'", SysCommand.PROCESSES, request, view, options());
    }
  }

  @CommandLine.Command(
      description = "Draws the supervision tree, with what does not run.",
      footer = {"", "Example:", "  genserver tree"})
  private static final class Tree extends Subcommand {

    Tree(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new SysCommand(
          "tree",
          SysCommand.PROCESSES,
          SysCommand.request("tree", null),
          ProcessViews::tree,
          options());
    }
  }

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
      return ask(name, SysCommand.request(name, process()), view);
    }
  }

  @CommandLine.Command(
      description = "Tells which messages a process takes.",
      footer = {"", "Example:", "  genserver describe counter --schema"})
  private static final class Describe extends OfProcess {

    @Option(
        names = "--schema",
        description = "As JSON Schema, an object with one for calls and one for casts.")
    private boolean schema;

    Describe(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return schema
          ? new SchemaCommand(process(), options())
          : ask("describe", SysCommand.request("describe", process()), DescribeView::show);
    }
  }

  @CommandLine.Command(
      description = "Prints the state of a process as JSON.",
      footer = {"", "Example:", "  genserver state counter"})
  private static final class State extends OfProcess {

    State(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return ask("state", SysCommand.request("get_state", process()), null);
    }
  }

  @CommandLine.Command(
      description = "Gives a process another state, and prints it.",
      footer = {"", "Example:", "  genserver replace-state counter '{\"total\":7}'"})
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
      return ask(
          "replace-state",
          SysCommand.begin("replace_state", process())
              .field("state")
              .json(state)
              .endObject()
              .toRawJson(),
          null);
    }
  }

  @CommandLine.Command(
      description = "Prints how much a process has done since its statistics were switched on.",
      footer = {"", "Example:", "  genserver stats counter --on"})
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
        return ask("stats", SysCommand.request("statistics", process()), ProcessViews::fields);
      }
      return ask(
          "stats",
          SysCommand.begin("statistics", process())
              .field("enabled")
              .bool(toggle.on && !toggle.off)
              .endObject()
              .toRawJson(),
          SysCommand.SILENT);
    }
  }

  @CommandLine.Command(
      description = "Starts a process of a plugin's behaviour, supervised; prints its pid.",
      footer = {"", "Example:", "  genserver start counter --name hits --args '{\"start\":7}'"})
  private static final class Start extends Subcommand {

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
      return new SysCommand(
          "start of '" + name + "'",
          SysCommand.PROCESSES,
          SysCommand.begin("start", null)
              .field("behaviour")
              .string(behaviour)
              .field("name")
              .string(name)
              .field("args")
              .json(args)
              .endObject()
              .toRawJson(),
          ProcessViews::pid,
          options());
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
