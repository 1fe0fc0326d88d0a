package dev.genserver.benchmarks.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/// Frames of requests to the counter of the examples, or to another process.
public final class Frames {

  private static final String ADD = "{\"type\":\"add\",\"by\":1}";

  private Frames() {}

  /// A call that adds one.
  ///
  /// @param payload bytes that go along in `meta`
  static byte[] add(long id, int payload) {
    return call(id, "counter", ADD, payload);
  }

  /// A cast that adds one.
  static byte[] addByCast() {
    return cast("counter", ADD);
  }

  /// A cast that is not confirmed.
  public static byte[] cast(String to, String message) {
    return framed("{\"op\":\"cast\",\"to\":\"%s\",\"msg\":%s}".formatted(to, message));
  }

  /// A call without a payload.
  public static byte[] call(long id, String to, String message) {
    return call(id, to, message, 0);
  }

  private static byte[] call(long id, String to, String message, int payload) {
    var meta = payload == 0 ? "" : ",\"meta\":{\"payload\":\"%s\"}".formatted("x".repeat(payload));
    return framed(
        "{\"op\":\"call\",\"id\":%d,\"to\":\"%s\",\"msg\":%s,\"timeout_ms\":5000%s}"
            .formatted(id, to, message, meta));
  }

  private static byte[] framed(String json) {
    var bytes = json.getBytes(UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + bytes.length)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }
}
