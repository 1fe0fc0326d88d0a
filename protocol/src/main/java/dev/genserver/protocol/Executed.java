package dev.genserver.protocol;

import java.util.Locale;

/// Whether the process saw a request that failed.
public enum Executed {
  /// It did not; the request can be sent again.
  NO,
  /// It may have.
  MAYBE,
  /// It did.
  YES;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The word as it stands on the wire, such as `maybe`.
  public String wireName() {
    return wireName;
  }

  /// What `wireName` says; [#MAYBE], the careful answer, for a word that is not known.
  public static Executed of(String wireName) {
    return switch (wireName) {
      case "no" -> NO;
      case "yes" -> YES;
      default -> MAYBE;
    };
  }

  @Override
  public String toString() {
    return wireName;
  }
}
