package dev.genserver.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// All command lines, by picocli: whatever [QuickParser] leaves, help, the version, and what is
/// wrong with a command line that is none.
final class Commands {

  private static final String NO_TOKEN =
      "there is no --token, since all users of this machine could see it in the list of processes;"
          + " give --token-file or GENSERVER_TOKEN";

  private Commands() {}

  static int run(String[] args, Shell shell) {
    return commandLine(shell).execute(args);
  }

  static CommandLine commandLine(Shell shell) {
    var commandLine =
        new CommandLine(new Genserver())
            .addSubcommand(new Call(shell))
            .addSubcommand(new Cast(shell))
            .addSubcommand(new Monitor(shell))
            .addSubcommand(new Ping(shell));
    SysCommands.addTo(commandLine, shell);
    return commandLine
        .addSubcommand(new CommandLine.HelpCommand())
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
        "66:a file of --token-file, --ca, --cert or --key cannot be used",
        "68:noproc, no process has that name",
        "69:no daemon reached, or it is ending",
        "70:the process ended before it answered, or a defect",
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
        "The daemon's address is that of --url, of GENSERVER_URL, or 127.0.0.1:6470. It is spoken to by TLS"
            + " after tls://, and where a CA file, client certificate or server name is given.",
        "",
        "A token is read from the file of --token-file, else from GENSERVER_TOKEN, else from the file of"
            + " GENSERVER_TOKEN_FILE. No option takes the token itself: all users of this machine could see"
            + " it in the list of processes.",
        "",
        "For the other options there are GENSERVER_CA, GENSERVER_CERT, GENSERVER_KEY and"
            + " GENSERVER_SERVER_NAME. With the environment, commands start faster than with the options."
      })
  private static final class Genserver implements Callable<Integer> {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }
  }

  /// A subcommand: what picocli fills in, and the [Command] that it stands for.
  abstract static class Subcommand implements Callable<Integer> {

    private final Shell shell;

    @Option(
        names = Command.Options.URL,
        paramLabel = "[tls://]HOST:PORT",
        description = "Where the daemon is.")
    private @Nullable String url;

    @Mixin private CredentialOptions credentials;

    @Option(names = Command.Options.VERBOSE, description = "Show the stack trace of a failure.")
    private boolean verbose;

    Subcommand(Shell shell) {
      this.shell = shell;
    }

    abstract Command command();

    Command.Options options() {
      return new Command.Options(url, credentials.credentials(), verbose);
    }

    @Override
    public final Integer call() {
      return Main.run(command(), shell);
    }
  }

  /// Who the daemon is, and who its user is.
  private static final class CredentialOptions {

    @Option(
        names = Credentials.TOKEN_FILE,
        paramLabel = "FILE",
        description = "The file that holds the token to log in with.")
    private @Nullable String tokenFile;

    @Option(
        names = Credentials.CA,
        paramLabel = "FILE",
        description = "The CA file: certificates (PEM) of which one must have signed the daemon's.")
    private @Nullable String ca;

    @Option(
        names = Credentials.CERTIFICATE,
        paramLabel = "FILE",
        description = "The client certificate (PEM) to show if the daemon asks for one.")
    private @Nullable String certificate;

    @Option(
        names = Credentials.KEY,
        paramLabel = "FILE",
        description = "The key of the client certificate (PEM, PKCS #8, not encrypted).")
    private @Nullable String key;

    @Option(
        names = Credentials.SERVER_NAME,
        paramLabel = "NAME",
        description = "The host that the daemon's certificate must be for, if not that of --url.")
    private @Nullable String serverName;

    Credentials credentials() {
      return new Credentials(tokenFile, ca, certificate, key, serverName);
    }
  }

  private static final String NAME = "A process's name, or its pid such as '<1.42>'.";

  /// Whom a message goes to, and the message.
  private static final class Request {

    @Parameters(index = "0", paramLabel = "NAME", description = NAME)
    private String name;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "MESSAGE",
        description = "JSON, a word, a word with fields (add by=3), or - for standard input.")
    private List<String> message;
  }

  @CommandLine.Command(
      name = "call",
      description = "Sends a message to a process, waits for its reply and prints it.",
      mixinStandardHelpOptions = true)
  private static final class Call extends Subcommand {

    @Mixin private Request request;

    @Option(
        names = Command.Call.TIMEOUT,
        paramLabel = "TIME",
        description = "How long to wait, such as 500ms, 2s, 1m, infinity. Default: 5s.")
    private @Nullable String timeout;

    Call(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Command.Call(request.name, request.message, timeout, options());
    }
  }

  @CommandLine.Command(
      name = "cast",
      description = "Sends a message to a process and waits until it is in its mailbox.",
      mixinStandardHelpOptions = true)
  private static final class Cast extends Subcommand {

    @Mixin private Request request;

    @Option(
        names = Command.Cast.NO_CONFIRM,
        description = "Send it and do not wait; nothing tells whether it arrived.")
    private boolean noConfirm;

    Cast(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Command.Cast(request.name, request.message, !noConfirm, options());
    }
  }

  @CommandLine.Command(
      name = "monitor",
      description = "Waits until a process ends. Prints its pid, then why it ended.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Two lines of JSON, the second when the process has ended; at once, with the reason noproc, if it"
            + " is not there. Exits 0 then. Ctrl-C ends the wait."
      })
  private static final class Monitor extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = NAME)
    private String name;

    Monitor(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Command.Monitor(name, options());
    }
  }

  @CommandLine.Command(
      name = "ping",
      description = "Asks the daemon for a sign of life.",
      mixinStandardHelpOptions = true)
  private static final class Ping extends Subcommand {

    Ping(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Command.Ping(options());
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
