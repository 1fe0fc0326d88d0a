package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;
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

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int at;
  private int depth;

  // One for each depth at which an object was met. Siblings share it.
  private @Nullable ObjectKeys[] keys = new @Nullable ObjectKeys[3];

  // The key that was read last, at any depth.
  private int lastKeyStart;
  private int lastKeyEnd;
  private boolean lastKeyEscaped;

  // The field of the outermost object that nextField moved to.
  private int keyStart;
  private int keyEnd;
  private boolean keyEscaped;
  private int valueStart;

  JsonScanner(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.start = offset;
    this.end = offset + length;
    this.at = offset;
  }

  /// The value that is all there is.
  RawJson onlyValue() {
    skipWhitespace();
    int first = at;
    scanValue();
    int last = at;
    finish();
    return new RawJson(bytes, first, last - first);
  }

  /// Enters the outermost object; [#nextField] comes next.
  void enterObject() {
    skipWhitespace();
    if (at == end || bytes[at] != '{') {
      throw malformed("an object was expected, found " + found());
    }
    openObject();
  }

  /// Moves to the next field of the outermost object; false at its end, then [#finish] comes next.
  boolean nextField() {
    if (!nextKey(keysOfDepth())) {
      depth--;
      return false;
    }
    keyStart = lastKeyStart;
    keyEnd = lastKeyEnd;
    keyEscaped = lastKeyEscaped;
    skipWhitespace();
    valueStart = at;
    scanValue();
    return true;
  }

  /// Makes sure that nothing follows.
  void finish() {
    skipWhitespace();
    if (at < end) {
      throw malformed("one value was expected, more follows it: " + found());
    }
  }

  /// Which of `names` the field's key is; -1 if none.
  int keyAmong(Names names) {
    if (keyEscaped) {
      byte[] name = JsonText.unescape(bytes, keyStart, keyEnd).getBytes(StandardCharsets.UTF_8);
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
    return at;
  }

  private void scanValue() {
    skipWhitespace();
    if (at == end) {
      throw malformed("a value was expected, found " + found());
    }
    switch (bytes[at]) {
      case '"' -> scanString();
      case '{' -> scanObject();
      case '[' -> scanArray();
      case 't' -> scanWord("true");
      case 'f' -> scanWord("false");
      case 'n' -> scanWord("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> scanNumber();
      default -> throw malformed("a value was expected, found " + found());
    }
  }

  private void scanObject() {
    openObject();
    ObjectKeys seen = keysOfDepth();
    while (nextKey(seen)) {
      scanValue();
    }
    depth--;
  }

  private void openObject() {
    open();
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

  private void open() {
    if (depth == MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    depth++;
    at++;
  }

  // openObject put it there.
  @SuppressWarnings("NullAway")
  private ObjectKeys keysOfDepth() {
    return keys[depth - 1];
  }

  /// Moves past the next key and its colon; false past the end of the object.
  private boolean nextKey(ObjectKeys seen) {
    skipWhitespace();
    if (at < end && bytes[at] == '}') {
      at++;
      return false;
    }
    if (!seen.isEmpty()) {
      expect(',', "',' or '}' was expected");
      skipWhitespace();
    }
    if (at == end || bytes[at] != '"') {
      throw malformed("a key in double quotes was expected, found " + found());
    }
    int first = at + 1;
    boolean escaped = scanString();
    lastKeyStart = first;
    lastKeyEnd = at - 1;
    lastKeyEscaped = escaped;
    if (!seen.add(bytes, first, at - 1, escaped)) {
      at = first - 1;
      throw malformed("an object has this key twice: " + found());
    }
    skipWhitespace();
    expect(':', "':' was expected");
    return true;
  }

  private void scanArray() {
    open();
    skipWhitespace();
    if (at < end && bytes[at] == ']') {
      at++;
      depth--;
      return;
    }
    while (true) {
      scanValue();
      skipWhitespace();
      if (at < end && bytes[at] == ']') {
        at++;
        depth--;
        return;
      }
      expect(',', "',' or ']' was expected");
    }
  }

  /// Moves past a string; tells whether it has escapes.
  private boolean scanString() {
    boolean escaped = false;
    int i = at + 1;
    while (true) {
      while (i < end && PLAIN[bytes[i] & 0xff]) {
        i++;
      }
      if (i == end) {
        throw malformed("this string is not closed: " + found());
      }
      byte b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return escaped;
      }
      if (b == '\\') {
        escaped = true;
        i = afterEscape(i);
      } else if (b < 0) {
        int length = Utf8.lengthAt(bytes, i, end);
        if (length == 0) {
          at = i;
          throw malformed("this is not UTF-8");
        }
        i += length;
      } else {
        at = i;
        throw malformed("a control character must be escaped in a string");
      }
    }
  }

  private int afterEscape(int backslash) {
    at = backslash;
    byte escape = backslash + 1 < end ? bytes[backslash + 1] : 0;
    switch (escape) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return backslash + 2;
      }
      case 'u' -> {
        int unit = unicodeEscape(backslash);
        if (!Character.isSurrogate((char) unit)) {
          return backslash + 6;
        }
        if (!Character.isHighSurrogate((char) unit)
            || !Character.isLowSurrogate((char) unicodeEscape(backslash + 6))) {
          throw malformed(HALF_PAIR);
        }
        return backslash + 12;
      }
      default -> throw malformed("there is no such escape: " + found());
    }
  }

  /// The UTF-16 unit that is escaped there as `\\uXXXX`.
  private int unicodeEscape(int backslash) {
    if (end - backslash < 6 || bytes[backslash] != '\\' || bytes[backslash + 1] != 'u') {
      throw malformed(
          backslash == at ? "four hexadecimal digits were expected after \\u" : HALF_PAIR);
    }
    int unit = JsonText.hex(bytes, backslash + 2);
    if (unit < 0) {
      throw malformed("four hexadecimal digits were expected after \\u");
    }
    return unit;
  }

  private void scanNumber() {
    int i = at;
    if (bytes[i] == '-') {
      i++;
    }
    int digits = i;
    i = afterDigits(i);
    if (bytes[digits] == '0' && i - digits > 1) {
      throw malformed("a number must not begin with 0: " + found());
    }
    if (i < end && bytes[i] == '.') {
      i = afterDigits(i + 1);
    }
    if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
      i++;
      if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
        i++;
      }
      i = afterDigits(i);
    }
    at = i;
  }

  private int afterDigits(int from) {
    int i = from;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    if (i == from) {
      throw malformed("this is not a number: " + found());
    }
    return i;
  }

  private void scanWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i == end || bytes[at + i] != word.charAt(i)) {
        throw malformed("a value was expected, found " + found());
      }
    }
    at += word.length();
  }

  private void skipWhitespace() {
    while (at < end) {
      byte b = bytes[at];
      if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
        return;
      }
      at++;
    }
  }

  private void expect(char wanted, String problem) {
    if (at == end || bytes[at] != wanted) {
      throw malformed(problem + ", found " + found());
    }
    at++;
  }

  private MalformedJsonException malformed(String problem) {
    return new MalformedJsonException(at - start, problem);
  }

  /// The next few characters, fit for a message.
  private String found() {
    if (at == end) {
      return "the end";
    }
    var text = new StringBuilder();
    for (int i = at; i < end && i < at + 24; i++) {
      text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return text.toString();
  }
}
