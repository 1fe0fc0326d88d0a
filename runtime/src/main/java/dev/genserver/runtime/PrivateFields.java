package dev.genserver.runtime;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// Looks into what is private of the JDK and of others. Whatever may not be looked into, as its
/// package is not open, is null.
final class PrivateFields {

  private PrivateFields() {}

  static @Nullable Object ofClass(String className, String name) {
    try {
      return read(Class.forName(className), name, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /// The value at the end of a path of fields; null if one is.
  static @Nullable Object of(@Nullable Object object, String... path) {
    var value = object;
    for (var name : path) {
      if (value == null) {
        return null;
      }
      value = read(value.getClass(), name, value);
    }
    return value;
  }

  private static @Nullable Object read(Class<?> type, String name, @Nullable Object object) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      try {
        return read(each.getDeclaredField(name), object);
      } catch (NoSuchFieldException _) {
        // Its parent's, then.
      }
    }
    return null;
  }

  static @Nullable Object read(Field field, @Nullable Object object) {
    try {
      return field.trySetAccessible() ? field.get(object) : null;
    } catch (IllegalAccessException | LinkageError e) {
      return null;
    }
  }

  static @Nullable Object invokeStatic(String className, String method) {
    return invoke(className, method, null);
  }

  static @Nullable Object invoke(String className, String name, @Nullable Object object) {
    try {
      Method method = Class.forName(className).getDeclaredMethod(name);
      return method.trySetAccessible() ? method.invoke(object) : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
