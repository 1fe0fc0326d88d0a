package dev.genserver.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One JSON object of a reply, read leniently: a daemon of another version may say more, or less.
record Fields(Map<?, ?> values) {

  static Fields of(@Nullable Object value) {
    return new Fields(value instanceof Map<?, ?> map ? map : Map.of());
  }

  /// The objects of a list; empty if it is none.
  static List<Fields> list(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(Fields::of).toList() : List.of();
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  /// The value as text of one line, fit for a terminal; empty if there is none.
  String text(String name) {
    return line(values.get(name));
  }

  static String line(@Nullable Object value) {
    return value == null ? "" : value.toString().replaceAll("\\p{Cntrl}+", " ");
  }

  /// A whole number; 0 if there is none.
  long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  Optional<Fields> object(String name) {
    return values.get(name) instanceof Map<?, ?> map
        ? Optional.of(new Fields(map))
        : Optional.empty();
  }

  List<Fields> objects(String name) {
    return list(values.get(name));
  }

  /// The texts of a list.
  List<String> texts(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(Fields::line).toList()
        : List.of();
  }
}
