package dev.genserver.daemon.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// What stands in addresses for characters that cannot.
final class PercentCode {

  private PercentCode() {}

  /// The text that is meant; empty if it is none. A plus stands for itself.
  static Optional<String> decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      if (character != '%') {
        // Beyond ASCII it is a byte of UTF-8 that was not encoded, as curl sends it.
        if (character <= ' ' || character == 0x7f || character > 0xff) {
          return Optional.empty();
        }
        bytes.write(character);
      } else if (i + 2 < text.length()
          && HexFormat.isHexDigit(text.charAt(i + 1))
          && HexFormat.isHexDigit(text.charAt(i + 2))) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
