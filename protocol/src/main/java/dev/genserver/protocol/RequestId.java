package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;

/// What a client calls a request, and the daemon its answer.
public sealed interface RequestId {

  /// The largest number, 2^53 - 1: the largest that every JSON library keeps exact.
  long MAX_NUMBER = (1L << 53) - 1;

  /// The longest text, in bytes of UTF-8.
  int MAX_TEXT_BYTES = 64;

  /// A number from 0 to [#MAX_NUMBER].
  record Num(long value) implements RequestId {

    public Num {
      if (value < 0 || value > MAX_NUMBER) {
        throw new IllegalArgumentException("id " + value + " must be from 0 to " + MAX_NUMBER);
      }
    }

    @Override
    public void writeTo(JsonWriter out) {
      out.number(value);
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// A text of at most [#MAX_TEXT_BYTES] bytes.
  record Text(String value) implements RequestId {

    public Text {
      if (value.length() > MAX_TEXT_BYTES
          || value.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
        throw new IllegalArgumentException(
            "an id must not be longer than " + MAX_TEXT_BYTES + " bytes");
      }
    }

    @Override
    public void writeTo(JsonWriter out) {
      out.string(value);
    }

    @Override
    public String toString() {
      return '"' + value + '"';
    }
  }

  /// The id `value`.
  static RequestId of(long value) {
    return new Num(value);
  }

  /// The id `value`.
  static RequestId of(String value) {
    return new Text(value);
  }

  /// Writes the id as a JSON value.
  void writeTo(JsonWriter out);
}
