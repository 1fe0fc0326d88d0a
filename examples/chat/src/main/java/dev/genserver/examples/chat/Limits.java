package dev.genserver.examples.chat;

import dev.genserver.sdk.Args;
import java.time.Duration;

/// How much a room holds, and how long it waits for company.
///
/// @param members how many there may be
/// @param listeners how many calls may wait for the next event
/// @param history how many events are kept for those who come late
/// @param idle how long a room without company lasts
record Limits(int members, int listeners, int history, Duration idle) {

  /// Reads `max-members` (default 100), `max-listeners` (default 1,000), `history` (default 100),
  /// each from 1 to 100,000, and `idle` (default 1 minute).
  ///
  /// @throws IllegalArgumentException if one is out of its range, which fails the start
  static Limits of(Args args) {
    return new Limits(
        number(args, "max-members", 100),
        number(args, "max-listeners", 1_000),
        number(args, "history", 100),
        args.durationOr("idle", Duration.ofMinutes(1)));
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
