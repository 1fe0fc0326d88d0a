package dev.genserver.fuzz;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the fuzzer by hand.
@Command(
    name = "fuzz",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends a daemon of its own valid and broken requests, several connections at a time: frames and"
          + " lines that are cut, spliced, flipped, nested, that lie about their length, in pieces of"
          + " all sizes. Each valid one must get its one answer, a client beside them must notice"
          + " nothing, and the daemon must be as small afterwards as before.",
      "",
      "The same seed sends the same. A failure tells its session, which --session repeats alone."
    },
    footer = {"", "Exit codes: 0 nothing found, 1 something found, 64 usage."})
public final class Main implements Callable<Integer> {

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What to send. Default: chosen at random.")
  private @Nullable Long seed;

  @Option(names = "--frames", paramLabel = "N", description = "How many frames. Default: no limit.")
  private long frames = Long.MAX_VALUE;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "For how long. Default: 10, or as long as --frames takes.")
  private @Nullable Long seconds;

  @Option(
      names = "--session",
      paramLabel = "N",
      description = "Only this session; prints what it sends.")
  private @Nullable Long session;

  @Option(names = "--home", hidden = true)
  private Path home = Path.of("");

  private Main() {}

  /// Runs the fuzzer.
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
    var chosen = seed == null ? ThreadLocalRandom.current().nextLong(1_000_000) : seed;
    System.out.println("seed " + chosen);
    try (var fuzzer = new Fuzzer(home, chosen)) {
      return session == null ? run(fuzzer) : repeat(fuzzer, session);
    }
  }

  private int run(Fuzzer fuzzer) throws Exception {
    var forever = frames == Long.MAX_VALUE ? 10 : 24 * 3600;
    var report = fuzzer.run(frames, Duration.ofSeconds(seconds == null ? forever : seconds));
    if (report == null) {
      return tell(fuzzer);
    }
    System.out.println(report);
    var defects = fuzzer.defects();
    defects.forEach(line -> System.out.println("the daemon's log: " + line));
    var problems = Fuzzer.problems(report);
    problems.forEach(System.out::println);
    return defects.isEmpty() && problems.isEmpty() ? 0 : 1;
  }

  private static int repeat(Fuzzer fuzzer, long session) throws Exception {
    fuzzer.session(session, Fuzzer.LONGEST);
    if (fuzzer.failure() == null) {
      System.out.println("session " + session + " passes");
      return 0;
    }
    return tell(fuzzer);
  }

  private static int tell(Fuzzer fuzzer) {
    var failure = fuzzer.failure();
    if (failure != null) {
      System.out.printf("session %d failed: %s%n", failure.session(), failure.reason());
      if (failure.session() >= 0) {
        var longest = fuzzer.shrink(failure.session());
        System.out.printf("it still fails with %d frames at most, which are:%n", longest);
        var text =
            new String(fuzzer.bytes(failure.session(), longest), StandardCharsets.ISO_8859_1);
        System.out.println(text.replaceAll("[\\x00-\\x1f\\x7f-\\xff]", "."));
      }
    }
    return 1;
  }
}
