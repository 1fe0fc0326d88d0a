package dev.genserver.daemon.http;

import dev.genserver.protocol.BadRequestException;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is sent to a process: whose name the path ends with, and what the body is.
///
/// @param to a name or a pid
/// @param trace a W3C traceparent, as it was sent
record Message(String to, RawJson msg, @Nullable String trace) {

  /// The message that a request brings.
  ///
  /// @throws BadRequestException if it brings none
  /// @throws dev.genserver.protocol.MalformedJsonException if its body is not one JSON value
  static Message of(Visit visit) {
    var to =
        PercentCode.decode(visit.rest())
            .filter(Target::isValid)
            .orElseThrow(() ->
                bad("the path must end with " + Target.WANTED + ", percent-encoded in UTF-8"));
    var body = visit.request().body();
    if (body.length == 0) {
      throw bad(
          "there is no body; send the message as JSON, such as \"get\" or {\"type\":\"get\"}");
    }
    return new Message(
        to, RawJson.of(body, 0, body.length), visit.head().header("traceparent").orElse(null));
  }

  static BadRequestException bad(String message) {
    return new BadRequestException(ErrorCode.BAD_REQUEST, message, null, Map.of());
  }
}
