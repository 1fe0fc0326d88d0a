package dev.genserver.daemon.binding;

import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.Pid;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Types of messages, their successors, and JSON that mostly is of a type.
final class RandomTypes {

  static final List<Class<?>> SCALARS =
      List.of(
          byte.class,
          short.class,
          int.class,
          long.class,
          BigInteger.class,
          float.class,
          double.class,
          BigDecimal.class,
          boolean.class,
          char.class,
          String.class,
          byte[].class,
          Instant.class,
          LocalDate.class,
          UUID.class,
          Pid.class,
          Duration.class);

  /// Each of them tells some scalars apart.
  static final List<String> TOKENS =
      List.of(
          "0",
          "-128",
          "128",
          "-32769",
          "16777217",
          "-2147483648",
          "2147483648",
          "9007199254740993",
          "-9223372036854775808",
          "9223372036854775808",
          "123456789012345678901234567890123",
          "-0.0",
          "1.5",
          "1e-7",
          "2.5e38",
          "2.5e39",
          "1e-400",
          "2.5e309",
          "true",
          "false",
          "\"\"",
          "\"x\"",
          "\"ab\"",
          "\"AQI=\"",
          "\"😀\"",
          "\"2026-01-31T12:00:00Z\"",
          "\"2026-01-31\"",
          "\"0e37df36-f698-11e6-8dd4-cb9ced3df976\"",
          "\"<1.42>\"",
          "\"250ms\"",
          "\"infinity\"",
          "\"red\"",
          "\"RED\"",
          "\"blue\"",
          "\"dot\"",
          "null",
          "[]",
          "[1]",
          "[null]",
          "{}",
          "{\"a\":1}");

  record One<A>(A a) {}

  record Two<A, B>(A a, B b) {}

  record Three<A, B, C>(A a, B b, C c) {}

  record Tree<A>(A a, List<Tree<A>> b) {}

  enum Light {
    RED,
    GREEN
  }

  enum Color {
    BLUE,
    GREEN,
    RED
  }

  @SuppressWarnings("SameNameButDifferent") // one is the successor of the other
  static final class Plain {
    sealed interface Shape {
      record Dot() implements Shape {}

      record Circle(float a) implements Shape {}

      record Group(List<Shape> a) implements Shape {}
    }
  }

  @SuppressWarnings("SameNameButDifferent") // one is the successor of the other
  static final class Rich {
    sealed interface Shape {
      record Dot(Optional<String> b) implements Shape {}

      record Circle(double a) implements Shape {}

      record Group(List<Shape> a, Optional<Color> c) implements Shape {}

      record Line(int a, int b) implements Shape {}
    }
  }

  @SuppressWarnings("SameNameButDifferent") // one is the successor of the other
  static final class Fewer {
    sealed interface Shape {
      record Dot() implements Shape {}

      record Group(List<Shape> a) implements Shape {}
    }
  }

  @SuppressWarnings("SameNameButDifferent") // one is the successor of the other
  static final class Narrow {
    sealed interface Shape {
      record Dot() implements Shape {}

      record Circle(short a) implements Shape {}

      record Group(List<Shape> a) implements Shape {}
    }
  }

  private static final List<Class<?>> FAMILIES =
      List.of(Plain.Shape.class, Rich.Shape.class, Fewer.Shape.class, Narrow.Shape.class);

  private static final List<Class<?>> OTHERS =
      List.of(
          Object.class,
          Light.class,
          Color.class,
          Plain.Shape.class,
          Rich.Shape.class,
          Fewer.Shape.class,
          Narrow.Shape.class);

  private final Random random;

  RandomTypes(long seed) {
    this.random = new Random(seed);
  }

  static JavaType type(Class<?> raw, JavaType... arguments) {
    return new JavaType(raw, List.of(arguments), raw.getSimpleName());
  }

