package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Names;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Secret;
import dev.genserver.sdk.Timeouts;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes one reply. For one thread.
record ValueWriter(JsonGenerator out) {

  private static final String ENCODABLE =
      "reply records, enums, strings, numbers, booleans, lists and maps";

  /// What stands for every secret.
  private static final String MASK = "***";

  void write(@Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean truth -> out.writeBoolean(truth);
      case Number number -> number(number);
      case Optional<?> maybe -> write(maybe.orElse(null));
      case Enum<?> constant -> out.writeString(Names.snakeCase(constant.name()));
      case Duration time -> duration(time);
      case Secret _ -> out.writeString(MASK);
      case Object text when isText(text) -> out.writeString(text.toString());
      case Record data -> RecordWriter.of(data.getClass()).write(data, this);
      case Map<?, ?> map -> object(map);
      case Collection<?> elements -> list(elements);
      case byte[] bytes -> out.writeBinary(bytes);
      case Object other when other.getClass().isArray() -> array(other);
      case Object other -> throw unencodable("no JSON is known for " + other.getClass().getName());
    }
  }

  UnencodableReplyException unencodable(String why) {
    return unencodable(why, null);
  }

  UnencodableReplyException unencodable(String why, @Nullable Throwable cause) {
    var path = path();
    var where = path.isEmpty() ? "" : " at '" + path + "'";
    return new UnencodableReplyException(
        "the reply" + where + " cannot become JSON: " + why + "; " + ENCODABLE, cause);
  }

  /// The place of the value that is about to be written; in a list it is not counted yet.
  private String path() {
    var context = out.streamWriteContext();
    return context.inArray()
        ? JsonInput.path(context.getParent()) + "[" + context.getEntryCount() + "]"
        : JsonInput.path(context);
  }

  private void number(Number number) {
    switch (number) {
      case Long value -> out.writeNumber(value);
      case Integer value -> out.writeNumber(value);
      case Short value -> out.writeNumber(value);
      case Byte value -> out.writeNumber(value.intValue());
      case Double value when Double.isFinite(value) -> out.writeNumber(value);
      case Float value when Float.isFinite(value) -> out.writeNumber(value);
      case BigInteger value -> out.writeNumber(value);
      case BigDecimal value -> out.writeNumber(value);
      case AtomicInteger value -> out.writeNumber(value.get());
      case AtomicLong value -> out.writeNumber(value.get());
      default -> throw unencodable("no JSON is known for the number " + number);
    }
  }

  private void duration(Duration time) {
    if (time.equals(Timeouts.INFINITY)) {
      out.writeString("infinity");
    } else if (time.getNano() % 1_000_000 == 0 && Math.abs(time.getSeconds()) < Integer.MAX_VALUE) {
      out.writeNumber(time.toMillis());
    } else {
      var nanos = BigDecimal.valueOf(time.getNano(), 6);
      out.writeNumber(BigDecimal.valueOf(time.getSeconds(), -3).add(nanos));
    }
  }

  private void object(Map<?, ?> map) {
    out.writeStartObject();
    map.forEach((key, value) -> {
      out.writeName(key(key));
      write(value);
    });
    out.writeEndObject();
  }

  private String key(@Nullable Object key) {
    return switch (key) {
      case null -> throw unencodable("a map has the key null");
      case Enum<?> constant -> Names.snakeCase(constant.name());
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case Object value when isText(value) -> value.toString();
      case Object other -> throw unencodable("a map has keys of " + other.getClass().getName());
    };
  }

  /// Whether the value is one that its text says in full.
  private static boolean isText(Object value) {
    return switch (value) {
      case CharSequence _, Character _, TemporalAccessor _, UUID _, Pid _, ExitReason _ -> true;
      default -> false;
    };
  }

  private void list(Collection<?> elements) {
    out.writeStartArray();
    elements.forEach(this::write);
    out.writeEndArray();
  }

  private void array(Object array) {
    out.writeStartArray();
    for (var i = 0; i < Array.getLength(array); i++) {
      write(Array.get(array, i));
    }
    out.writeEndArray();
  }
}
