package dev.genserver.cli;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command line's entry.
public final class Main {

  /// A defect of the command line itself; EX_SOFTWARE.
  private static final int DEFECT = 70;

  private Main() {}

  /// Runs one command and exits with its code.
  public static void main(String[] args) {
    int exitCode = run(args, new Shell(System.in, System.out, System.err, System.getenv()));
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static int run(String[] args, Shell shell) {
    if (args.length > 0 && args[0].equals(Completion.COMMAND)) {
      Completion.run(List.of(args).subList(1, args.length), shell);
      return 0;
    }
    var command = QuickParser.parse(args);
    return command == null ? Commands.run(args, shell) : run(command, shell);
  }

  static int run(Command command, Shell shell) {
    try {
      command.run(shell);
      return 0;
    } catch (CliException e) {
      return complain(e.getMessage(), e.exitCode(), e, command, shell.err());
    } catch (RuntimeException e) {
      return complain("genserver has a defect: " + e, DEFECT, e, command, shell.err());
    }
  }

  private static int complain(
      @Nullable String message, int exitCode, Throwable cause, Command command, PrintStream err) {
    if (message != null && !message.isEmpty()) {
      err.println(message);
    }
    if (command.options().verbose()) {
      cause.printStackTrace(err);
    }
    return exitCode;
  }
}
