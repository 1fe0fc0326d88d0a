package dev.genserver.daemon.http;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a request is answered.
public sealed interface Answer {

  /// All at once. Immutable.
  final class Whole implements Answer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Whole(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = Map.copyOf(headers);
      this.body = body;
    }

    public int status() {
      return status;
    }

    /// By name; without those that belong to the connection or tell the length.
    public Map<String, String> headers() {
      return headers;
    }

    /// The bytes, which must not be changed.
    public byte[] body() {
      return body;
    }

    /// The same with one header more.
    Whole with(String name, String value) {
      var more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Whole(status, more, body);
    }
  }

  /// Events, as server-sent ones, until one of both sides has enough.
  record Events(LiveStream stream) implements Answer {}

  /// An answer that is not kept by whoever gets it.
  ///
  /// @param body is not changed any more
  static Whole of(int status, String contentType, byte[] body) {
    return new Whole(
        status,
        Map.of(
            "content-type", contentType,
            "cache-control", "no-store",
            "x-content-type-options", "nosniff"),
        body);
  }

  /// An answer with just these headers.
  ///
  /// @param body is not changed any more
  static Whole of(int status, Map<String, String> headers, byte[] body) {
    return new Whole(status, headers, body);
  }

  /// How a stream of events begins.
  static Whole ofEvents() {
    return of(Status.OK, "text/event-stream", new byte[0]);
  }

  /// A line for people.
  static Whole text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// A line of JSON.
  static Whole json(int status, RawJson value) {
    var line =
        Arrays.copyOfRange(value.bytes(), value.offset(), value.offset() + value.length() + 1);
    line[value.length()] = '\n';
    return of(status, "application/json", line);
  }

  /// Why there is no other answer, as JSON: `{"error":{…}}`, as it stands on the wire.
  static Whole failure(WireError error) {
    var out = new JsonWriter().beginObject().field("error");
    error.writeTo(out);
    out.endObject();
    var answer = json(Status.of(error.code()), new RawJson(out.array(), 0, out.length()));
    return switch (error.code()) {
      case UNAUTHENTICATED -> answer.with("www-authenticate", "Bearer");
      case OVERLOADED, UNAVAILABLE -> answer.with("retry-after", "1");
      default -> answer;
    };
  }

  /// The same with a status of its own.
  static Whole failure(int status, WireError error) {
    var answer = failure(error);
    return new Whole(status, answer.headers, answer.body);
  }

  /// One without a body.
  static Whole empty(int status) {
    return new Whole(status, Map.of("cache-control", "no-store"), new byte[0]);
  }
}
