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
}
