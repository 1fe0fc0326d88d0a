package dev.genserver.daemon.binding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Turns replies, and other plain values, into JSON. Thread-safe.
///
/// A record becomes an object of its components; one of a sealed family gets the field `type` with
/// its name in snake_case before them. An enum constant is its name in snake_case, an [Optional]
/// its value or null, a [Duration] milliseconds (`"infinity"` for an endless one), `byte[]` base64;
/// times, dates, UUIDs, pids and exit reasons are their text; a secret is `"***"`. Arrays and
/// collections become lists, maps objects. Runs accessors of the plugin: for the thread of the
/// process.
///
/// @see java.util.Optional
/// @see java.time.Duration
public final class ReplyEncoder {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(JsonInput.MAX_DEPTH).build())
          .build();

  private ReplyEncoder() {}

  /// The JSON of `reply` in UTF-8; the array is the caller's own.
  ///
  /// @param maxBytes how large it may be
  /// @throws UnencodableReplyException if it, or something in it, has no form in JSON
  /// @throws ReplyTooLargeException if it would be larger
  public static byte[] encode(@Nullable Object reply, int maxBytes) {
    var json =
        switch (reply) {
          case null -> ascii("null");
          case Long number -> ascii(Long.toString(number));
          case Integer number -> ascii(Integer.toString(number));
          case Boolean truth -> ascii(Boolean.toString(truth));
          case String text when text.length() < maxBytes && isPlain(text) ->
              ascii('"' + text + '"');
          case Object value -> write(value, maxBytes);
        };
    if (json.length > maxBytes) {
      throw new ReplyTooLargeException(maxBytes);
    }
    return json;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Whether the text needs no escape and one byte a character.
  private static boolean isPlain(String text) {
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      if (character < ' ' || character > '~' || character == '"' || character == '\\') {
        return false;
      }
    }
    return true;
  }

  private static byte[] write(Object reply, int maxBytes) {
    var bytes = new BoundedBytes(maxBytes);
    var generator = JSON.createGenerator(ObjectWriteContext.empty(), bytes);
    try (generator) {
      new ValueWriter(generator).write(reply);
    } catch (JacksonException e) {
      throw new UnencodableReplyException(
          "the reply cannot become JSON: " + e.getOriginalMessage(), e);
    }
    return bytes.toByteArray();
  }

  /// Refuses to grow beyond its limit.
  private static final class BoundedBytes extends ByteArrayOutputStream {

    private final int limit;

    BoundedBytes(int limit) {
      super(256);
      this.limit = limit;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      if (length > limit - count) {
        throw new ReplyTooLargeException(limit);
      }
      super.write(bytes, offset, length);
    }
  }
}
