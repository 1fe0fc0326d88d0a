package dev.genserver.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error as it crosses the wire.
///
/// @param message what happened, where, and how to mend it; for people
/// @param details for programs; values are what [JsonWriter#value] takes
public record WireError(
    ErrorCode code, String message, Executed executed, Map<String, @Nullable Object> details) {

  public WireError {
    // Not Map.copyOf: a detail may be null, and the order is for the reader's eye.
    details =
        details.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /// An error of a request that no process saw.
  public static WireError refused(ErrorCode code, String message) {
    return new WireError(code, message, Executed.NO, Map.of());
  }

  /// An error of a request that no process saw.
  public static WireError refused(
      ErrorCode code, String message, Map<String, ? extends @Nullable Object> details) {
    return new WireError(code, message, Executed.NO, new LinkedHashMap<>(details));
  }

  /// Writes it as a JSON object.
  public void writeTo(JsonWriter out) {
    out.beginObject()
        .field("code")
        .string(code.wireName())
        .field("message")
        .string(message)
        .field("executed")
        .string(executed.wireName());
    if (!details.isEmpty()) {
      out.field("details").value(details);
    }
    out.endObject();
  }
}
