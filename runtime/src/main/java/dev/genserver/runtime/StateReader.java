package dev.genserver.runtime;

import dev.genserver.sdk.StateMismatchException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes objects of a plugin's classes out of plain data, by the types that stand in these classes.
///
/// @see PlainData
final class StateReader {

  private static final int MOST_PROBLEMS = 10;

  private final ClassLoader loader;
  private final List<String> problems = new ArrayList<>();

  private StateReader(ClassLoader loader) {
    this.loader = loader;
  }

  /// The data as a value of `type`.
  ///
  /// @param loader where to find the classes of records for which no type is declared
  /// @param what what the value is, for problems
  /// @throws StateMismatchException with all that does not fit
  static @Nullable Object read(
      @Nullable Object data, JavaType type, ClassLoader loader, String what) {
    var reading = new StateReader(loader);
    Object value;
    try {
      value = reading.read(data, type, Place.of(what));
    } catch (StackOverflowError e) {
      throw new StateMismatchException(
          what + " is nested too deeply; make it flatter in handOver, and take that in codeChange");
    }
    if (!reading.problems.isEmpty()) {
      throw new StateMismatchException(reading.problems);
    }
    return value;
  }

  private @Nullable Object read(@Nullable Object data, JavaType type, Place where) {
    var raw = Numbers.boxed(type.raw());
    if (raw == Optional.class) {
      return optional(data, type, where);
    }
    return switch (data) {
      case null -> {
        if (type.raw().isPrimitive()) {
          refuse(where + " is null, and " + type.text() + " is wanted");
        }
        yield null;
      }
      case PlainData.Constant constant -> constant(constant, type, raw, where);
      case Map<?, ?> map when isRecord(raw) -> record(map, type, raw, where);
      case PlainData.Fields fields when !Map.class.isAssignableFrom(raw) ->
          undeclared(fields, type, raw, where);
      case Map<?, ?> map when raw.isSealed() -> leaf(map, null, type, where);
      case Map<?, ?> map -> map(map, type, where);
      case Collection<?> elements -> collection(elements, type, where);
      case Optional<?> maybe when isAny(raw) -> optional(maybe, type, where);
      case Object[] array when raw.isArray() || isAny(raw) || raw.isInstance(array) ->
          array(array, type, raw, where);
      case String name when raw.isEnum() -> constant(name, raw, where);
      case String name when raw.isSealed() -> constantOfFamily(name, type, where);
      case Object same when raw.isInstance(same) || isAny(raw) -> same;
      case Object array when array.getClass().isArray() && raw.isArray() ->
          array(boxed(array), type, raw, where);
      case Number number -> number(number, raw, type, where);
      case Object other -> mismatch(other, type, where);
    };
  }

  private static boolean isAny(Class<?> raw) {
    return raw == Object.class || raw == JavaType.Unresolved.class;
  }

  private static boolean isRecord(Class<?> raw) {
    return raw.isRecord() && raw.getClassLoader() != null;
  }

  private @Nullable Object number(Number number, Class<?> raw, JavaType type, Place where) {
    var exact = Numbers.exactly(number, raw);
    return exact == null ? mismatch(number, type, where) : exact;
  }

  private @Nullable Object mismatch(Object data, JavaType type, Place where) {
    refuse(
        "%s was %s, which is no %s; make it one in codeChange"
            .formatted(where, described(data), type.text()));
    return null;
  }

  private static String described(Object data) {
    return switch (data) {
      case PlainData.Fields fields ->
          "a " + fields.className.substring(fields.className.lastIndexOf('.') + 1);
      case PlainData.Constant constant -> constant.name();
      case Number number -> number.getClass().getSimpleName() + " " + number;
      case Object other -> "a " + other.getClass().getSimpleName();
    };
  }

  // Records.

  private @Nullable Object record(Map<?, ?> data, JavaType type, Class<?> raw, Place where) {
    var shape = RecordShape.of(raw);
    var known = type.variables();
    var before = problems.size();
    var values = new @Nullable Object[shape.components().size()];
    for (var i = 0; i < values.length; i++) {
      var component = shape.components().get(i);
      var declared = component.type(known);
      var place = where.field(component.name());
      if (data.containsKey(component.name()) || declared.raw() == Optional.class) {
        values[i] = read(data.get(component.name()), declared, place);
      } else {
        refuse(
            "%s (%s) is new, so the old state has none; give it a value in codeChange"
                .formatted(place, declared.text()));
      }
    }
    return problems.size() > before ? null : shape.make(values, where);
  }

  /// @param className of which class it was, where that is known
  private @Nullable Object leaf(
      Map<?, ?> data, @Nullable String className, JavaType type, Place where) {
    var name = data.get(PlainData.TYPE);
    Class<?> found = null;
    for (var leaf : RecordShape.leaves(type.raw())) {
      var fits = leaf.isRecord() && leaf.getSimpleName().equals(name);
      if (fits && (found == null || leaf.getName().equals(className))) {
        found = leaf;
      }
    }
    if (found != null) {
      return record(data, JavaType.of(found), found, where);
    }
    refuse(
        "%s was a %s, which %s does not have; make it another in codeChange"
            .formatted(where, name, type.text()));
    return null;
  }

