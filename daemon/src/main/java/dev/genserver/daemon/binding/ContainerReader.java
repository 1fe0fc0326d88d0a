package dev.genserver.daemon.binding;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonToken;

/// Readers of values that hold others. What they give out is unmodifiable and in the order sent;
/// nothing in it is null.
sealed interface ContainerReader extends ValueReader {

  /// A JSON list; `finish` makes a list, a set or an array of the elements.
  record Elements(ValueReader element, Function<List<Object>, Object> finish)
      implements ContainerReader {

    @Override
    public Object read(JsonInput in) {
      if (in.parser().currentToken() != JsonToken.START_ARRAY) {
        throw in.wrong("a list");
      }
      var elements = new ArrayList<Object>();
      while (in.parser().nextToken() != JsonToken.END_ARRAY) {
        elements.add(element.read(in));
      }
      return finish.apply(elements);
    }

    @Override
    public String describe() {
      var type = element.describe();
      return type.contains(" | ") ? "(" + type + ")[]" : type + "[]";
    }

    @Override
    public Map<String, Object> schema(Schema in) {
      return Schema.keywords("type", "array", "items", in.of(element));
    }
  }

  /// A JSON object of which each field is an entry.
  record Entries(ValueReader value) implements ContainerReader {

    @Override
    public Object read(JsonInput in) {
      var parser = in.parser();
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw in.wrong("an object");
      }
      var entries = new LinkedHashMap<String, Object>();
      for (var name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        if (entries.put(name, value.read(in)) != null) {
          throw in.twice(name);
        }
      }
      return Collections.unmodifiableMap(entries);
    }

    @Override
    public String describe() {
      return "{[key]: " + value.describe() + "}";
    }

    @Override
    public Map<String, Object> schema(Schema in) {
      return Schema.keywords("type", "object", "additionalProperties", in.of(value));
    }
  }

  /// A value that may be missing or null.
  record Maybe(ValueReader value) implements ContainerReader {

    @Override
    public Object read(JsonInput in) {
      return in.parser().currentToken() == JsonToken.VALUE_NULL
          ? Optional.empty()
          : Optional.of(value.read(in));
    }

    @Override
    public Object absent() {
      return Optional.empty();
    }

    @Override
    public String describe() {
      return value.describe() + " | null";
    }

    @Override
    public Map<String, Object> schema(Schema in) {
      return Map.of("anyOf", List.of(in.of(value), Map.of("type", "null")));
    }
  }

  static ValueReader list(ValueReader element) {
    return new Elements(element, Collections::unmodifiableList);
  }

  static ValueReader set(ValueReader element) {
    return new Elements(
        element, elements -> Collections.unmodifiableSet(new LinkedHashSet<>(elements)));
  }

  static ValueReader array(Class<?> component, ValueReader element) {
    return new Elements(element, elements -> array(component, elements));
  }

  private static Object array(Class<?> component, List<Object> elements) {
    var array = Array.newInstance(component, elements.size());
    for (var i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }
}
