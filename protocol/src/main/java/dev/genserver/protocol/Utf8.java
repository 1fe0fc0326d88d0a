package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;

/// UTF-8, strictly: shortest forms only, no surrogates, nothing above U+10FFFF.
final class Utf8 {

  private Utf8() {}

  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// How long the character of more than one byte at `at` is; 0 if it is none.
  static int lengthAt(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || end - at < length) {
      return 0;
    }
    // The second byte's range excludes long forms, surrogates and what is beyond Unicode.
    int second = bytes[at + 1] & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /// Writes `codePoint` at `at` and gives the index after it; up to four bytes.
  static int put(int codePoint, byte[] out, int at) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    if (codePoint < 0x800) {
      out[at] = (byte) (0xc0 | (codePoint >> 6));
      out[at + 1] = (byte) (0x80 | (codePoint & 0x3f));
      return at + 2;
    }
    if (codePoint < 0x10000) {
      out[at] = (byte) (0xe0 | (codePoint >> 12));
      out[at + 1] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      out[at + 2] = (byte) (0x80 | (codePoint & 0x3f));
      return at + 3;
    }
    out[at] = (byte) (0xf0 | (codePoint >> 18));
    out[at + 1] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    out[at + 2] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    out[at + 3] = (byte) (0x80 | (codePoint & 0x3f));
    return at + 4;
  }
}