  /// The fields of a record, in a place whose type does not tell of which class to make one.
  private @Nullable Object undeclared(
      PlainData.Fields fields, JavaType type, Class<?> raw, Place where) {
    var same = find(fields.className);
    if (same != null
        && same.isRecord()
        && isWas(same, fields)
        && (isAny(raw) || raw.isAssignableFrom(same))) {
      return record(fields, JavaType.of(same), same, where);
    }
    if (raw.isSealed()) {
      return leaf(fields, fields.className, type, where);
    }
    return same == null ? missing(fields.className, where) : mismatch(fields, type, where);
  }

  /// Whether it is still said to be of that class: authors may make it another of its family.
  private static boolean isWas(Class<?> type, PlainData.Fields fields) {
    return type.getSimpleName().equals(fields.getOrDefault(PlainData.TYPE, type.getSimpleName()));
  }

  private @Nullable Object missing(String className, Place where) {
    refuse(
        "%s was a %s, which this version does not have; make it something else in codeChange"
            .formatted(where, className));
    return null;
  }

  private @Nullable Class<?> find(String className) {
    try {
      return Class.forName(className, false, loader);
    } catch (ClassNotFoundException | LinkageError _) {
      return null;
    }
  }

  private @Nullable Object constant(
      PlainData.Constant data, JavaType type, Class<?> raw, Place where) {
    if (raw.isEnum()) {
      return constant(data.name(), raw, where);
    }
    var same = find(data.className());
    if (same != null && same.isEnum() && (isAny(raw) || raw.isAssignableFrom(same))) {
      return constant(data.name(), same, where);
    }
    if (raw.isSealed()) {
      return constantOfFamily(data.name(), type, where);
    }
    if (raw == String.class) {
      return data.name();
    }
    return same == null ? missing(data.className(), where) : mismatch(data, type, where);
  }

  /// A constant of one of the enums of a sealed family.
  private @Nullable Object constantOfFamily(String name, JavaType type, Place where) {
    for (var leaf : RecordShape.leaves(type.raw())) {
      if (leaf.isEnum()) {
        for (var constant : leaf.getEnumConstants()) {
          if (((Enum<?>) constant).name().equals(name)) {
            return constant;
          }
        }
      }
    }
    refuse(
        "%s was %s, which %s does not have; make it another in codeChange"
            .formatted(where, name, type.text()));
    return null;
  }

  private @Nullable Object constant(String name, Class<?> raw, Place where) {
    for (var constant : raw.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    refuse(
        "%s was %s, which %s does not have; make it another in codeChange"
            .formatted(where, name, JavaType.nestedName(raw)));
    return null;
  }

  // Containers.

  private Optional<Object> optional(@Nullable Object data, JavaType type, Place where) {
    var inner = data instanceof Optional<?> maybe ? maybe.orElse(null) : data;
    return inner == null
        ? Optional.empty()
        : Optional.ofNullable(read(inner, type.argument(0), where));
  }

  private @Nullable Object map(Map<?, ?> data, JavaType type, Place where) {
    var map = Copies.map(type, data);
    if (map == null) {
      return mismatch(data, type, where);
    }
    var before = problems.size();
    data.forEach((key, value) -> {
      var place = where.at(key);
      var newKey = read(key, type.argument(0), where);
      var newValue = read(value, type.argument(1), place);
      if (problems.size() == before) {
        taken(() -> map.put(newKey, newValue), map, place);
      }
    });
    if (problems.size() == before && map.size() < data.size()) {
      refuse(
          "%s has %d keys, of which only %d differ in this version; tell them apart in codeChange"
              .formatted(where, data.size(), map.size()));
    }
    return map;
  }

  private @Nullable Object collection(Collection<?> data, JavaType type, Place where) {
    var elements = Copies.collection(type, data);
    if (elements == null) {
      return mismatch(data, type, where);
    }
    var before = problems.size();
    var index = 0;
    for (var element : data) {
      var place = where.at(index++);
      var read = read(element, type.argument(0), place);
      if (problems.size() == before) {
        taken(() -> elements.add(read), elements, place);
      }
    }
    return elements;
  }

  /// Some collections take no null, and sorted ones ask what is put into them.
  private void taken(Runnable putting, Object into, Place place) {
    try {
      putting.run();
    } catch (RuntimeException e) {
      refuse(
          "%s is not taken by the %s that it belongs to: %s"
              .formatted(place, into.getClass().getSimpleName(), e));
    }
  }

  private Object array(Object[] data, JavaType type, Class<?> raw, Place where) {
    var element = raw.isArray() ? type.component() : JavaType.of(data.getClass().componentType());
    var array = Array.newInstance(element.raw(), data.length);
    for (var i = 0; i < data.length; i++) {
      var read = read(data[i], element, where.at(i));
      if (read != null) {
        Array.set(array, i, read);
      }
    }
    return array;
  }

  private static Object[] boxed(Object array) {
    var boxed = new Object[Array.getLength(array)];
    for (var i = 0; i < boxed.length; i++) {
      boxed[i] = Array.get(array, i);
    }
    return boxed;
  }

  private void refuse(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }
}
