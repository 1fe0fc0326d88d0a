package dev.genserver.runtime;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/// Finds static fields of this product and of the JDK that lead to something. For one thread.
final class StaticFields {

  /*
   * Which classes are there, and initialised, is known to the JVM's diagnostic commands alone; to ask
   * one for its fields that is not initialised would do that. From each field a search goes along
   * fields, arrays and collections. It has a limit, as somewhere the whole heap hangs on a field.
   */

  private static final String OURS = "dev.genserver.";
  private static final String INITIALIZED = "fully_initialized";
  private static final int MOST_OBJECTS = 300_000;
  private static final int MOST_OF_A_FIELD = 20_000;

  private final Predicate<Object> wanted;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private StaticFields(Predicate<Object> wanted) {
    this.wanted = wanted;
  }

  /// A line for each field.
  static List<String> leadingTo(Predicate<Object> wanted) {
    var search = new StaticFields(wanted);
    return classes().flatMap(search::ofClass).toList();
  }

  /// What holds such an object: itself, or a collection around it.
  static Optional<Object> find(@Nullable Object from, Predicate<Object> wanted) {
    return new StaticFields(wanted).search(from, false);
  }

  private static Stream<Class<?>> classes() {
    return lines()
        .map(String::strip)
        .filter(line -> line.contains(INITIALIZED))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .filter(name -> !name.contains("/")) // hidden ones have no name to find them by
        .filter(name -> name.startsWith(OURS) || name.startsWith("java."))
        .distinct()
        .flatMap(StaticFields::load);
  }

  private static Stream<String> lines() {
    var none = new String[0];
    try {
      var command = new ObjectName("com.sun.management:type=DiagnosticCommand");
      var answer =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  command,
                  "vmClasses",
                  new Object[] {none},
                  new String[] {none.getClass().getName()});
      return answer.toString().lines();
    } catch (JMException e) {
      return Stream.empty(); // a JVM that does not tell
    }
  }

  private static Stream<Class<?>> load(String name) {
    try {
      return Stream.of(Class.forName(name, false, StaticFields.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      return Stream.empty();
    }
  }

  private Stream<String> ofClass(Class<?> type) {
    return fields(type)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .flatMap(field ->
            search(PrivateFields.read(field, null), true)
                .map(found -> line(type, field, found))
                .stream());
  }

  private static String line(Class<?> type, Field field, Object found) {
    return "static field %s.%s leads to %s"
        .formatted(type.getName(), field.getName(), Holders.className(found));
  }

  private static Stream<Field> fields(Class<?> type) {
    try {
      return Stream.of(type.getDeclaredFields())
          .filter(field -> !field.getType().isPrimitive() && field.getType() != String.class);
    } catch (LinkageError e) {
      return Stream.empty();
    }
  }

  /// @param deep whether to go along fields too, not only into collections
  private Optional<Object> search(@Nullable Object from, boolean deep) {
    var open = new ArrayDeque<>();
    add(open, from);
    for (var i = 0; i < MOST_OF_A_FIELD && seen.size() < MOST_OBJECTS; i++) {
      var object = open.poll();
      if (object == null) {
        return Optional.empty();
      }
      if (wanted.test(object)) {
        return Optional.of(object);
      }
      addContent(open, object, deep);
    }
    return Optional.empty();
  }

  private void add(Deque<Object> open, @Nullable Object object) {
    if (object != null && !isLeaf(object) && seen.add(object)) {
      open.add(object);
    }
  }

  private boolean isLeaf(Object object) {
    return object instanceof String
        || object instanceof Number
        || (object instanceof Enum<?> && !wanted.test(object))
        || object instanceof Reference<?>
        || (object instanceof Class<?> && !wanted.test(object))
        || object instanceof Thread // they are looked at by themselves
        || (object.getClass().isArray() && object.getClass().componentType().isPrimitive());
  }

  private void addContent(Deque<Object> open, Object object, boolean deep) {
    try {
      switch (object) {
        case Object[] array -> {
          for (var each : array) {
            add(open, each);
          }
        }
        case Collection<?> collection when isOfJdk(object) ->
            collection.forEach(each -> add(open, each));
        case Map<?, ?> map when isOfJdk(object) ->
            map.forEach((key, value) -> {
              add(open, key);
              add(open, value);
            });
        case Optional<?> optional -> optional.ifPresent(value -> add(open, value));
        default -> {
          if (deep) {
            addFields(open, object);
          }
        }
      }
    } catch (ConcurrentModificationException | UnsupportedOperationException e) {
      // What changes while it is looked at is looked at in part.
    }
  }

  private void addFields(Deque<Object> open, Object object) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      fields(type)
          .filter(field -> !Modifier.isStatic(field.getModifiers()))
          .forEach(field -> add(open, PrivateFields.read(field, object)));
    }
  }

  private static boolean isOfJdk(Object object) {
    return object.getClass().getClassLoader() == null;
  }
}
