package dev.genserver.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/// All command lines, by picocli: whatever [QuickParser] leaves, help, the version, and what is
/// wrong with a command line that is none.
final class Commands {

  private static final String NO_TOKEN =
      "there is no --token, since all users of this machine could see it in the list of processes;"
          + " give --token-file or GENSERVER_TOKEN";

  private Commands() {}

  static int run(String[] args, Shell shell) {
    return commandLine(shell, List.of(args)).execute(args);
  }

  /// @param words what the command line begins with: where that is a command, only that is made
  static CommandLine commandLine(Shell shell, List<String> words) {
    var commands =
        new Subcommands()
            .add("call", () -> new CallCommand.Line(shell))
            .add("cast", () -> new CastCommand.Line(shell))
            .add("pipe", () -> new PipeCommand.Line(shell))
            .add("monitor", () -> new MonitorCommand.Line(shell))
            .add("wait", () -> new WaitCommand.Line(shell))
            .add("ping", () -> new PingCommand.Line(shell))
            .add("bench", () -> new BenchCommand.Line(shell));
    SysCommands.addTo(commands, shell);
    commands
        .add("connections", rest -> ConnectionsCommands.commandLine(shell, rest))
        .add("node", rest -> NodeCommands.commandLine(shell, rest))
        .add("plugin", rest -> PluginCommands.commandLine(shell, rest))
        .add("context", rest -> ContextCommands.commandLine(shell, rest))
        .add(CompletionCommand.NAME, () -> new CompletionCommand.Line(shell))
        .add("top", () -> new TopCommand.Line(shell))
        .add("events", () -> new EventsCommand.Line(shell))
        .add("log-level", () -> new LogLevelCommand.Line(shell));
    return commands
        .below(new CommandLine(new Genserver()), words)
        .addSubcommand(new CommandLine.HelpCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(shell.out(), true, shell.out().charset()))
        .setErr(new PrintWriter(shell.err(), true, shell.err().charset()))
        .setParameterExceptionHandler(Commands::complain);
  }

  private static int complain(CommandLine.ParameterException problem, String[] args) {
    var command = problem.getCommandLine();
    if (Stream.of(args).anyMatch(Commands::isToken)) {
      // What is wrong with the command line might quote it.
      command.getErr().println(NO_TOKEN);
      return CliException.USAGE;
    }
    command
        .getErr()
        .printf(
            "%s; '%s --help' shows what it takes%n",
            problem.getMessage(), command.getCommandSpec().qualifiedName());
    CommandLine.UnmatchedArgumentException.printSuggestions(problem, command.getErr());
    return CliException.USAGE;
  }

  private static boolean isToken(String arg) {
    return arg.equals("--token") || arg.startsWith("--token=");
  }

  @CommandLine.Command(
      name = "genserver",
      description = "Calls and casts to the GenServers of a genserverd, and looks into them.",
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done",
        "64:the command line was not understood",
        "65:the daemon did not understand the message, or it is too large",
        "66:a file that was named, or a context, cannot be used",
        "68:noproc, no process has that name",
        "69:no daemon reached, or it is ending",
        "70:the process ended before it answered, an upgrade did not pass its probation, or a defect",
        "73:a file cannot be written, or is there already",
        "74:standard input or output failed",
        "75:overloaded, try again later",
        "76:no protocol version in common, or no secure connection",
        "77:not logged in, or not allowed",
        "124:timeout",
        "130:cancelled"
      },
      footerHeading = "%nA message is%n",
      footer = {
        "  JSON                  genserver call counter '{\"type\":\"add\",\"by\":3}'",
        "  a word                genserver call counter get",
        "  a word with fields    genserver call counter add by=3",
        "  -                     JSON or a word from standard input",
        "",
        "The daemon's address is that of --url, of GENSERVER_URL, of a context, or 127.0.0.1:6470. It is spoken"
            + " to by TLS after tls://, and where a CA file, client certificate or server name is"
            + " given.",
        "",
        "A token is read from the file of --token-file, else from GENSERVER_TOKEN, else from the"
            + " file of GENSERVER_TOKEN_FILE. No option takes the token itself: all users of this"
            + " machine could see it in the list of processes.",
        "",
        "For the other options there are GENSERVER_CA, GENSERVER_CERT, GENSERVER_KEY and"
            + " GENSERVER_SERVER_NAME. With the environment, commands start faster than with the"
            + " options."
      })
  private static final class Genserver implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }
  }

  private static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      // Where the classes are in no jar there is none.
      var version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"genserver " + Objects.requireNonNullElse(version, "dev")};
    }
  }
}
