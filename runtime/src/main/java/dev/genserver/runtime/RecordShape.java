package dev.genserver.runtime;

import dev.genserver.sdk.StateMismatchException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The components of one record class, to read and to make records. Kept by the class itself, so
/// that it goes when its loader goes.
///
/// @param ofFamily whether the record belongs to a sealed family
record RecordShape(
    Class<?> type, List<Component> components, MethodHandle constructor, boolean ofFamily) {

  /// @param type its type where the record has no type arguments
  record Component(String name, RecordComponent declared, JavaType type, MethodHandle accessor) {

    /// Its type.
    ///
    /// @param known what the type variables of the record stand for
    JavaType type(Map<TypeVariable<?>, JavaType> known) {
      return known.isEmpty() ? type : JavaType.of(declared.getGenericType(), known);
    }
  }

  private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);
  private static final MethodType FROM_ARRAY = MethodType.methodType(Object.class, Object[].class);

  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return create(type);
        }
      };

  /// @throws StateMismatchException if the class is closed to this one
  static RecordShape of(Class<?> record) {
    return SHAPES.get(record);
  }

  @Nullable Object read(Component component, Object data) {
    try {
      return (Object) component.accessor.invokeExact(data);
    } catch (Error e) {
      throw e;
    } catch (Throwable thrown) {
      throw new StateMismatchException(
          "%s.%s() threw %s".formatted(JavaType.nestedName(type), component.name, thrown));
    }
  }

  /// @throws StateMismatchException if the constructor refuses the values
  Object make(@Nullable Object[] values, Place where) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable thrown) {
      throw new StateMismatchException(
          "%s is refused by %s: %s".formatted(where, JavaType.nestedName(type), thrown));
    }
  }

  /// The records, and enums, of a sealed hierarchy, in the order of declaration.
  static Collection<Class<?>> leaves(Class<?> sealed) {
    var leaves = new LinkedHashSet<Class<?>>();
    for (var permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isSealed() && !permitted.isEnum()) { // an enum is, if its constants have bodies
        leaves.addAll(leaves(permitted));
      } else {
        leaves.add(permitted);
      }
    }
    return leaves;
  }

  private static RecordShape create(Class<?> type) {
    try {
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      var declared = type.getRecordComponents();
      var components = new Component[declared.length];
      for (var i = 0; i < declared.length; i++) {
        components[i] =
            new Component(
                declared[i].getName(),
                declared[i],
                JavaType.of(declared[i].getGenericType(), Map.of()),
                lookup.unreflect(declared[i].getAccessor()).asType(ACCESSOR));
      }
      var types = Stream.of(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(FROM_ARRAY);
      return new RecordShape(type, List.of(components), constructor, isOfFamily(type));
    } catch (ReflectiveOperationException e) {
      throw new StateMismatchException(
          "the record %s is closed to the runtime (%s); open its package"
              .formatted(type.getName(), e.getMessage()));
    }
  }

  private static boolean isOfFamily(Class<?> type) {
    return type.isSealed() || Stream.of(type.getInterfaces()).anyMatch(RecordShape::isOfFamily);
  }
}
