package dev.genserver.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts lines out of a stream, for line mode. Reads ahead, so nothing else may read from it. Not
/// thread-safe.
public final class LineReader {

  private final InputStream in;
  private final int maxLine;
  private byte[] buffer = new byte[1024];
  private int at;
  private int end;

  /// A reader that refuses lines of more than `maxLine` bytes, their ends not counted.
  public LineReader(InputStream in, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
  }

  /// The next line that is not empty, without its LF or CR LF; null at the end of the stream. The
  /// last one need not have an end.
  ///
  /// @throws FrameException if a line is longer than the limit
  public byte @Nullable [] read() throws IOException {
    int searched = at;
    while (true) {
      int lineFeed = indexOfLineFeed(searched);
      if (lineFeed >= 0) {
        byte[] line = line(lineFeed);
        at = lineFeed + 1;
        if (line.length > 0) {
          return line;
        }
        searched = at;
        continue;
      }
      // One byte more may be a CR.
      if (end - at > maxLine + 1) {
        throw new FrameException(Framing.lineTooLong(maxLine));
      }
      int pending = end - at;
      if (!more()) {
        byte[] line = line(end);
        at = end;
        return line.length > 0 ? line : null;
      }
      searched = at + pending;
    }
  }

  private byte[] line(int lineEnd) {
    int last = lineEnd > at && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    if (last - at > maxLine) {
      throw new FrameException(Framing.lineTooLong(maxLine));
    }
    return Arrays.copyOfRange(buffer, at, last);
  }

  private int indexOfLineFeed(int from) {
    for (int i = from; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /// Reads what is there; false at the end of the stream.
  private boolean more() throws IOException {
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return true;
  }
}
