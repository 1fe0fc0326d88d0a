package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ServerMessage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver wait`: waits until there is a process of that name, and prints its pid.
///
/// Asks again and again, on a connection of its own each time, so that a daemon which is not there
/// yet, or is about to end, is waited for as well.
///
/// @param timeout as [TimeLimit] has it; null for the default
record WaitCommand(String name, @Nullable String timeout, Options options) implements Command {

  private static final TimeLimit DEFAULT_TIMEOUT = new TimeLimit(30_000);

  /// How long one question may take.
  private static final long ONE_MILLIS = 5_000;

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  @Override
  public void run(Shell shell) {
    var limit = timeout == null ? DEFAULT_TIMEOUT : TimeLimit.parse(timeout);
    var deadline = new Deadline(limit);
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      CliException why = null;
      try {
        var pid = pid(new TimeLimit(Math.clamp(deadline.remainingMillis(), 1, ONE_MILLIS)), shell);
        if (pid != null) {
          show(pid, shell);
          return;
        }
      } catch (CliException e) {
        if (!mayPass(e.exitCode())) {
          throw e;
        }
        why = e;
      }
      long left = deadline.remainingMillis();
      if (left == 0) {
        throw timeout(limit, why);
      }
      sleep(Math.min(pause, left));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /// The process's pid; null if there is none.
  private @Nullable String pid(TimeLimit limit, Shell shell) {
    try (var exchange = Exchange.open(this, shell, limit)) {
      var monitor = new ClientMessage.Monitor(Exchange.ID, name);
      var result = exchange.ask(monitor, ServerMessage.Ok.class).result();
      var pid = result == null ? "" : Fields.of(result.toValue()).text("pid");
      return pid.isEmpty() ? null : pid;
    }
  }

  private static boolean mayPass(int exitCode) {
    return exitCode == ErrorCode.UNAVAILABLE.exitCode()
        || exitCode == ErrorCode.OVERLOADED.exitCode()
        || exitCode == ErrorCode.TIMEOUT.exitCode();
  }

  private CliException timeout(TimeLimit limit, @Nullable CliException why) {
    var message =
        why == null
            ? "%s failed: timeout, no process has that name after %s".formatted(this, limit)
            : "%s; gave up after %s".formatted(why.getMessage(), limit);
    return new CliException(ErrorCode.TIMEOUT.exitCode(), message, why);
  }

  private void show(String pid, Shell shell) {
    if (options.json()) {
      var out = new JsonWriter().beginObject().field("name").string(name);
      shell.print(out.field("pid").string(pid).endObject().toRawJson());
    } else {
      shell.print(pid + "\n");
    }
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ErrorCode.CANCELLED.exitCode(), "interrupted", e);
    }
  }

  @Override
  public String toString() {
    return "wait for '" + name + "'";
  }

  @CommandLine.Command(
      description = "Waits until there is a process of that name, and a daemon. Prints its pid.",
      footer = {
        "",
        "Exits 124 if there is none in time.",
        "",
        "Example:",
        "  genserver wait counter --timeout 10s"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = RequestWords.NAME)
    private String name;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = "How long to wait, such as 500ms, 2s, 1m, infinity. Default: 30s.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new WaitCommand(name, timeout, options());
    }
  }
}
