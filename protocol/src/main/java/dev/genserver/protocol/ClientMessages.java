package dev.genserver.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what clients send.
public final class ClientMessages {

  private static final Names FIELDS =
      new Names(
          "op",
          "id",
          "to",
          "msg",
          "timeout_ms",
          "meta",
          "trace",
          "ref",
          "versions",
          "client",
          "token");
  private static final int OP = 0;
  private static final int ID = 1;
  private static final int TO = 2;
  private static final int MSG = 3;
  private static final int TIMEOUT_MS = 4;
  private static final int META = 5;
  private static final int TRACE = 6;
  private static final int REF = 7;
  private static final int VERSIONS = 8;
  private static final int CLIENT = 9;
  private static final int TOKEN = 10;

  private static final Names OPS =
      new Names("call", "cast", "cancel", "ping", "hello", "monitor", "demonitor");

  private static final Names CLIENT_FIELDS = new Names("name", "lang", "version");

  private static final String TIMEOUT =
      "a whole number of milliseconds, 0 or more, or \"infinity\"";

  private ClientMessages() {}

  /// The message that a frame, or a line, is. Raw values in it share the array, which must not be
  /// changed any more.
  ///
  /// @throws BadRequestException if it is none
  public static ClientMessage decode(byte[] frame, int offset, int length) {
    var fields = new Envelope(FIELDS, frame, offset, length).scan();
    return switch (fields.textAmong(OP, OPS)) {
      case 0 -> call(fields);
      case 1 -> cast(fields);
      case 2 -> new ClientMessage.Cancel(fields.id(ID));
      case 3 -> new ClientMessage.Ping(fields.optionalId(ID));
      case 4 -> hello(fields);
      case 5 -> new ClientMessage.Monitor(fields.id(ID), to(fields));
      case 6 -> new ClientMessage.Demonitor(fields.id(ID), fields.text(REF, "a string"));
      default -> throw unknownOp(fields);
    };
  }

  private static ClientMessage call(Envelope fields) {
    return new ClientMessage.Call(
        fields.id(ID),
        to(fields),
        fields.raw(MSG),
        timeoutMs(fields),
        meta(fields),
        fields.optionalText(TRACE));
  }

  private static ClientMessage cast(Envelope fields) {
    return new ClientMessage.Cast(
        fields.optionalId(ID),
        to(fields),
        fields.raw(MSG),
        meta(fields),
        fields.optionalText(TRACE));
  }

  private static ClientMessage hello(Envelope fields) {
    return new ClientMessage.Hello(
        fields.id(ID), versions(fields), client(fields), fields.optionalText(TOKEN));
  }

  private static String to(Envelope fields) {
    var to = fields.text(TO, Target.WANTED);
    if (!Target.isValid(to)) {
      throw fields.wrong(TO, Target.WANTED);
    }
    return to;
  }

  private static long timeoutMs(Envelope fields) {
    if (!fields.has(TIMEOUT_MS)) {
      return ClientMessage.DEFAULT_TIMEOUT_MS;
    }
    if (fields.isText(TIMEOUT_MS, "infinity")) {
      return ClientMessage.INFINITY;
    }
    return fields.natural(TIMEOUT_MS, ClientMessage.INFINITY - 1, TIMEOUT);
  }

  private static Map<String, String> meta(Envelope fields) {
    return fields.has(META) ? fields.texts(META) : Map.of();
  }

  private static List<Integer> versions(Envelope fields) {
    String wanted = "an array of integers";
    if (!(fields.raw(VERSIONS).toValue() instanceof List<?> versions)
        || !versions.stream().allMatch(version -> version instanceof Long)) {
      throw fields.wrong(VERSIONS, wanted);
    }
    return versions.stream().map(version -> clamp((Long) version)).toList();
  }

  private static int clamp(long version) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(version, Integer.MAX_VALUE));
  }

  private static ClientMessage.@Nullable ClientInfo client(Envelope fields) {
    if (!fields.has(CLIENT)) {
      return null;
    }
    var client = fields.object(CLIENT, CLIENT_FIELDS);
    return new ClientMessage.ClientInfo(
        client.optionalText(0), client.optionalText(1), client.optionalText(2));
  }

  private static BadRequestException unknownOp(Envelope fields) {
    var op = fields.text(OP, "a string");
    var shown = op.length() > 64 ? op.substring(0, 64) + '…' : op;
    return fields.refused(
        ErrorCode.UNKNOWN_OP,
        "there is no op '%s'; this daemon knows %s".formatted(shown, OPS),
        Map.of("op", shown, "known", OPS.list()));
  }

  // What the messages share when they write themselves.

  static JsonWriter begin(JsonWriter out, String op, @Nullable RequestId id) {
    out.beginObject().field("op").string(op);
    if (id != null) {
      out.field("id");
      id.writeTo(out);
    }
    return out;
  }

  static void optional(JsonWriter out, String field, @Nullable String text) {
    if (text != null) {
      out.field(field).string(text);
    }
  }

  static void end(JsonWriter out, Map<String, String> meta, @Nullable String trace) {
    if (!meta.isEmpty()) {
      out.field("meta").value(meta);
    }
    optional(out, "trace", trace);
    out.endObject();
  }

  static Map<String, String> immutable(Map<String, String> meta) {
    return meta.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(meta));
  }
}
