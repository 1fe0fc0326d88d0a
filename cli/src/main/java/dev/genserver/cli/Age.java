package dev.genserver.cli;

import java.util.Locale;

/// Lengths of time as people say them.
final class Age {

  private Age() {}

  /// `850 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`.
  static String of(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    long seconds = millis / 1_000;
    return seconds < 3_600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }
}
