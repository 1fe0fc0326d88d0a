package dev.genserver.daemon.binding;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The JSON Schema of what one reader takes, as it grows. For one thread.
///
/// Records and families have definitions of their own, to which all places refer where they stand:
/// they may hold themselves.
final class Schema {

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final Map<ValueReader, String> references = new HashMap<>();
  private final Map<String, Object> definitions = new LinkedHashMap<>();

  private Schema() {}

  /// A whole schema, of draft 2020-12: plain data in the order in which people read it.
  static Map<String, Object> document(ValueReader root) {
    var schema = new Schema();
    schema.references.put(root, "#");
    var document = new LinkedHashMap<String, Object>();
    document.put("$schema", DIALECT);
    document.putAll(root.schema(schema));
    if (!schema.definitions.isEmpty()) {
      document.put("$defs", schema.definitions);
    }
    return document;
  }

  /// The schema of a value within the one that is made.
  Map<String, Object> of(ValueReader reader) {
    return switch (reader) {
      case RecordReader record -> reference(record, record.name());
      case FamilyReader family -> reference(family, family.name());
      default -> reader.schema(this);
    };
  }

  private Map<String, Object> reference(ValueReader reader, String name) {
    var reference = references.get(reader);
    if (reference == null) {
      var free = free(name.replaceAll("[^A-Za-z0-9_]", "_"));
      reference = "#/$defs/" + free;
      references.put(reader, reference);
      definitions.put(free, Map.of()); // nobody else takes the name, whatever this one holds
      definitions.put(free, reader.schema(this));
    }
    return Map.of("$ref", reference);
  }

  private String free(String name) {
    var free = name;
    for (var number = 2; definitions.containsKey(free); number++) {
      free = name + "_" + number;
    }
    return free;
  }

  /// Keywords and their values, one after the other, in that order.
  static Map<String, Object> keywords(Object... namesAndValues) {
    var keywords = new LinkedHashMap<String, Object>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      keywords.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return Collections.unmodifiableMap(keywords);
  }
}
