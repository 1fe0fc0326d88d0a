package dev.genserver.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cuts frames out of a stream. Reads ahead, so nothing else may read from it. Not thread-safe.
public final class FrameReader {

  private final InputStream in;
  private final int maxFrame;
  private final byte[] buffer = new byte[16 * 1024];
  private int at;
  private int end;

  /// A reader that refuses frames of more than `maxFrame` bytes.
  public FrameReader(InputStream in, int maxFrame) {
    this.in = in;
    this.maxFrame = maxFrame;
  }

  /// The next frame, without its header; null if the stream ends before one. Blocks until it is
  /// there.
  ///
  /// @throws FrameException if the length is out of bounds or the stream ends within the frame
  public byte @Nullable [] read() throws IOException {
    if (!fill(Framing.HEADER_BYTES)) {
      if (at == end) {
        return null;
      }
      throw truncated(end - at, "the length's " + Framing.HEADER_BYTES);
    }
    int length =
        (buffer[at] & 0xff) << 24
            | (buffer[at + 1] & 0xff) << 16
            | (buffer[at + 2] & 0xff) << 8
            | (buffer[at + 3] & 0xff);
    WireError problem = Framing.checkLength(length, maxFrame);
    if (problem != null) {
      throw new FrameException(problem);
    }
    at += Framing.HEADER_BYTES;
    return body(length);
  }

  private byte[] body(int length) throws IOException {
    byte[] frame = new byte[length];
    int have = Math.min(length, end - at);
    System.arraycopy(buffer, at, frame, 0, have);
    at += have;
    while (have < length) {
      int count = in.read(frame, have, length - have);
      if (count < 0) {
        throw truncated(have, "the frame's " + length);
      }
      have += count;
    }
    return frame;
  }

  /// Has at least `count` bytes in the buffer; false if the stream ends before.
  private boolean fill(int count) throws IOException {
    if (end - at >= count) {
      return true;
    }
    System.arraycopy(buffer, at, buffer, 0, end - at);
    end -= at;
    at = 0;
    while (end < count) {
      int more = in.read(buffer, end, buffer.length - end);
      if (more < 0) {
        return false;
      }
      end += more;
    }
    return true;
  }

  private static FrameException truncated(int have, String wanted) {
    return new FrameException(
        WireError.refused(
            ErrorCode.BAD_FRAME,
            "the stream ended after %d of %s bytes".formatted(have, wanted),
            Map.of("read", have)));
  }
}
