package dev.genserver.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A request as the echoes know it, read and answered with Jackson's streaming API: the way that is
/// quick and still plain.
///
/// @param by what is to be added; 0 where nothing is
record Request(
    String op, long id, String to, String type, long by, long timeoutMs, Map<String, String> meta) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int REPLY_BYTES = 64;

  boolean isCall() {
    return op.equals("call");
  }

  /// @param frame the length and the JSON
  static Request read(ByteBuf frame) {
    var bytes = new byte[frame.readableBytes() - Integer.BYTES];
    frame.getBytes(frame.readerIndex() + Integer.BYTES, bytes);
    try (var json = JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
      return new Fields().read(json);
    }
  }

  /// The frame of its reply.
  ByteBuf reply(ByteBufAllocator buffers, long total) {
    var frame = buffers.buffer(REPLY_BYTES).writeInt(0);
    try (var json =
        JSON.createGenerator(
            ObjectWriteContext.empty(), new ByteBufOutputStream(frame), JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringProperty("op", "reply");
      json.writeNumberProperty("id", id);
      json.writeNumberProperty("result", total);
      json.writeEndObject();
    }
    return frame.setInt(frame.readerIndex(), frame.readableBytes() - Integer.BYTES);
  }

  /// What has been read of one.
  private static final class Fields {

    private String op = "";
    private String to = "";
    private String type = "";
    private long id;
    private long by;
    private long timeoutMs;
    private Map<String, String> meta = Map.of();

    Request read(JsonParser json) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = json.currentName();
        json.nextToken();
        switch (name) {
          case "op" -> op = json.getString();
          case "id" -> id = json.getLongValue();
          case "to" -> to = json.getString();
          case "msg" -> message(json);
          case "timeout_ms" -> timeoutMs = json.getLongValue();
          case "meta" -> meta(json);
          default -> json.skipChildren();
        }
      }
      return new Request(op, id, to, type, by, timeoutMs, meta);
    }

    private void message(JsonParser json) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        type = json.getString();
        return;
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = json.currentName();
        json.nextToken();
        switch (name) {
          case "type" -> type = json.getString();
          case "by" -> by = json.getLongValue();
          default -> json.skipChildren();
        }
      }
    }

    private void meta(JsonParser json) {
      meta = new HashMap<>();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = json.currentName();
        json.nextToken();
        meta.put(name, json.getString());
      }
    }
  }
}
