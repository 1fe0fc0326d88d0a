package dev.genserver.examples.jobs;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.Backoff;
import java.time.Duration;

/// How many jobs there may be, and how patient the queue is with them.
///
/// @param concurrency how many run at once
/// @param unfinished how many there may be that are not finished, the running included
/// @param attempts how often each is tried
/// @param backoff how long it waits after each failure
/// @param finished how many are remembered after they finished, the last ones
/// @param keep how long each of them is
/// @param waiters how many calls may wait for one job
record Limits(
    int concurrency,
    int unfinished,
    int attempts,
    Backoff backoff,
    int finished,
    Duration keep,
    int waiters) {

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  /// Reads `concurrency` (default 4), `max-unfinished` (default 1,000), `attempts` (default 5),
  /// `backoff` (the first one, default 200 ms; at most a minute), `max-finished` (default 1,000),
  /// `keep` (default 10 minutes) and `max-waiting` (default 100).
  ///
  /// @throws IllegalArgumentException if one is out of its range, which fails the start
  static Limits of(Args args) {
    return new Limits(
        number(args, "concurrency", 4),
        number(args, "max-unfinished", 1_000),
        number(args, "attempts", 5),
        Backoff.exponential(args.durationOr("backoff", Duration.ofMillis(200)), LONGEST_BACKOFF),
        number(args, "max-finished", 1_000),
        args.durationOr("keep", Duration.ofMinutes(10)),
        number(args, "max-waiting", 100));
  }

  private static int number(Args args, String name, int fallback) {
    var value = args.longOr(name, fallback);
    if (value < 1 || value > 100_000) {
      throw new IllegalArgumentException(
          "argument '" + name + "' must be from 1 to 100,000, is " + value);
    }
    return (int) value;
  }
}
