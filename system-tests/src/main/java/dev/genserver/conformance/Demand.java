package dev.genserver.conformance;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What rows fail with.
final class Demand {

  private Demand() {}

  /// Fails unless `holds`.
  // The annotation that it asks for is Error Prone's own, and nothing here needs that to run.
  @SuppressWarnings("AnnotateFormatMethod")
  static void demand(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new AssertionError(message.formatted(arguments));
    }
  }

  /// Fails unless the two are equal, or read the same.
  ///
  /// @param where what the first was found in
  static void demandEqual(@Nullable Object found, @Nullable Object expected, Object where) {
    demand(
        Objects.equals(found, expected) || String.valueOf(found).equals(String.valueOf(expected)),
        "%s was expected, not %s, in %s",
        String.valueOf(expected),
        String.valueOf(found),
        where);
  }

  /// Waits until something is so; fails if it is not within the patience of a [Peer].
  static void await(String what, BooleanSupplier condition) {
    var end = System.nanoTime() + Peer.PATIENCE_MS * 1_000_000L;
    while (!condition.getAsBoolean()) {
      demand(System.nanoTime() < end, "not within %,d ms: %s", Peer.PATIENCE_MS, what);
    }
  }
}
