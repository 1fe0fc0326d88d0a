package dev.genserver.runtime;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Java type with its type arguments filled in.
///
/// @param raw the class; [Unresolved] for a type variable of which nothing is known
/// @param text how it is written in Java, without packages
public record JavaType(Class<?> raw, List<JavaType> arguments, String text) {

  /// Stands for a type variable that nothing fills.
  public static final class Unresolved {
    private Unresolved() {}
  }

  /// A class without type arguments.
  public static JavaType of(Class<?> raw) {
    return new JavaType(raw, List.of(), nestedName(raw));
  }

  /// A type as reflection gives it.
  ///
  /// @param known what the type variables in it stand for
  public static JavaType of(Type type, Map<TypeVariable<?>, JavaType> known) {
    return switch (type) {
      case Class<?> raw -> of(raw);
      case ParameterizedType generic -> generic(generic, known);
      case GenericArrayType array -> of(array.getGenericComponentType(), known).array();
      case WildcardType wildcard -> of(wildcard.getUpperBounds()[0], known);
      case TypeVariable<?> variable ->
          known.getOrDefault(variable, new JavaType(Unresolved.class, List.of(), type.toString()));
      default -> new JavaType(Unresolved.class, List.of(), type.toString());
    };
  }

  /// What the type variables of `ancestor`, a class or an interface, are for `type`; where it is
  /// used raw they are themselves.
  public static List<JavaType> argumentsOf(Class<?> ancestor, Class<?> type) {
    Map<TypeVariable<?>, JavaType> known = Map.of();
    for (Class<?> current = type; current != ancestor; ) {
      var parent = towards(ancestor, current);
      known =
          parent instanceof ParameterizedType generic ? of(generic, known).variables() : Map.of();
      current = of(parent, Map.of()).raw();
    }
    var found = known;
    return Stream.of(ancestor.getTypeParameters()).map(variable -> of(variable, found)).toList();
  }

  /// The direct supertype through which `type` has the ancestor.
  private static Type towards(Class<?> ancestor, Class<?> type) {
    return Stream.concat(
            Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
        .filter(parent -> ancestor.isAssignableFrom(of(parent, Map.of()).raw()))
        .findFirst()
        .orElseThrow();
  }

  /// The type parameters of the class and what they stand for here.
  public Map<TypeVariable<?>, JavaType> variables() {
    if (arguments.isEmpty()) {
      return Map.of();
    }
    var parameters = raw.getTypeParameters();
    var known = new HashMap<TypeVariable<?>, JavaType>();
    for (var i = 0; i < Math.min(parameters.length, arguments.size()); i++) {
      known.put(parameters[i], arguments.get(i));
    }
    return known;
  }

  /// The `index`th type argument; `Object` where the type is used raw.
  public JavaType argument(int index) {
    return index < arguments.size() ? arguments.get(index) : of(Object.class);
  }

  /// The elements of an array.
  public JavaType component() {
    return arguments.isEmpty() ? of(raw.getComponentType()) : arguments.getFirst();
  }

  private JavaType array() {
    return new JavaType(raw.arrayType(), List.of(this), text + "[]");
  }

  private static JavaType generic(ParameterizedType type, Map<TypeVariable<?>, JavaType> known) {
    var raw = (Class<?>) type.getRawType();
    var arguments =
        Stream.of(type.getActualTypeArguments()).map(argument -> of(argument, known)).toList();
    var text =
        arguments.stream()
            .map(JavaType::text)
            .collect(Collectors.joining(", ", nestedName(raw) + "<", ">"));
    return new JavaType(raw, arguments, text);
  }

  /// `Counter.Call.Add` for `dev.example.Counter$Call$Add`.
  public static String nestedName(Class<?> type) {
    var enclosing = type.getEnclosingClass();
    return enclosing == null
        ? type.getSimpleName()
        : nestedName(enclosing) + "." + type.getSimpleName();
  }
}
