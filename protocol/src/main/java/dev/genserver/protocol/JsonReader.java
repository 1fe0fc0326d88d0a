package dev.genserver.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns JSON that was found to be valid into plain data; see [RawJson#toValue].
final class JsonReader {

  private final byte[] bytes;
  private final int end;
  private int at;

  JsonReader(byte[] bytes, int offset, int end) {
    this.bytes = bytes;
    this.end = end;
    this.at = offset;
  }

  @Nullable Object value() {
    skipWhitespace();
    return switch (bytes[at]) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word(4, true);
      case 'f' -> word(5, false);
      case 'n' -> word(4, null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    while (hasNext('}')) {
      var key = string();
      skipWhitespace();
      at++; // the colon
      fields.put(key, value());
    }
    return fields;
  }

  private List<@Nullable Object> array() {
    var items = new ArrayList<@Nullable Object>();
    while (hasNext(']')) {
      items.add(value());
    }
    return items;
  }

  /// Moves past the opening bracket or a comma to what follows, or past the closing bracket.
  private boolean hasNext(char close) {
    skipWhitespace();
    if (bytes[at] == close) {
      at++;
      return false;
    }
    at++;
    skipWhitespace();
    if (bytes[at] == close) {
      at++;
      return false;
    }
    return true;
  }

  private String string() {
    int start = at + 1;
    int end = start;
    while (bytes[end] != '"') {
      end += bytes[end] == '\\' ? 2 : 1;
    }
    at = end + 1;
    return JsonText.unescape(bytes, start, end);
  }

  private @Nullable Object word(int length, @Nullable Object value) {
    at += length;
    return value;
  }

  private Object number() {
    int start = at;
    boolean whole = true;
    while (at < end && "+-0123456789.eE".indexOf(bytes[at]) >= 0) {
      whole &= bytes[at] == '-' || Character.isDigit(bytes[at]);
      at++;
    }
    var text = new String(bytes, start, at - start, StandardCharsets.US_ASCII);
    if (!whole) {
      return decimal(text);
    }
    return text.length() <= 18 ? (Number) Long.valueOf(text) : exact(new BigInteger(text));
  }

  private static Object decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static Number exact(BigInteger value) {
    return value.bitLength() < 64 ? (Number) value.longValue() : value;
  }

  private void skipWhitespace() {
    while (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t') {
      at++;
    }
  }
}
