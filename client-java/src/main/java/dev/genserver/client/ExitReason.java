package dev.genserver.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Why a process ended.
///
/// @param kind `normal`, `shutdown`, `killed`, `noproc` (it was not there), `error` or `other`, as
///   the daemon says; `noconnection` if the connection was lost, so that nobody can say
/// @param exception the name of the class of an `error`
/// @param message the message of an `error`, or why the connection was lost
/// @param value the words of a `shutdown` or an `other` reason
public record ExitReason(
    String kind, @Nullable String exception, @Nullable String message, @Nullable String value) {

  /// The kind of the reason where the connection was lost.
  public static final String NOCONNECTION = "noconnection";

  static ExitReason noConnection(String why) {
    return new ExitReason(NOCONNECTION, null, why, null);
  }

  static ExitReason of(@Nullable Object reason) {
    return reason instanceof Map<?, ?> map
        ? new ExitReason(
            map.get("kind") instanceof String kind ? kind : "other",
            text(map.get("class")),
            text(map.get("message")),
            text(map.get("value")))
        : new ExitReason("other", null, null, null);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
