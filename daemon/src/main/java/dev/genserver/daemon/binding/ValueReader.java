package dev.genserver.daemon.binding;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON of one kind as Java values of one type. Immutable once linked.
sealed interface ValueReader
    permits AnyReader, ContainerReader, EnumReader, FamilyReader, RecordReader, ScalarReader {

  /// Reads the value whose first token is the current one; stops at its last.
  ///
  /// @throws RefusedException if the JSON is not of this kind
  Object read(JsonInput in);

  /// The JSON that it takes, as TypeScript would write it: `integer`, `string[]`, `{by: integer}`.
  String describe();

  /// The JSON that it takes, as JSON Schema.
  ///
  /// @param in knows the schemas of what this reader holds
  Map<String, Object> schema(Schema in);

  /// What a missing field of this kind is; null if the field must be there.
  default @Nullable Object absent() {
    return null;
  }
}
