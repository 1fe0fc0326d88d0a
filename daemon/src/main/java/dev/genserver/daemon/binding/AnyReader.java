package dev.genserver.daemon.binding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/// Reads any JSON but null as plain data: unmodifiable maps and lists in the order sent, strings,
/// booleans, integers as [Long] ([java.math.BigInteger] beyond 64 bits), other numbers as [Double]
/// ([java.math.BigDecimal] beyond its range). Inside lists and objects null is null.
record AnyReader() implements ValueReader {

  @Override
  public String describe() {
    return "any";
  }

  @Override
  public Map<String, Object> schema(Schema in) {
    return Map.of("type", List.of("object", "array", "string", "number", "boolean"));
  }

  @Override
  public Object read(JsonInput in) {
    var value = plain(in);
    if (value == null) {
      throw in.wrong("any JSON but null");
    }
    return value;
  }

  private static @Nullable Object plain(JsonInput in) {
    var parser = in.parser();
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> list(in);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> fraction(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw in.wrong("JSON");
    };
  }

  private static Object fraction(JsonParser parser) {
    var value = parser.getDoubleValue();
    return Double.isInfinite(value) ? parser.getDecimalValue() : (Object) value;
  }

  private static Object object(JsonInput in) {
    var parser = in.parser();
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      if (fields.containsKey(name)) {
        throw in.twice(name);
      }
      parser.nextToken();
      fields.put(name, plain(in));
    }
    return Collections.unmodifiableMap(fields);
  }

  private static Object list(JsonInput in) {
    var elements = new ArrayList<@Nullable Object>();
    while (in.parser().nextToken() != JsonToken.END_ARRAY) {
      elements.add(plain(in));
    }
    return Collections.unmodifiableList(elements);
  }
}
