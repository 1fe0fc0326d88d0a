package dev.genserver.runtime;

import dev.genserver.sdk.StateMismatchException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes objects of a plugin's classes apart, so that nothing of these classes is left.
///
/// A record becomes [Fields], an enum constant a [Constant]; collections and arrays are copied;
/// what belongs to the JDK, the SDK or the runtime stays as it is.
final class PlainData {

  /// The key by which the fields of a record of a sealed family tell which record it is.
  static final String TYPE = "@type";

  private static final int MOST_PROBLEMS = 10;

  /// The components of a record by name. Plain data, but that it remembers of which class they
  /// were.
  static final class Fields extends LinkedHashMap<String, @Nullable Object> {

    private static final long serialVersionUID = 1;

    final String className;

    Fields(String className) {
      this.className = className;
    }

    /// Records of different classes are not the same, though their components may be.
    @Override
    public boolean equals(@Nullable Object other) {
      return super.equals(other)
          && (!(other instanceof Fields fields) || className.equals(fields.className));
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /// An enum constant of the plugin. Authors get to see its name alone.
  record Constant(String className, String name) {

    @Override
    public String toString() {
      return name;
    }
  }

  private final Predicate<Class<?>> isOurs;
  private final boolean namesOnly;
  private final List<String> problems = new ArrayList<>();

  private PlainData(Predicate<Class<?>> isOurs, boolean namesOnly) {
    this.isOurs = isOurs;
    this.namesOnly = namesOnly;
  }

  /// The value as plain data.
  ///
  /// @param isOurs whether a class is the plugin's
  /// @param what what the value is, for problems
  /// @throws StateMismatchException if something in it is no data
  static @Nullable Object of(@Nullable Object value, Predicate<Class<?>> isOurs, String what) {
    return new PlainData(isOurs, false).taken(value, what);
  }

  /// A copy of plain data, for authors.
  static @Nullable Object copied(@Nullable Object data, String what) {
    return new PlainData(_ -> false, true).taken(data, what);
  }

  private @Nullable Object taken(@Nullable Object value, String what) {
    Object data;
    try {
      data = take(value, Place.of(what));
    } catch (StackOverflowError e) {
      throw new StateMismatchException(
          what + " is nested too deeply, or holds itself; override handOver");
    }
    if (!problems.isEmpty()) {
      throw new StateMismatchException(problems);
    }
    return data;
  }

  private @Nullable Object take(@Nullable Object value, Place where) {
    return switch (value) {
      case null -> null;
      case Optional<?> maybe -> maybe.map(inner -> take(inner, where));
      case Fields fields -> copy(fields, where);
      case Map<?, ?> map when !isOurs.test(map.getClass()) -> map(map, where);
      case Collection<?> elements when !isOurs.test(elements.getClass()) ->
          collection(elements, where);
      case Object[] array -> array(array, where);
      case Enum<?> constant when isOurs.test(constant.getDeclaringClass()) ->
          new Constant(constant.getDeclaringClass().getName(), constant.name());
      case Constant constant -> namesOnly ? constant.name() : constant;
      case Record data when isOurs.test(data.getClass()) -> fields(data, where);
      case Object other when isOurs.test(other.getClass()) -> {
        refuse(
            "%s is of %s, which is no record, so it cannot become data; make it a record, or override handOver"
                .formatted(where, other.getClass().getName()));
        yield null;
      }
      case Object array when array.getClass().isArray() -> copied(array);
      case AtomicReference<?> holder when Carrier.concerns(holder.get(), isOurs) -> {
        refuse(
            "%s is an AtomicReference to an object of the plugin, which is no data; make it the object itself, or override handOver"
                .formatted(where));
        yield null;
      }
      case Object other -> other;
    };
  }

  private Fields fields(Record data, Place where) {
    var shape = RecordShape.of(data.getClass());
    var fields = new Fields(shape.type().getName());
    if (shape.ofFamily()) {
      fields.put(TYPE, shape.type().getSimpleName());
    }
    for (var component : shape.components()) {
      fields.put(
          component.name(), take(shape.read(component, data), where.field(component.name())));
    }
    return fields;
  }

  private Fields copy(Fields fields, Place where) {
    var copy = new Fields(fields.className);
    fields.forEach((name, value) -> copy.put(name, take(value, where)));
    return copy;
  }

  private Object map(Map<?, ?> map, Place where) {
    if (hasOwnOrder(map, where)) {
      return map;
    }
    var taken = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    map.forEach((key, value) -> taken.put(take(key, where), take(value, where.at(key))));
    return Copies.plain(map, taken);
  }

  private Object collection(Collection<?> elements, Place where) {
    if (hasOwnOrder(elements, where)) {
      return elements;
    }
    var taken = new ArrayList<@Nullable Object>(elements.size());
    for (var element : elements) {
      taken.add(take(element, where.at(taken.size())));
    }
    return Copies.plain(elements, taken);
  }

  private boolean hasOwnOrder(Object collection, Place where) {
    var comparator = Copies.comparator(collection);
    if (comparator == null || !(isOurs.test(comparator.getClass()) || Copies.mayHide(comparator))) {
      return false;
    }
    refuse(
        where
            + " is sorted by a comparator of its own, which is no data; have its elements compare"
            + " themselves, or override handOver");
    return true;
  }

  private Object array(Object[] array, Place where) {
    var element = array.getClass().componentType();
    var data = new @Nullable Object[array.length];
    for (var i = 0; i < array.length; i++) {
      data[i] = take(array[i], where.at(i));
    }
    return isOurs(element) || !allAre(element, data) ? data : retyped(data, element);
  }

  private static boolean allAre(Class<?> element, @Nullable Object[] data) {
    for (var each : data) {
      if (each != null && !element.isInstance(each)) {
        return false;
      }
    }
    return true;
  }

  private static Object retyped(@Nullable Object[] data, Class<?> element) {
    var typed = Array.newInstance(element, data.length);
    System.arraycopy(data, 0, typed, 0, data.length);
    return typed;
  }

  /// Of a primitive type.
  private static Object copied(Object array) {
    var length = Array.getLength(array);
    var copy = Array.newInstance(array.getClass().componentType(), length);
    System.arraycopy(array, 0, copy, 0, length);
    return copy;
  }

  /// Whether it is a class of the plugin, or arrays of one.
  private boolean isOurs(Class<?> type) {
    return type.isArray() ? isOurs(type.componentType()) : isOurs.test(type);
  }

  private void refuse(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }
}
