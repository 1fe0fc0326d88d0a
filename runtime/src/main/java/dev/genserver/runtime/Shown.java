package dev.genserver.runtime;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Shows what is a plugin's and may fail at being shown.
final class Shown {

  private static final int LONGEST_TEXT = 4_000;

  private Shown() {}

  /// The value, or a text that says why there is none.
  static @Nullable Object value(Supplier<@Nullable Object> value) {
    try {
      return value.get();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return "? (cannot be shown: " + e.getClass().getName() + ")";
    }
  }

  /// The value's text, cut short where it is very long.
  static String text(Supplier<@Nullable Object> value) {
    var text = String.valueOf(value(() -> String.valueOf(value.get())));
    return text.length() <= LONGEST_TEXT
        ? text
        : text.substring(0, LONGEST_TEXT) + "… (" + text.length() + " characters)";
  }
}
