package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One JSON value, kept as the bytes that were sent.
///
/// The bytes are valid: strict UTF-8, nested at most 64 deep, no key twice in an object, no half of
/// a surrogate pair, no white space around the value. They are shared, not copied; whoever holds
/// the array must not change it. Equal if the text is equal.
public final class RawJson {

  /// The value `null`.
  public static final RawJson NULL = new RawJson("null".getBytes(StandardCharsets.UTF_8), 0, 4);

  private final byte[] bytes;
  private final int offset;
  private final int length;

  /// A slice that is known to be valid, such as the output of a JSON library.
  public RawJson(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /// The value that `text` is.
  ///
  /// @throws MalformedJsonException if it is not exactly one JSON value
  public static RawJson of(String text) {
    // Encoding turns half a surrogate pair into '?', which is not what was given.
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          int at = text.substring(0, i).getBytes(StandardCharsets.UTF_8).length;
          throw new MalformedJsonException(at, JsonScanner.HALF_PAIR);
        }
        i++;
      }
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(bytes, 0, bytes.length);
  }

  /// The value that the slice is.
  ///
  /// @throws MalformedJsonException if it is not exactly one JSON value
  public static RawJson of(byte[] bytes, int offset, int length) {
    return new JsonScanner(bytes, offset, length).onlyValue();
  }

  /// The array that holds the text.
  public byte[] bytes() {
    return bytes;
  }

  /// Where the text starts in [#bytes].
  public int offset() {
    return offset;
  }

  /// How many bytes the text has.
  public int length() {
    return length;
  }

  /// The value as plain data: a `Map<String, Object>` in the text's order, a `List<Object>`, a
  /// String, a Boolean, null; a number as Long, else as BigInteger or BigDecimal, never rounded.
  /// One with an exponent that even BigDecimal cannot hold stays text, a String.
  public @Nullable Object toValue() {
    return new JsonReader(bytes, offset, offset + length).value();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawJson that
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /// The text.
  @Override
  public String toString() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
