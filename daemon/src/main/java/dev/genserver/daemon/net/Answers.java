package dev.genserver.daemon.net;

import dev.genserver.daemon.metrics.Meters;
import dev.genserver.daemon.request.CallAnswer;
import dev.genserver.daemon.request.Failures;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Outcome;
import java.util.Map;

/// Makes the one answer of each request, as it stands on the wire.
final class Answers {

  private Answers() {}

  /// The answer of a call that has ended. Always gives one, whatever the reply is made of.
  ///
  /// @param meters where errors are counted
  static JsonWriter encode(
      WireCall call, Outcome outcome, Format format, int maxFrame, Meters meters) {
    return switch (CallAnswer.of(call, outcome, maxFrame)) {
      case CallAnswer.Reply(RawJson result) -> reply(call, result, format, maxFrame, meters);
      case CallAnswer.Failure(WireError error) -> failure(call, error, format, meters);
    };
  }

  private static JsonWriter reply(
      WireCall call, RawJson result, Format format, int maxFrame, Meters meters) {
    var out = new JsonWriter(result.length() + 64);
    var start = format.begin(out);
    ServerMessages.beginReply(out, call.id());
    out.raw(result.bytes(), result.offset(), result.length());
    ServerMessages.endReply(out);
    return format.end(out, start) <= maxFrame
        ? out
        : failure(call, Failures.tooLarge(call, maxFrame), format, meters);
  }

  private static JsonWriter failure(WireCall call, WireError error, Format format, Meters meters) {
    meters.error(error.code());
    return format.encode(new ServerMessage.Failure(call.id(), error));
  }

  static WireError tooManyOpen(int limit) {
    return WireError.refused(
        ErrorCode.OVERLOADED,
        "this connection has %,d calls open, as many as it may; wait for answers or use another"
            .formatted(limit),
        Map.of("queued", limit, "limit", limit, "oldest_ms", 0));
  }
}
