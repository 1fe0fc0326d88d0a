package dev.genserver.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Numbers of one type as numbers of another, where nothing is lost.
final class Numbers {

  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          int.class, Integer.class,
          long.class, Long.class,
          short.class, Short.class,
          byte.class, Byte.class,
          double.class, Double.class,
          float.class, Float.class,
          boolean.class, Boolean.class,
          char.class, Character.class);

  private Numbers() {}

  /// The class of the objects that a primitive type has; others are their own.
  static Class<?> boxed(Class<?> type) {
    return BOXES.getOrDefault(type, type);
  }

  /// The number as one of `type`, a box or a big number; null if it is none there, exactly.
  static @Nullable Object exactly(Number number, Class<?> type) {
    if (type == Double.class && number instanceof Float) {
      return number.doubleValue();
    }
    if (type == Float.class && number instanceof Double wide) {
      var narrow = wide.floatValue();
      return Double.compare(narrow, wide) == 0 ? narrow : null;
    }
    try {
      var exact = new BigDecimal(number.toString());
      if (type == Long.class) {
        return exact.longValueExact();
      } else if (type == Integer.class) {
        return exact.intValueExact();
      } else if (type == Short.class) {
        return exact.shortValueExact();
      } else if (type == Byte.class) {
        return exact.byteValueExact();
      } else if (type == BigInteger.class) {
        return exact.toBigIntegerExact();
      } else if (type == BigDecimal.class) {
        return exact;
      } else if (type == Double.class) {
        return same(exact, number.doubleValue()) ? number.doubleValue() : null;
      } else if (type == Float.class) {
        return same(exact, number.floatValue()) ? number.floatValue() : null;
      }
      return null;
    } catch (ArithmeticException | NumberFormatException _) {
      return null;
    }
  }

  private static boolean same(BigDecimal exact, double number) {
    return new BigDecimal(Double.toString(number)).compareTo(exact) == 0
        || new BigDecimal(number).compareTo(exact) == 0;
  }
}
