package dev.genserver.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what the daemon sends, and writes its replies.
public final class ServerMessages {

  private static final Names FIELDS =
      new Names(
          "op",
          "id",
          "result",
          "error",
          "version",
          "server",
          "node",
          "principal",
          "limits",
          "ref",
          "pid",
          "name",
          "reason",
          "code",
          "message",
          "grace_ms");
  private static final int OP = 0;
  private static final int ID = 1;
  private static final int RESULT = 2;
  private static final int ERROR = 3;
  private static final int VERSION = 4;
  private static final int SERVER = 5;
  private static final int NODE = 6;
  private static final int PRINCIPAL = 7;
  private static final int LIMITS = 8;
  private static final int REF = 9;
  private static final int PID = 10;
  private static final int NAME = 11;
  private static final int REASON = 12;
  private static final int CODE = 13;
  private static final int MESSAGE = 14;
  private static final int GRACE_MS = 15;

  private static final Names OPS =
      new Names("reply", "ok", "error", "pong", "ping", "welcome", "down", "goodbye");

  private static final Names ERROR_FIELDS = new Names("code", "message", "executed", "details");

  private static final Names LIMIT_FIELDS =
      new Names("max_frame", "max_in_flight", "max_timeout_ms", "default_timeout_ms", "idle_ms");

  private static final String TEXT = "a string";
  private static final String NATURAL = "a whole number, 0 or more";

  private static final byte[] REPLY = Utf8.encode("{\"op\":\"reply\",\"id\":");
  private static final byte[] RESULT_KEY = Utf8.encode(",\"result\":");

  private ServerMessages() {}

  /// The message that a frame, or a line, is. Raw values in it share the array, which must not be
  /// changed any more. What is newer than this code is not an error: unknown fields are ignored, an
  /// unknown op is [ServerMessage.Unknown], an unknown code [ErrorCode#UNRECOGNISED].
  ///
  /// @throws BadRequestException if it is none
  public static ServerMessage decode(byte[] frame, int offset, int length) {
    var fields = new Envelope(FIELDS, frame, offset, length).scan();
    return switch (fields.textAmong(OP, OPS)) {
      case 0 -> new ServerMessage.Reply(fields.id(ID), fields.raw(RESULT));
      case 1 -> new ServerMessage.Ok(fields.id(ID), fields.has(RESULT) ? fields.raw(RESULT) : null);
      case 2 -> new ServerMessage.Failure(optionalId(fields), error(fields));
      case 3 -> new ServerMessage.Pong(optionalId(fields));
      case 4 -> new ServerMessage.Ping();
      case 5 -> welcome(fields);
      case 6 -> down(fields);
      case 7 -> goodbye(fields);
      default -> new ServerMessage.Unknown(fields.text(OP, TEXT));
    };
  }

  /// Writes a reply up to its result, which comes next; [#endReply] comes last.
  public static void beginReply(JsonWriter out, RequestId id) {
    out.raw(REPLY);
    id.writeTo(out);
    out.raw(RESULT_KEY);
  }

  /// Ends a reply.
  public static void endReply(JsonWriter out) {
    out.endObject();
  }

  static JsonWriter begin(JsonWriter out, String op, @Nullable RequestId id) {
    return ClientMessages.begin(out, op, id);
  }

  private static @Nullable RequestId optionalId(Envelope fields) {
    return fields.hasValue(ID) ? fields.id(ID) : null;
  }

  private static WireError error(Envelope fields) {
    var error = fields.object(ERROR, ERROR_FIELDS);
    var name = error.text(0, TEXT);
    var code = ErrorCode.of(name);
    var message = error.hasValue(1) ? error.text(1, TEXT) : name;
    return new WireError(
        code,
        code == ErrorCode.UNRECOGNISED ? name + ": " + message : message,
        error.hasValue(2) ? Executed.of(error.text(2, TEXT)) : Executed.MAYBE,
        error.hasValue(3) ? error.map(3) : Map.of());
  }

  private static ServerMessage welcome(Envelope fields) {
    return new ServerMessage.Welcome(
        fields.id(ID),
        (int) fields.natural(VERSION, Integer.MAX_VALUE, NATURAL),
        fields.text(SERVER, TEXT),
        fields.text(NODE, TEXT),
        fields.hasValue(PRINCIPAL) ? fields.text(PRINCIPAL, TEXT) : null,
        limits(fields.object(LIMITS, LIMIT_FIELDS)));
  }

  private static ServerMessage.Limits limits(Envelope limits) {
    return new ServerMessage.Limits(
        (int) limits.natural(0, Integer.MAX_VALUE, NATURAL),
        (int) limits.natural(1, Integer.MAX_VALUE, NATURAL),
        limits.isText(2, "infinity")
            ? ClientMessage.INFINITY
            : limits.natural(2, ClientMessage.INFINITY, NATURAL),
        limits.natural(3, ClientMessage.INFINITY, NATURAL),
        limits.natural(4, ClientMessage.INFINITY, NATURAL));
  }

  private static ServerMessage down(Envelope fields) {
    return new ServerMessage.Down(
        fields.text(REF, TEXT),
        fields.hasValue(PID) ? fields.text(PID, TEXT) : null,
        fields.hasValue(NAME) ? fields.text(NAME, TEXT) : null,
        fields.map(REASON));
  }

  private static ServerMessage goodbye(Envelope fields) {
    var name = fields.text(CODE, TEXT);
    var code = ErrorCode.of(name);
    var message = fields.hasValue(MESSAGE) ? fields.text(MESSAGE, TEXT) : name;
    return new ServerMessage.Goodbye(
        code,
        code == ErrorCode.UNRECOGNISED ? name + ": " + message : message,
        fields.hasValue(GRACE_MS) ? fields.natural(GRACE_MS, Long.MAX_VALUE, NATURAL) : null);
  }
}
