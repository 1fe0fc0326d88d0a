package dev.genserver.client;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes JSON of messages, and objects of replies; see [GenServerClient] for the rules.
/// Thread-safe.
final class MessageCodec {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(new FamilyIntrospector())
          .addModule(new ProtocolModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          // A reply that does not fit is an error, not something to be rounded or guessed at.
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private MessageCodec() {}

  static JavaType type(Type type) {
    return MAPPER.constructType(type);
  }

  /// The JSON of `message`.
  ///
  /// @throws IllegalArgumentException if it has none
  static RawJson encode(Object message) {
    if (message instanceof RawJson json) {
      return json;
    }
    var out = new JsonWriter(128);
    if (message instanceof String text) {
      return out.string(text).toRawJson();
    }
    try {
      MAPPER.writeValue(out.asOutputStream(), message);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "a message of %s cannot be written as JSON: %s"
              .formatted(message.getClass().getName(), e.getOriginalMessage()),
          e);
    }
    return message instanceof Record && !Families.isMember(message.getClass())
        ? tagged(message.getClass(), out)
        : out.toRawJson();
  }

  /// A record that belongs to no family has no tag yet. As a message it needs one, unless it brings
  /// its own.
  private static RawJson tagged(Class<?> type, JsonWriter object) {
    if (Families.hasOwnTag(type)) {
      return object.toRawJson();
    }
    var out = new JsonWriter(object.length() + 32);
    out.beginObject().field(Families.TAG).string(Families.tagOf(type));
    boolean empty = object.length() == 2;
    if (!empty) {
      out.raw(new byte[] {','}, 0, 1);
    }
    return out.raw(object.array(), 1, object.length() - 1).toRawJson();
  }

  /// The reply as an object of the type; null if it is `null`.
  static @Nullable Object decode(String what, RawJson reply, JavaType type) {
    if (type.hasRawClass(RawJson.class)) {
      return reply;
    }
    try {
      return MAPPER.readerFor(type).readValue(reply.bytes(), reply.offset(), reply.length());
    } catch (JacksonException e) {
      throw new BadReplyException(
          what,
          reply,
          "the reply %s is no %s: %s"
              .formatted(excerpt(reply), type.toCanonical(), e.getOriginalMessage()));
    }
  }

  private static String excerpt(RawJson reply) {
    var text = reply.toString();
    return text.length() <= 100 ? text : text.substring(0, 100) + '…';
  }
}
