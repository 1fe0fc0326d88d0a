package dev.genserver.client;

import dev.genserver.protocol.Framing;
import dev.genserver.protocol.JsonWriter;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/// Frames one behind the other, and which of them are silent casts. Not thread-safe.
final class Frames {

  private final JsonWriter bytes = new JsonWriter(16 * 1024);
  private final BitSet silent = new BitSet();
  private int count;
  private int casts;

  void add(JsonWriter frame, boolean isSilent) {
    bytes.raw(frame.array(), 0, frame.length());
    if (isSilent) {
      silent.set(count);
      casts++;
    }
    count++;
  }

  int length() {
    return bytes.length();
  }

  /// How many silent casts there are.
  int casts() {
    return casts;
  }

  /// All bytes; for as long as nothing is added.
  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes.array(), 0, bytes.length());
  }

  void reset() {
    bytes.reset();
    silent.clear();
    count = 0;
    casts = 0;
  }

  /// Where the frame that begins before `offset` ends, which may be there.
  int endOfFrameAt(int offset) {
    int end = 0;
    while (end < offset) {
      end += lengthAt(end);
    }
    return end;
  }

  /// Copies the silent casts that begin at `offset`, the begin of a frame, or behind it.
  void copyCasts(int offset, List<JsonWriter> casts) {
    int start = 0;
    for (int frame = 0; frame < count; frame++) {
      int length = lengthAt(start);
      if (start >= offset && silent.get(frame)) {
        casts.add(new JsonWriter(length).raw(bytes.array(), start, length));
      }
      start += length;
    }
  }

  private int lengthAt(int start) {
    return Framing.HEADER_BYTES + toBuffer().getInt(start);
  }
}
