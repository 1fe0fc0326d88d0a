package dev.genserver.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A subcommand: what picocli fills in, and the [Command] that it stands for.
@CommandLine.Command(mixinStandardHelpOptions = true)
abstract class Subcommand implements Callable<Integer> {

  private final Shell shell;

  @Option(
      names = Command.Options.URL,
      paramLabel = "[tls://]HOST:PORT",
      description = "Where the daemon is.")
  private @Nullable String url;

  @Mixin private CredentialOptions credentials;

  @Option(names = Command.Options.JSON, description = "Print the result as JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-q", Command.Options.QUIET},
      description = "Print results and failures alone: no headings, progress, notes, warnings.")
  private boolean quiet;

  @Option(names = Command.Options.VERBOSE, description = "Show the stack trace of a failure.")
  private boolean verbose;

  Subcommand(Shell shell) {
    this.shell = shell;
  }

  abstract Command command();

  final Command.Options options() {
    return new Command.Options(url, credentials.credentials(), json, quiet, verbose);
  }

  @Override
  public final Integer call() {
    return Main.run(command(), shell);
  }

  /// Who the daemon is, and who its user is.
  private static final class CredentialOptions {

    @Option(
        names = Credentials.CONTEXT,
        paramLabel = "NAME",
        description = "The context to use, in place of the environment.")
    private @Nullable String context;

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
      return new Credentials(context, tokenFile, ca, certificate, key, serverName);
    }
  }
}
