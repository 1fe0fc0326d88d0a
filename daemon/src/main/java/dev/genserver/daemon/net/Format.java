package dev.genserver.daemon.net;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ServerMessage;

/// How a connection's messages are told apart, both ways.
enum Format {
  /// A length, then so many bytes.
  FRAMES,
  /// One message a line.
  LINES;

  /// Writes a whole message.
  JsonWriter encode(ServerMessage message) {
    var out = new JsonWriter();
    var start = begin(out);
    message.writeTo(out);
    end(out, start);
    return out;
  }

  int begin(JsonWriter out) {
    return switch (this) {
      case FRAMES -> out.beginFrame();
      case LINES -> out.length();
    };
  }

  /// Ends what was begun at `start`.
  ///
  /// @return the length of the message in bytes, without what tells it apart
  int end(JsonWriter out, int start) {
    return switch (this) {
      case FRAMES -> out.endFrame(start);
      case LINES -> out.endLine(start);
    };
  }
}
