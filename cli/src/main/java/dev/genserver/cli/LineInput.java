package dev.genserver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts lines out of a stream, and counts them. One that is too long is passed over, and the next
/// one read. For one thread.
final class LineInput {

  /// A line, and its number from 1 on.
  static final class Line {

    private final long number;
    private final byte @Nullable [] bytes;

    private Line(long number, byte @Nullable [] bytes) {
      this.number = number;
      this.bytes = bytes;
    }

    long number() {
      return number;
    }

    /// Without its end; null if it is too long. Not a copy.
    byte @Nullable [] bytes() {
      return bytes;
    }

    boolean isBlank() {
      if (bytes == null) {
        return false;
      }
      for (byte b : bytes) {
        if (b != ' ' && b != '\t') {
          return false;
        }
      }
      return true;
    }
  }

  private final InputStream in;
  private final int longest;
  private byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private long number;

  LineInput(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /// The next line; null at the end of the stream. The last one need not have an end.
  @Nullable Line next() throws IOException {
    int searched = at;
    while (true) {
      int lineFeed = indexOfLineFeed(searched);
      if (lineFeed >= 0) {
        var line = line(lineFeed);
        at = lineFeed + 1;
        return line;
      }
      if (end - at > longest + 1) { // one byte more may be a CR
        return passOver();
      }
      int pending = end - at;
      if (!more()) {
        var line = at == end ? null : line(end);
        at = end;
        return line;
      }
      searched = at + pending;
    }
  }

  /// Whether there is a whole line already, so that the next one costs no wait.
  boolean hasNext() {
    return indexOfLineFeed(at) >= 0;
  }

  private Line line(int lineEnd) {
    int last = lineEnd > at && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    var bytes = last - at > longest ? null : Arrays.copyOfRange(buffer, at, last);
    return new Line(++number, bytes);
  }

  private Line passOver() throws IOException {
    int lineFeed = -1;
    do {
      at = end;
    } while (more() && (lineFeed = indexOfLineFeed(at)) < 0);
    at = lineFeed < 0 ? end : lineFeed + 1;
    return new Line(++number, null);
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
