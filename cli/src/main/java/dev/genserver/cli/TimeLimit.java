package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;

/// How long something may take.
///
/// @param millis 0 or more; [ClientMessage#INFINITY] for no limit
record TimeLimit(long millis) {

  /// Longer makes no difference to anyone, and stays clear of overflow.
  private static final int MAX_DIGITS = 9;

  /// Reads `500ms`, `2s`, `1m`, `1h`, `infinity`.
  static TimeLimit parse(String text) {
    if (text.equals("infinity")) {
      return new TimeLimit(ClientMessage.INFINITY);
    }
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    long unit =
        switch (text.substring(digits)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 0;
        };
    if (digits == 0 || digits > MAX_DIGITS || unit == 0) {
      throw CliException.usage(
          "'"
              + text
              + "' is not a time limit; write a whole number with its unit, such as 500ms, 2s, 1m or"
              + " 1h, or infinity");
    }
    return new TimeLimit(Long.parseLong(text, 0, digits, 10) * unit);
  }

  boolean isInfinite() {
    return millis == ClientMessage.INFINITY;
  }

  @Override
  public String toString() {
    return isInfinite() ? "infinity" : millis + " ms";
  }
}
