package dev.genserver.protocol;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A growing buffer of JSON in UTF-8, and of the frames or lines around it.
///
/// Made to be kept and used again: [#reset] forgets the content and keeps the array. It puts the
/// commas itself and trusts the caller with the rest of the grammar. Not thread-safe.
public final class JsonWriter {

  // An array that one large message grew beyond this is not kept by reset.
  private static final int MAX_KEPT = 64 * 1024;
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");

  // By ASCII character: 0 if it stands for itself, 'u' for \\u00XX, else what follows the
  // backslash.
  private static final byte[] ESCAPES = new byte[128];

  static {
    Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\f'] = 'f';
    ESCAPES['\n'] = 'n';
    ESCAPES['\r'] = 'r';
    ESCAPES['\t'] = 't';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  private final int initialCapacity;
  private byte[] buffer;
  private int length;

  /// An empty buffer that starts with 256 bytes.
  public JsonWriter() {
    this(256);
  }

  /// An empty buffer that starts with `capacity` bytes.
  public JsonWriter(int capacity) {
    this.initialCapacity = Math.max(capacity, 16);
    this.buffer = new byte[initialCapacity];
  }

  /// The array that holds the content, from index 0; another one after the next write.
  public byte[] array() {
    return buffer;
  }

  /// How many bytes were written.
  public int length() {
    return length;
  }

  /// Forgets everything.
  public void reset() {
    length = 0;
    if (buffer.length > Math.max(MAX_KEPT, initialCapacity)) {
      buffer = new byte[initialCapacity];
    }
  }

  /// Forgets what was written after the first `length` bytes.
  public void truncate(int length) {
    if (length < 0 || length > this.length) {
      throw new IllegalArgumentException("length " + length + " is not within " + this.length);
    }
    this.length = length;
  }

  /// The content as a value of its own; the bytes are copied.
  public RawJson toRawJson() {
    return new RawJson(Arrays.copyOf(buffer, length), 0, length);
  }

  /// A stream that appends to this buffer, for a JSON library to write a value to. It need not be
  /// closed.
  public OutputStream asOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        put((byte) b);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) {
        raw(bytes, offset, count);
      }
    };
  }

  // Frames and lines.

  /// Leaves room for a frame's length. Give the result to [#endFrame].
  public int beginFrame() {
    ensure(Framing.HEADER_BYTES);
    int start = length;
    length += Framing.HEADER_BYTES;
    Arrays.fill(buffer, start, length, (byte) 0);
    return start;
  }

  /// Writes the length of what came since [#beginFrame] in front of it.
  ///
  /// @return how many bytes the frame has without its header; the caller compares it to the limit
  public int endFrame(int start) {
    int size = length - start - Framing.HEADER_BYTES;
    buffer[start] = (byte) (size >>> 24);
    buffer[start + 1] = (byte) (size >>> 16);
    buffer[start + 2] = (byte) (size >>> 8);
    buffer[start + 3] = (byte) size;
    return size;
  }

  /// Makes one line of what was written from index `start` on: line breaks become spaces (in JSON
  /// they only stand between values), and one is appended.
  ///
  /// @return how many bytes the line has without its end
  public int endLine(int start) {
    for (int i = start; i < length; i++) {
      if (buffer[i] == '\n' || buffer[i] == '\r') {
        buffer[i] = ' ';
      }
    }
    int size = length - start;
    put((byte) '\n');
    return size;
  }

  // JSON.

  /// Opens an object.
  public JsonWriter beginObject() {
    return open((byte) '{');
  }

  /// Closes an object.
  public JsonWriter endObject() {
    return put((byte) '}');
  }

  /// Opens an array.
  public JsonWriter beginArray() {
    return open((byte) '[');
  }

  /// Closes an array.
  public JsonWriter endArray() {
    return put((byte) ']');
  }

  /// Starts a field of an object; its value comes next.
  public JsonWriter field(String name) {
    return string(name).put((byte) ':');
  }

  /// Writes a string. Half a surrogate pair becomes U+FFFD.
  public JsonWriter string(String text) {
    comma();
    ensure(text.length() + 2);
    buffer[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 && ESCAPES[c] == 0) {
        // Room for the rest of the text, one byte each, was made; what needs more makes it.
        buffer[length++] = (byte) c;
      } else {
        i += special(text, i);
        ensure(text.length() - i + 1);
      }
    }
    return put((byte) '"');
  }

  /// Writes a whole number.
  public JsonWriter number(long value) {
    comma();
    ensure(20);
    if (value < 0) {
      return raw(ascii(Long.toString(value)));
    }
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = length + digits - 1; i >= length; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /// Writes `true` or `false`.
  public JsonWriter bool(boolean value) {
    comma();
    return raw(value ? TRUE : FALSE);
  }

  /// Writes `null`.
  public JsonWriter nul() {
    comma();
    return raw(NULL);
  }

  /// Writes a value as it is.
  public JsonWriter json(RawJson value) {
    comma();
    return raw(value.bytes(), value.offset(), value.length());
  }

  /// Writes plain data: a Map, an Iterable, a String, a Number, a Boolean, a [RawJson], null; of
  /// anything else, and of numbers that JSON has not, such as NaN, what `toString` says.
  public JsonWriter value(@Nullable Object value) {
    if (value == null) {
      return nul();
    }
    if (value instanceof Map<?, ?> map) {
      beginObject();
      for (var entry : map.entrySet()) {
        field(String.valueOf(entry.getKey())).value(entry.getValue());
      }
      return endObject();
    }
    if (value instanceof Iterable<?> items) {
      beginArray();
      for (var item : items) {
        value(item);
      }
      return endArray();
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return number(((Number) value).longValue());
    }
    if (isJsonNumber(value)) {
      comma();
      return raw(ascii(value.toString()));
    }
    if (value instanceof Boolean bool) {
      return bool(bool);
    }
    return value instanceof RawJson json ? json(json) : string(value.toString());
  }

  private static boolean isJsonNumber(Object value) {
    return value instanceof BigInteger
        || value instanceof BigDecimal
        || (value instanceof Double number && Double.isFinite(number))
        || (value instanceof Float real && Float.isFinite(real));
  }

  /// Writes bytes as they are, without a comma.
  public JsonWriter raw(byte[] bytes, int offset, int count) {
    ensure(count);
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
    return this;
  }

  JsonWriter raw(byte[] bytes) {
    return raw(bytes, 0, bytes.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private JsonWriter open(byte bracket) {
    comma();
    return put(bracket);
  }

  // What stands before needs a comma if it is a value. The last byte tells: no value ends with one
  // of
  // these, and neither a frame's header, all zero as yet, nor a line's end is above a space.
  private void comma() {
    byte last = length == 0 ? 0 : buffer[length - 1];
    if (last > ' ' && last != '{' && last != '[' && last != ':') {
      put((byte) ',');
    }
  }

  /// Writes the character at `i` that needs more than itself; 1 if it took two chars, else 0.
  private int special(String text, int i) {
    char c = text.charAt(i);
    ensure(6);
    if (c < 0x80) {
      buffer[length++] = '\\';
      buffer[length++] = ESCAPES[c];
      if (ESCAPES[c] == 'u') {
        buffer[length++] = '0';
        buffer[length++] = '0';
        buffer[length++] = HEX[c >> 4];
        buffer[length++] = HEX[c & 0xf];
      }
      return 0;
    }
    int codePoint = text.codePointAt(i);
    boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    length = Utf8.put(half ? 0xfffd : codePoint, buffer, length);
    return Character.charCount(codePoint) - 1;
  }

  private JsonWriter put(byte b) {
    ensure(1);
    buffer[length++] = b;
    return this;
  }

  private void ensure(int more) {
    int needed = Math.addExact(length, more);
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
    }
  }

  /// The content as text.
  @Override
  public String toString() {
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }
}
