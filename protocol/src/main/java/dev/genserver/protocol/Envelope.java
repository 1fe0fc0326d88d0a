package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One JSON object of the protocol, cut into the fields that are known, each still raw.
///
/// All complaints name the field and carry the request's id, if there is one that can be read.
final class Envelope {

  private static final String ID = "an integer from 0 to 2^53-1, or a string of at most 64 bytes";

  private static final byte[] ID_KEY = Utf8.encode("id");

  // Where each known field's value starts and ends; an end of 0 if it is not there.
  private final int[] spans;
  private final Names names;
  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final String path;
  private final @Nullable Envelope parent;

  /// The outermost object; [#scan] comes next.
  Envelope(Names names, byte[] bytes, int offset, int length) {
    this(names, bytes, offset, length, "", null);
  }

  private Envelope(
      Names names, byte[] bytes, int offset, int length, String path, @Nullable Envelope parent) {
    this.spans = new int[2 * names.size()];
    this.names = names;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.path = path;
    this.parent = parent;
  }

  /// Checks all of the text and finds the fields.
  Envelope scan() {
    var scanner = new JsonScanner(bytes, offset, length);
    try {
      scanner.enterObject();
      while (scanner.nextField()) {
        int field = scanner.keyAmong(names);
        if (field >= 0) {
          spans[2 * field] = scanner.valueStart();
          spans[2 * field + 1] = scanner.valueEnd();
        }
      }
      scanner.finish();
    } catch (MalformedJsonException e) {
      throw new BadRequestException(
          ErrorCode.BAD_REQUEST, e.error().message(), readableId(), e.error().details());
    }
    return this;
  }

  boolean has(int field) {
    return end(field) > 0;
  }

  /// Has the field, and its value is not `null`.
  boolean hasValue(int field) {
    return has(field) && bytes[start(field)] != 'n';
  }

  /// Whether the field is there and is the string `text`.
  boolean isText(int field, String text) {
    return has(field) && bytes[start(field)] == '"' && text.equals(text(field, text));
  }

  /// Which of `values` the field is; -1 if none of them.
  int textAmong(int field, Names values) {
    requireText(field, "a string");
    int index = values.indexOf(bytes, start(field) + 1, end(field) - 1);
    if (index >= 0) {
      return index;
    }
    byte[] text = Utf8.encode(text(field, "a string"));
    return values.indexOf(text, 0, text.length);
  }

  String text(int field, String wanted) {
    requireText(field, wanted);
    return JsonText.unescape(bytes, start(field) + 1, end(field) - 1);
  }

  @Nullable String optionalText(int field) {
    return has(field) ? text(field, "a string") : null;
  }

  RawJson raw(int field) {
    require(field, "any JSON value");
    return new RawJson(bytes, start(field), end(field) - start(field));
  }

  /// A whole number of 0 or more; one beyond `highest` counts as `highest`.
  long natural(int field, long highest, String wanted) {
    require(field, wanted);
    long value = natural(start(field), end(field), highest);
    if (value < 0) {
      throw wrong(field, wanted);
    }
    return value;
  }

  RequestId id(int field) {
    require(field, ID);
    RequestId id = idAt(field);
    if (id == null) {
      throw wrong(field, ID);
    }
    return id;
  }

  @Nullable RequestId optionalId(int field) {
    return has(field) ? id(field) : null;
  }

  /// The fields of the object that the field is.
  Envelope object(int field, Names names) {
    require(field, "an object");
    if (bytes[start(field)] != '{') {
      throw wrong(field, "an object");
    }
    int size = end(field) - start(field);
    return new Envelope(names, bytes, start(field), size, path(field) + '.', this).scan();
  }

  /// The object that the field is, as plain data.
  Map<String, @Nullable Object> map(int field) {
    if (!(raw(field).toValue() instanceof Map<?, ?> map)) {
      throw wrong(field, "an object");
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> fields.put(String.valueOf(key), value));
    return Collections.unmodifiableMap(fields);
  }

  /// The object that the field is, as strings by name.
  Map<String, String> texts(int field) {
    String wanted = "an object of strings";
    if (bytes[start(field)] != '{') {
      throw wrong(field, wanted);
    }
    var texts = new LinkedHashMap<String, String>();
    var scanner = new JsonScanner(bytes, start(field), end(field) - start(field));
    scanner.enterObject();
    while (scanner.nextField()) {
      int first = scanner.valueStart();
      if (bytes[first] != '"') {
        throw wrong(path(field) + '.' + scanner.key(), "a string", got(first, scanner.valueEnd()));
      }
      texts.put(scanner.key(), JsonText.unescape(bytes, first + 1, scanner.valueEnd() - 1));
    }
    return texts;
  }

  /// A complaint about a field's value.
  BadRequestException wrong(int field, String wanted) {
    return wrong(path(field), wanted, got(start(field), end(field)));
  }

  BadRequestException refused(
      ErrorCode code, String message, Map<String, ? extends @Nullable Object> details) {
    return new BadRequestException(code, message, readableId(), details);
  }

  private void requireText(int field, String wanted) {
    require(field, wanted);
    if (bytes[start(field)] != '"') {
      throw wrong(field, wanted);
    }
  }

  private void require(int field, String wanted) {
    if (!has(field)) {
      throw refused(
          ErrorCode.BAD_REQUEST,
          "field '%s' is missing; it must be %s".formatted(path(field), wanted),
          Map.of("field", path(field), "wanted", wanted, "got", "nothing"));
    }
  }

  private BadRequestException wrong(String path, String wanted, String got) {
    return refused(
        ErrorCode.BAD_REQUEST,
        "field '%s' must be %s; it is %s".formatted(path, wanted, got),
        Map.of("field", path, "wanted", wanted, "got", got));
  }

  private @Nullable RequestId readableId() {
    if (parent != null) {
      return parent.readableId();
    }
    int field = names.indexOf(ID_KEY, 0, ID_KEY.length);
    return has(field) ? idAt(field) : null;
  }

  private @Nullable RequestId idAt(int field) {
    if (bytes[start(field)] != '"') {
      long value = natural(start(field), end(field), Long.MAX_VALUE);
      return value < 0 || value > RequestId.MAX_NUMBER ? null : new RequestId.Num(value);
    }
    // Escapes may take six times the bytes that they stand for.
    if (end(field) - start(field) > 6 * RequestId.MAX_TEXT_BYTES + 2) {
      return null;
    }
    var text = text(field, ID);
    return Utf8.encode(text).length > RequestId.MAX_TEXT_BYTES ? null : new RequestId.Text(text);
  }

  /// The number that the digits are, at most `highest`; negative if they are not only digits.
  private long natural(int start, int end, long highest) {
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value > (highest - digit) / 10 ? highest : value * 10 + digit;
    }
    return value;
  }

  private String got(int start, int end) {
    return switch (bytes[start]) {
      case '{' -> "an object";
      case '[' -> "an array";
      case '"' -> "the string " + excerpt(start, end);
      default -> excerpt(start, end);
    };
  }

  private String excerpt(int start, int end) {
    var text = new String(bytes, start, Math.min(end - start, 64), StandardCharsets.UTF_8);
    return end - start > 64 ? text + '…' : text;
  }

  private String path(int field) {
    return path + names.name(field);
  }

  private int start(int field) {
    return spans[2 * field];
  }

  private int end(int field) {
    return spans[2 * field + 1];
  }
}
