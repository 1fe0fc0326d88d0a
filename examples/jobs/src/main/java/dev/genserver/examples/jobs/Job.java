package dev.genserver.examples.jobs;

import dev.genserver.sdk.ProcessContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/// Something to do. Each kind is safe to run again.
public sealed interface Job {

  /// Takes its time.
  ///
  /// @param ms milliseconds, 0 to an hour
  record Sleep(long ms) implements Job {
    public Sleep {
      requireUpTo("ms", ms, 3_600_000);
    }
  }

  /// Fails each time.
  record Fail(String message) implements Job {}

  /// Fails the first `failures` times, and then does not.
  record Flaky(long failures) implements Job {
    public Flaky {
      requireUpTo("failures", failures, 1_000);
    }
  }

  /// Computes: SHA-256 of the text, and of that, and so on.
  ///
  /// @param rounds how often, 0 to 10^8
  record Hash(String text, long rounds) implements Job {
    public Hash {
      requireUpTo("rounds", rounds, 100_000_000);
    }
  }

  /// Does it, on the thread of a task.
  ///
  /// @param attempt how many times it was tried, this time included
  /// @return what came of it, as text
  default String run(int attempt) throws NoSuchAlgorithmException, InterruptedException {
    return switch (this) {
      case Sleep(long ms) -> sleep(Duration.ofMillis(ms));
      case Fail(String message) -> throw new JobFailedException(message);
      case Flaky(long failures) -> flaky(failures, attempt);
      case Hash(String text, long rounds) -> hash(text, rounds);
    };
  }

  /// Waits for a message that nobody sends: so it sleeps in the time of the node, which a test can
  /// move.
  private static String sleep(Duration time) {
    ProcessContext.current().receive(time);
    return "slept " + time.toMillis() + " ms";
  }

  private static String flaky(long failures, int attempt) {
    if (attempt <= failures) {
      throw new JobFailedException("attempt %d of a flaky job".formatted(attempt));
    }
    return "done at attempt " + attempt;
  }

  /// Gives up when the job is cancelled, which interrupts its thread.
  private static String hash(String text, long rounds)
      throws NoSuchAlgorithmException, InterruptedException {
    var sha = MessageDigest.getInstance("SHA-256");
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (var round = 0L; round < rounds; round++) {
      bytes = sha.digest(bytes);
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled in round " + round);
      }
    }
    return HexFormat.of().formatHex(bytes);
  }

  private static void requireUpTo(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "%s %,d must be from 0 to %,d".formatted(name, value, most));
    }
  }
}
