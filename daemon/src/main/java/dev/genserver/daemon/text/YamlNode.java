package dev.genserver.daemon.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A part of a YAML file, with the line on which it begins.
public sealed interface YamlNode {

  int line();

  /// One value.
  ///
  /// @param value a string, number or boolean; null where none is written
  /// @param text as it is written
  record Scalar(@Nullable Object value, String text, int line) implements YamlNode {}

  record Sequence(List<YamlNode> elements, int line) implements YamlNode {}

  record Mapping(SequencedMap<String, YamlNode> entries, int line) implements YamlNode {}

  /// The values alone: unmodifiable maps and lists, strings, numbers, booleans, null.
  default @Nullable Object plain() {
    return switch (this) {
      case Scalar scalar -> scalar.value;
      case Sequence sequence -> {
        var elements = new ArrayList<@Nullable Object>();
        sequence.elements.forEach(element -> elements.add(element.plain()));
        yield Collections.unmodifiableList(elements);
      }
      case Mapping mapping -> {
        var entries = new LinkedHashMap<String, @Nullable Object>();
        mapping.entries.forEach((key, value) -> entries.put(key, value.plain()));
        yield Collections.unmodifiableMap(entries);
      }
    };
  }
}
