package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonToken;

/// Reads a constant by its name in snake_case, or as it is written in Java.
record EnumReader(String describe, Map<String, Object> constants) implements ValueReader {

  static EnumReader of(Class<?> type) {
    var constants = new LinkedHashMap<String, Object>();
    for (var constant : type.getEnumConstants()) {
      constants.putIfAbsent(Names.snakeCase(((Enum<?>) constant).name()), constant);
    }
    for (var constant : type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
    var describe =
        Stream.of(type.getEnumConstants())
            .map(constant -> '"' + Names.snakeCase(((Enum<?>) constant).name()) + '"')
            .collect(Collectors.joining(" | "));
    return new EnumReader(describe, constants);
  }

  @Override
  public Map<String, Object> schema(Schema in) {
    return Map.of("enum", List.copyOf(constants.keySet()));
  }

  @Override
  public Object read(JsonInput in) {
    if (in.parser().currentToken() != JsonToken.VALUE_STRING) {
      throw in.wrong(describe);
    }
    var constant = constants.get(in.parser().getString());
    if (constant == null) {
      throw in.wrong(describe);
    }
    return constant;
  }
}
