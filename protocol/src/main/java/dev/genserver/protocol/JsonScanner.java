package dev.genserver.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks over JSON once and refuses what is not strictly valid; see [RawJson] for what that means.
///
/// Nothing is built: the caller sees where the keys and values of the outermost object stand, all
/// below that is only checked. Not thread-safe.
final class JsonScanner {

  static final int MAX_DEPTH = 64;
  static final String HALF_PAIR = "a string holds one half of a surrogate pair";

  // By byte: whether a string just goes on with it.
  private static final boolean[] PLAIN = new boolean[256];

  static {
    Arrays.fill(PLAIN, 0x20, 0x80, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  // The methods that scan take the index where they begin and give the one where they end, so that
  // it
  // stays in a register; this is the daemon's most travelled code.
  private final byte[] bytes;
  private final int start;
  private final int end;
  private int depth;

  // One for each depth at which an object was met. Siblings share it.
  private @Nullable ObjectKeys[] keys = new @Nullable ObjectKeys[3];

  // Of the key that was read last, at any depth: where it stands, and whether it has escapes.
  private int lastKeyStart;
  private int lastKeyEnd;
  private boolean escaped;

  // The field of the outermost object that nextField moved to.
  private int keyStart;
  private int keyEnd;
  private boolean keyEscaped;
  private int valueStart;
  private int valueEnd;

  JsonScanner(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.start = offset;
    this.end = offset + length;
  }

  /// The value that is all there is.
  RawJson onlyValue() {
    valueStart = afterWhitespace(start);
    valueEnd = scanValue(valueStart);
    finish();
    return new RawJson(bytes, valueStart, valueEnd - valueStart);
  }

  /// Enters the outermost object; [#nextField] comes next.
  void enterObject() {
    int i = afterWhitespace(start);
    if (i == end || bytes[i] != '{') {
      throw malformed(i, "an object was expected, found " + found(i));
    }
    enterObject(i);
    valueEnd = i + 1;
  }

  /// Moves to the next field of the outermost object; false at its end, then [#finish] comes next.
  boolean nextField() {
    int i = afterWhitespace(valueEnd);
    if (i < end && bytes[i] == '}') {
      valueEnd = i + 1;
      return false;
    }
    i = scanKey(i, keysOfDepth());
    keyStart = lastKeyStart;
    keyEnd = lastKeyEnd;
    keyEscaped = escaped;
    valueStart = afterWhitespace(i);
    valueEnd = scanValue(valueStart);
    return true;
  }

  /// Makes sure that nothing follows.
  void finish() {
    int i = afterWhitespace(valueEnd);
    if (i < end) {
      throw malformed(i, "one value was expected, more follows it: " + found(i));
    }
  }

  /// Which of `names` the field's key is; -1 if none.
  int keyAmong(Names names) {
    if (keyEscaped) {
      byte[] name = Utf8.encode(key());
      return names.indexOf(name, 0, name.length);
    }
    return names.indexOf(bytes, keyStart, keyEnd);
  }

  /// The field's key.
  String key() {
    return JsonText.unescape(bytes, keyStart, keyEnd);
  }

  /// Where the field's value starts.
  int valueStart() {
    return valueStart;
  }

  /// Where the field's value ends.
  int valueEnd() {
    return valueEnd;
  }

  private int scanValue(int i) {
    if (i < end) {
      switch (bytes[i]) {
        case '"' -> {
          return scanString(i);
        }
        case '{' -> {
          return scanObject(i);
        }
        case '[' -> {
          return scanArray(i);
        }
        case 't' -> {
          return scanWord(i, "true");
        }
        case 'f' -> {
          return scanWord(i, "false");
        }
        case 'n' -> {
          return scanWord(i, "null");
        }
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
          return scanNumber(i);
        }
        default -> {}
      }
    }
    throw malformed(i, "a value was expected, found " + found(i));
  }

  private int scanObject(int brace) {
    enterObject(brace);
    ObjectKeys seen = keysOfDepth();
    int i = afterWhitespace(brace + 1);
    while (i == end || bytes[i] != '}') {
      i = afterWhitespace(scanKey(i, seen));
      i = afterWhitespace(scanValue(i));
    }
    depth--;
    return i + 1;
  }

  private void enterObject(int brace) {
    enter(brace);
    if (depth > keys.length) {
      keys = Arrays.copyOf(keys, MAX_DEPTH);
    }
    ObjectKeys seen = keys[depth - 1];
    if (seen == null) {
      keys[depth - 1] = new ObjectKeys();
    } else {
      seen.clear();
    }
  }

  private void enter(int bracket) {
    if (depth == MAX_DEPTH) {
      throw malformed(bracket, "nested deeper than " + MAX_DEPTH);
    }
    depth++;
  }

  // enterObject put it there.
  @SuppressWarnings("NullAway")
  private ObjectKeys keysOfDepth() {
    return keys[depth - 1];
  }

  /// Scans the comma, if another key stands before, then the next key and its colon.
  private int scanKey(int from, ObjectKeys seen) {
    int quote = from;
    if (!seen.isEmpty()) {
      expect(from, ',', "',' or '}' was expected");
      quote = afterWhitespace(from + 1);
    }
    if (quote == end || bytes[quote] != '"') {
      throw malformed(quote, "a key in double quotes was expected, found " + found(quote));
    }
    escaped = false;
    int i = scanString(quote);
    lastKeyStart = quote + 1;
    lastKeyEnd = i - 1;
    if (!seen.add(bytes, lastKeyStart, lastKeyEnd, escaped)) {
      throw malformed(quote, "an object has this key twice: " + found(quote));
    }
    i = afterWhitespace(i);
    expect(i, ':', "':' was expected");
    return i + 1;
  }

  private int scanArray(int bracket) {
    enter(bracket);
    int i = afterWhitespace(bracket + 1);
    if (i == end || bytes[i] != ']') {
      i = afterWhitespace(scanValue(i));
      while (i == end || bytes[i] != ']') {
        expect(i, ',', "',' or ']' was expected");
        i = afterWhitespace(scanValue(afterWhitespace(i + 1)));
      }
    }
    depth--;
    return i + 1;
  }

  private int scanString(int quote) {
    int i = quote + 1;
    while (true) {
      while (i < end && PLAIN[bytes[i] & 0xff]) {
        i++;
      }
      if (i == end) {
        throw malformed(quote, "this string is not closed: " + found(quote));
      }
      byte b = bytes[i];
      if (b == '"') {
        return i + 1;
      }
      if (b == '\\') {
        escaped = true;
        i = scanEscape(i);
      } else if (b < 0) {
        int length = Utf8.lengthAt(bytes, i, end);
        if (length == 0) {
          throw malformed(i, "this is not UTF-8");
        }
        i += length;
      } else {
        throw malformed(i, "a control character must be escaped in a string");
      }
    }
  }

  private int scanEscape(int backslash) {
    byte escape = backslash + 1 < end ? bytes[backslash + 1] : 0;
    switch (escape) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return backslash + 2;
      }
      case 'u' -> {
        char unit = unicodeEscape(backslash);
        if (!Character.isSurrogate(unit)) {
          return backslash + 6;
        }
        int next = backslash + 6;
        if (Character.isLowSurrogate(unit)
            || end - next < 2
            || bytes[next] != '\\'
            || bytes[next + 1] != 'u'
            || !Character.isLowSurrogate(unicodeEscape(next))) {
          throw malformed(backslash, HALF_PAIR);
        }
        return next + 6;
      }
      default -> throw malformed(backslash, "there is no such escape: " + found(backslash));
    }
  }

  private char unicodeEscape(int backslash) {
    int unit = end - backslash < 6 ? -1 : JsonText.hex(bytes, backslash + 2);
    if (unit < 0) {
      throw malformed(backslash, "four hexadecimal digits were expected after \\u");
    }
    return (char) unit;
  }

  private int scanNumber(int first) {
    int digits = bytes[first] == '-' ? first + 1 : first;
    int i = scanDigits(digits);
    if (bytes[digits] == '0' && i - digits > 1) {
      throw malformed(first, "a number must not begin with 0: " + found(first));
    }
    if (i < end && bytes[i] == '.') {
      i = scanDigits(i + 1);
    }
    if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
      boolean signed = i + 1 < end && (bytes[i + 1] == '+' || bytes[i + 1] == '-');
      i = scanDigits(signed ? i + 2 : i + 1);
    }
    return i;
  }

  private int scanDigits(int first) {
    int i = first;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    if (i == first) {
      throw malformed(i, "a digit was expected, found " + found(i));
    }
    return i;
  }

  private int scanWord(int first, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (first + i == end || bytes[first + i] != word.charAt(i)) {
        throw malformed(first, "a value was expected, found " + found(first));
      }
    }
    return first + word.length();
  }

  private int afterWhitespace(int from) {
    int i = from;
    while (i < end && bytes[i] <= ' ' && isWhitespace(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private void expect(int i, char wanted, String problem) {
    if (i == end || bytes[i] != wanted) {
      throw malformed(i, problem + ", found " + found(i));
    }
  }

  private MalformedJsonException malformed(int i, String problem) {
    return new MalformedJsonException(i - start, problem);
  }

  /// The next few characters, fit for a message.
  private String found(int from) {
    if (from == end) {
      return "the end";
    }
    var text = new StringBuilder();
    for (int i = from; i < end && i < from + 24; i++) {
      text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return text.toString();
  }
}
