package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times as people write them: `250ms`, `2s`, `5m`, `1h`.
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,15})(ms|s|m|h)");

  private Durations() {}

  /// The time that `text` says, if it has the form of one.
  public static Optional<Duration> parse(String text) {
    var match = FORM.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    var amount = Long.parseLong(match.group(1));
    return Optional.of(
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }

  /// The time in the largest unit in which it is whole, as [#parse] takes it; below a millisecond
  /// it is cut.
  public static String format(Duration time) {
    var millis = time.toMillis();
    if (millis == 0 || millis % 1_000 != 0) {
      return millis + "ms";
    }
    if (millis % 60_000 != 0) {
      return millis / 1_000 + "s";
    }
    return millis % 3_600_000 != 0 ? millis / 60_000 + "m" : millis / 3_600_000 + "h";
  }
}
