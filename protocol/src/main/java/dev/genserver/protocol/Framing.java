package dev.genserver.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How messages are told apart in a stream of bytes.
///
/// ```
/// framed                                       line mode
/// +---------------+-----------------------+    +-----------------------+----+
/// | length N      | N bytes               |    | bytes                 | LF |
/// | 0x0000002A    | {"op":"call","id":1,… |    | {"op":"call","id":1,… |    |
/// +---------------+-----------------------+    +-----------------------+----+
/// ```
///
/// N is unsigned and big-endian. As it stays below 2^24 its first byte is zero, so the first byte
/// of a connection tells which of the two it is.
public final class Framing {

  /// The port of the wire protocol.
  public static final int DEFAULT_PORT = 6470;

  /// How many bytes the length takes.
  public static final int HEADER_BYTES = 4;

  /// The shortest frame, in bytes: `{}`.
  public static final int MIN_FRAME = 2;

  /// How long a frame may be where nothing else is configured, in bytes.
  public static final int DEFAULT_MAX_FRAME = 1 << 20;

  /// The highest limit that can be configured, in bytes.
  public static final int MAX_FRAME_CEILING = (1 << 24) - 1;

  private Framing() {}

  /// What is wrong with a frame of `length` bytes, to be asked before anything is allocated for it;
  /// null if nothing.
  ///
  /// @param length the header as it was read; negative stands for 2^31 and above
  public static @Nullable WireError checkLength(int length, int maxFrame) {
    if (length >= MIN_FRAME && length <= maxFrame) {
      return null;
    }
    long size = Integer.toUnsignedLong(length);
    Map<String, Long> details = Map.of("length", size, "limit", (long) maxFrame);
    if (size < MIN_FRAME) {
      return WireError.refused(
          ErrorCode.BAD_FRAME,
          "a frame of %d bytes holds no JSON object; send the length, then as many bytes of JSON"
              .formatted(size),
          details);
    }
    return tooLarge("a frame of %,d bytes".formatted(size), maxFrame, details);
  }

  /// The error of a line that has no end within the limit.
  public static WireError lineTooLong(int maxFrame) {
    return tooLarge("a line", maxFrame, Map.of("limit", (long) maxFrame));
  }

  private static WireError tooLarge(String what, int maxFrame, Map<String, Long> details) {
    return WireError.refused(
        ErrorCode.FRAME_TOO_LARGE,
        "%s exceeds the limit of %,d bytes; send less, or have the daemon's limit raised"
            .formatted(what, maxFrame),
        details);
  }
}
