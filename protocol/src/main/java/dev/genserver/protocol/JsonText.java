package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;

/// Reads strings out of JSON that was found to be valid.
final class JsonText {

  private JsonText() {}

  /// The string whose text, between the quotes, is at `start` to `end`.
  static String unescape(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] == '\\') {
        return unescapeFrom(i, bytes, start, end);
      }
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static String unescapeFrom(int first, byte[] bytes, int start, int end) {
    // An escape is never shorter than the UTF-8 that it stands for.
    byte[] out = new byte[end - start];
    int length = first - start;
    System.arraycopy(bytes, start, out, 0, length);
    int at = first;
    while (at < end) {
      byte b = bytes[at++];
      if (b != '\\') {
        out[length++] = b;
        continue;
      }
      byte escape = bytes[at++];
      if (escape != 'u') {
        out[length++] = plain(escape);
        continue;
      }
      int codePoint = hex(bytes, at);
      at += 4;
      if (Character.isHighSurrogate((char) codePoint)) {
        codePoint = Character.toCodePoint((char) codePoint, (char) hex(bytes, at + 2));
        at += 6;
      }
      length = Utf8.put(codePoint, out, length);
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private static byte plain(byte escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }

  /// The number that four hexadecimal digits are; negative if they are not.
  static int hex(byte[] bytes, int at) {
    return Character.digit(bytes[at], 16) << 12
        | Character.digit(bytes[at + 1], 16) << 8
        | Character.digit(bytes[at + 2], 16) << 4
        | Character.digit(bytes[at + 3], 16);
  }
}
