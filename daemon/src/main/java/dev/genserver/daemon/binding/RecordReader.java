package dev.genserver.daemon.binding;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads an object as a record: every component is a field, and there are no others.
final class RecordReader implements ValueReader {

  /// A component of the record.
  record Field(String name, ValueReader reader) {}

  private final String name;

  // Set once, right after construction: a record may hold others of its own type.
  private Field[] fields = {};
  private Map<String, Integer> positions = Map.of();
  private @Nullable MethodHandle constructor;
  private String description;

  /// @param name the record's name in snake_case
  RecordReader(String name) {
    this.name = name;
    this.description = name;
  }

  /// @param constructor takes the components as one `Object[]`, gives the record as `Object`
  void link(List<Field> components, MethodHandle constructor) {
    fields = components.toArray(Field[]::new);
    positions = new HashMap<>();
    for (var i = 0; i < fields.length; i++) {
      positions.put(fields[i].name(), i);
    }
    description =
        components.stream()
            .map(field -> field.name() + ": " + field.reader().describe())
            .collect(Collectors.joining(", ", "{", "}"));
    this.constructor = constructor;
  }

  String name() {
    return name;
  }

  List<Field> fields() {
    return List.of(fields);
  }

  @Override
  public String describe() {
    return description;
  }

  /// The fields and the JSON that each takes.
  Map<String, Object> describeFields() {
    var described = new LinkedHashMap<String, Object>();
    for (var field : fields) {
      described.put(field.name(), field.reader().describe());
    }
    return described;
  }

  @Override
  public Map<String, Object> schema(Schema in) {
    return schema(in, List.of(), new LinkedHashMap<>());
  }

  /// The schema of an object that belongs to a family.
  Map<String, Object> taggedSchema(Schema in) {
    var tag = new LinkedHashMap<String, Object>();
    tag.put(FamilyReader.TYPE, Map.of("const", name));
    return schema(in, List.of(FamilyReader.TYPE), tag);
  }

  private Map<String, Object> schema(
      Schema in, List<String> before, Map<String, Object> properties) {
    var required = new ArrayList<>(before);
    for (var field : fields) {
      properties.put(field.name(), in.of(field.reader()));
      if (field.reader().absent() == null) {
        required.add(field.name());
      }
    }
    return Schema.keywords(
        "type",
        "object",
        "properties",
        properties,
        "required",
        required,
        "additionalProperties",
        false);
  }

  /// Whether all fields may be missing.
  boolean isOptional() {
    return Stream.of(fields).allMatch(field -> field.reader().absent() != null);
  }

  @Override
  public Object read(JsonInput in) {
    if (in.parser().currentToken() != JsonToken.START_OBJECT) {
      throw in.wrong(description);
    }
    return construct(in, readFields(in, in.parser().nextName(), 0, false));
  }

  /// Reads the rest of an object that belongs to a family.
  ///
  /// @param next the name at which the parser stands; null at the end of the object, or where there
  ///   is none
  /// @param tags how often the field that tells the type may still come
  Object readTagged(JsonInput in, @Nullable String next, int tags) {
    return construct(in, readFields(in, next, tags, false));
  }

  /// As [#readTagged], but looks only at the names and runs no code of the record.
  void checkTagged(JsonInput in, @Nullable String next, int tags) {
    readFields(in, next, tags, true);
  }

  private Object[] readFields(JsonInput in, @Nullable String first, int tags, boolean namesOnly) {
    var parser = in.parser();
    var values = new @Nullable Object[fields.length];
    var tagsLeft = tags;
    for (var next = first; next != null; next = parser.nextName()) {
      var position = positions.get(next);
      if (position == null) {
        if (tagsLeft-- <= 0 || !next.equals(FamilyReader.TYPE)) {
          throw unknownField(in, next);
        }
        parser.nextToken();
      } else if (values[position] != null) {
        throw in.twice(next);
      } else {
        parser.nextToken();
        values[position] = namesOnly ? skipped(in) : fields[position].reader().read(in);
      }
    }
    return complete(in, values);
  }

  private static Object skipped(JsonInput in) {
    in.parser().skipChildren();
    return JsonToken.NOT_AVAILABLE;
  }

  /// Fills in what may be missing; no reader gives null, so a null is a field that did not come.
  @SuppressWarnings("NullAway") // no element is null when it returns
  private Object[] complete(JsonInput in, @Nullable Object[] values) {
    for (var i = 0; i < values.length; i++) {
      if (values[i] == null) {
        values[i] = fields[i].reader().absent();
        if (values[i] == null) {
          throw in.refused(
              "'%s' lacks the field '%s' (%s)"
                  .formatted(name, fields[i].name(), fields[i].reader().describe()));
        }
      }
    }
    return values;
  }

  @SuppressWarnings("NullAway") // linked before it is used
  private Object construct(JsonInput in, Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable thrown) {
      var why = thrown.getMessage();
      throw in.refused(
          "'" + name + "' is refused: " + (why == null ? thrown.getClass().getSimpleName() : why));
    }
  }

  private RefusedException unknownField(JsonInput in, String field) {
    if (field.equals(FamilyReader.TYPE)) {
      return in.refusedAbove("'" + name + "' has one field 'type' too many");
    }
    var known = fields.length == 0 ? "it has none" : String.join(", ", describeFields().keySet());
    return in.unknown(
        "'%s' has no field '%s', its fields: %s".formatted(name, JsonInput.shown(field), known),
        field,
        positions.keySet());
  }
}
