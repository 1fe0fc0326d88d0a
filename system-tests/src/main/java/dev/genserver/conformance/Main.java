package dev.genserver.conformance;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Holds the rows of the suite against a daemon and prints a table.
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Holds a daemon to its protocol, docs/protocol.md, over a socket: one line for each row, then"
          + " a summary.",
      "",
      "Without an address it starts daemons of this repository on free ports and ends them. Against"
          + " a daemon that runs, rows that need special settings are skipped, and those that need"
          + " a process to talk to, unless it has the plugin: copy"
          + " system-tests/target/conformance-plugin.jar into its plugin folder. That plugin is for"
          + " tests; whoever may call it can make the daemon work hard.",
    },
    footer = {
      "",
      "GENSERVER_TOKEN is the token to log in with.",
      "Exit codes: 0 no row failed, 1 some did, 64 usage."
    })
public final class Main implements Callable<Integer> {

  @Parameters(arity = "0..1", paramLabel = "HOST:PORT", description = "The daemon to hold to it.")
  private @Nullable String address;

  @Option(
      names = "--rows",
      paramLabel = "TEXT",
      description = "Only the rows whose id or sentence holds this, such as FRAME.")
  private String rows = "";

  @Option(names = "--home", hidden = true, description = "The folder of the repository.")
  private Path home = Path.of("");

  @Spec private CommandSpec spec;

  private Main() {}

  /// Runs the suite.
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main())
            .setExitCodeExceptionMapper(_ -> 1)
            .setParameterExceptionHandler((e, _) -> {
              e.getCommandLine().getErr().println(e.getMessage() + "; see --help");
              return 64;
            })
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var chosen = Suite.ROWS.stream().filter(row -> row.toString().contains(rows)).toList();
    try (var daemons =
        address == null
            ? Daemons.ofRepository(home)
            : Daemons.running(address, System.getenv("GENSERVER_TOKEN"))) {
      return run(chosen, daemons, spec.commandLine().getOut());
    }
  }

  /// Holds the rows and prints what comes of each.
  ///
  /// @return how the program exits
  static int run(List<Row> rows, Daemons daemons, PrintWriter out) {
    var passed = 0;
    var failed = 0;
    var skipped = 0;
    var started = System.nanoTime();
    for (var row : rows) {
      var began = System.nanoTime();
      var verdict = Verdict.of(row, daemons);
      var ms = (System.nanoTime() - began) / 1_000_000;
      out.printf("%-10s %-8s %,6d ms  %s%n", row.id(), word(verdict), ms, row.sentence());
      switch (verdict) {
        case Verdict.Passed() -> passed++;
        case Verdict.Failed(Throwable reason) -> {
          failed++;
          out.printf("%-10s          %s%n", "", reason.toString().lines().findFirst().orElse(""));
        }
        case Verdict.Skipped(String why) -> {
          skipped++;
          out.printf("%-10s          %s%n", "", why);
        }
      }
      out.flush();
    }
    out.printf(
        "%d passed, %d failed, %d skipped in %.1f s%n",
        passed, failed, skipped, (System.nanoTime() - started) / 1e9);
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed() -> "passed";
      case Verdict.Failed _ -> "FAILED";
      case Verdict.Skipped _ -> "skipped";
    };
  }
}