  JavaType next(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 2)) {
      case 0 -> JavaType.of(oneOf(SCALARS));
      case 1 -> JavaType.of(oneOf(OTHERS));
      case 2 -> type(Optional.class, next(depth - 1));
      case 3 -> type(List.class, next(depth - 1));
      case 4 -> type(Map.class, JavaType.of(String.class), next(depth - 1));
      case 5 -> type(One.class, next(depth - 1));
      case 6 -> type(Three.class, next(depth - 1), next(depth - 1), next(depth - 1));
      case 7 -> type(Tree.class, next(depth - 1));
      default -> type(Two.class, next(depth - 1), next(depth - 1));
    };
  }

  /// The type, or what an author may make of it, for better or worse.
  JavaType successor(JavaType type) {
    return switch (random.nextInt(16)) {
      case 0 -> type(Optional.class, type);
      case 1 -> JavaType.of(Object.class);
      case 2 -> type.raw() == Optional.class ? type.argument(0) : next(1);
      case 3, 4 -> evolved(type);
      default -> type.arguments().isEmpty() ? sibling(type) : with(type.raw(), inner(type));
    };
  }

  private List<JavaType> inner(JavaType type) {
    return type.arguments().stream().map(this::successor).toList();
  }

  private JavaType evolved(JavaType type) {
    var inner = inner(type);
    return switch (type.raw().getSimpleName()) {
      case "List" -> with(Set.class, inner);
      case "One" -> type(Two.class, inner.getFirst(), maybe(next(1)));
      case "Two" -> type(Three.class, inner.getFirst(), inner.getLast(), maybe(next(1)));
      case "Three" -> with(Two.class, inner.subList(0, 2));
      case "Tree" -> type(Two.class, inner.getFirst(), type(List.class, type));
      default -> type;
    };
  }

  private JavaType maybe(JavaType type) {
    return random.nextInt(4) == 0 ? type : type(Optional.class, type);
  }

  private JavaType sibling(JavaType type) {
    var raw = type.raw();
    if (SCALARS.contains(raw)) {
      var near = SCALARS.indexOf(raw) + random.nextInt(4);
      return JavaType.of(SCALARS.get(Math.min(near, SCALARS.size() - 1)));
    }
    return switch (raw.getSimpleName()) {
      case "Shape" -> JavaType.of(random.nextBoolean() ? Rich.Shape.class : oneOf(FAMILIES));
      case "Light", "Color" -> JavaType.of(random.nextInt(4) == 0 ? Light.class : Color.class);
      default -> type;
    };
  }

  /// Whole records keep their fields' types; a map its keys.
  private static JavaType with(Class<?> raw, List<JavaType> inner) {
    return raw == Map.class
        ? type(raw, JavaType.of(String.class), inner.getLast())
        : new JavaType(raw, inner, raw.getSimpleName());
  }

  String json(JavaType type, int depth) {
    if (random.nextInt(40) == 0) {
      return oneOf(TOKENS);
    }
    var raw = type.raw();
    if (raw == Optional.class) {
      return random.nextInt(3) == 0 ? "null" : json(type.argument(0), depth);
    } else if (raw == List.class || raw == Set.class) {
      return list(type.argument(0), depth);
    } else if (raw == Map.class) {
      return object(Map.of("k", type.argument(1), "a", type.argument(1)), depth);
    } else if (raw.isRecord() && !SCALARS.contains(raw)) {
      return object(fields(type), depth);
    } else if (raw.isSealed()) {
      return message(oneOf(List.of(raw.getPermittedSubclasses())), depth);
    }
    return oneOf(taken(type));
  }

  private static List<String> taken(JavaType type) {
    var reader = new ReaderFactory().value(type, "it");
    var taken = TOKENS.stream().filter(json -> ContractPropertyTest.takes(reader, json)).toList();
    return taken.isEmpty() ? TOKENS : taken;
  }

  private String list(JavaType element, int depth) {
    return Stream.generate(() -> json(element, depth - 1))
        .limit(depth > 0 ? random.nextInt(3) : 0)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static Map<String, JavaType> fields(JavaType type) {
    return Stream.of(type.raw().getRecordComponents())
        .collect(
            Collectors.toMap(
                RecordComponent::getName,
                part -> JavaType.of(part.getGenericType(), type.variables())));
  }

  private String message(Class<?> member, int depth) {
    var fields = fields(JavaType.of(member));
    var tag = "\"" + member.getSimpleName().toLowerCase(Locale.ROOT) + "\"";
    if (fields.isEmpty() && random.nextBoolean()) {
      return tag;
    }
    var object = object(fields, depth);
    return "{\"type\":" + tag + (object.equals("{}") ? "" : ",") + object.substring(1);
  }

  private String object(Map<String, JavaType> fields, int depth) {
    var members = new ArrayList<String>();
    fields.forEach((name, type) -> {
      if (type.raw() != Optional.class || random.nextInt(3) > 0) {
        members.add("\"" + name + "\":" + json(type, depth - 1));
      }
    });
    Collections.shuffle(members, random);
    return members.stream().collect(Collectors.joining(",", "{", "}"));
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
