package dev.genserver.runtime;

import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.StateMismatchException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Carries objects from one version of a plugin's classes to another. Thread-safe.
///
/// States go as plain data through the hands of the new code; see [CodeChange]. What only passes
/// from one version to the other, messages and replies, becomes at once what the classes of the
/// same names make of it.
public final class Carrier {

  /// What a server takes as its state. Kept by its class, as it is asked for each process.
  private record StateType(JavaType type, String name) {

    private static final ClassValue<StateType> TYPES =
        new ClassValue<>() {
          @Override
          protected StateType computeValue(Class<?> server) {
            var type = JavaType.argumentsOf(GenServer.class, server).getFirst();
            return new StateType(type, JavaType.nestedName(type.raw()));
          }
        };

    static StateType of(Class<?> server) {
      return TYPES.get(server);
    }
  }

  private Carrier() {}

  /// A state that was made by classes of `from`, for the new `server` to take over.
  ///
  /// @throws StateMismatchException if something in the state is no data
  public static <S> CodeChange.Carried<S> carried(
      @Nullable Object state, ClassLoader from, GenServer<S, ?, ?> server) {
    var data = PlainData.of(state, of(from), "the state");
    var expected = StateType.of(server.getClass());
    var loader = server.getClass().getClassLoader();
    return new CodeChange.Carried<>() {
      @Override
      public @Nullable Object data() {
        return PlainData.copied(data, "the state");
      }

      @Override
      public S state() {
        // Knows more than the copy, of which class enum constants are; and copies what can change.
        return bind(data);
      }

      @Override
      @SuppressWarnings({"unchecked", "NullAway"}) // the type is that of S
      public S bind(@Nullable Object changed) {
        return (S) StateReader.read(changed, expected.type, loader, expected.name);
      }
    };
  }

  /// A state that goes on with the same classes.
  static <S> CodeChange.Carried<S> inPlace(S state, GenServer<S, ?, ?> server) {
    var loader = server.getClass().getClassLoader();
    return new CodeChange.Carried<>() {
      @Override
      public @Nullable Object data() {
        return PlainData.copied(PlainData.of(state, of(loader), "the state"), "the state");
      }

      @Override
      public S bind(@Nullable Object data) {
        return carried(data, loader, server).bind(data);
      }

      @Override
      public S state() {
        return state;
      }
    };
  }

  /// The value with all objects of other versions replaced by objects of `to`; the value itself if
  /// there are none, or if it cannot be carried over.
  ///
  /// @param isOther whether a class is of another version than `to`
  static @Nullable Object translated(
      @Nullable Object value, Predicate<Class<?>> isOther, ClassLoader to) {
    try {
      return converted(value, isOther, to, "the message");
    } catch (RuntimeException | LinkageError | StackOverflowError _) {
      // Who takes it does not know it, as any message of another's. Whatever it is made of, or does
      // as it is taken apart, must not harm the one who delivers it.
      return value;
    }
  }

  /// The value with all objects of other versions replaced by objects of `to`; the value itself if
  /// there are none.
  ///
  /// @param what what the value is, for problems
  /// @throws StateMismatchException if it cannot be carried over
  static @Nullable Object converted(
      @Nullable Object value, Predicate<Class<?>> isOther, ClassLoader to, String what) {
    return concerns(value, isOther)
        ? StateReader.read(PlainData.of(value, isOther, what), JavaType.of(Object.class), to, what)
        : value;
  }

  /// Whether it is, or holds in collections of the JDK, an object of such a class.
  ///
  /// @throws StackOverflowError if it holds itself, or is nested very deeply
  static boolean concerns(@Nullable Object value, Predicate<Class<?>> isOther) {
    return switch (value) {
      case null -> false;
      case Optional<?> maybe -> concerns(maybe.orElse(null), isOther);
      case Map<?, ?> map when isOfJdk(map) ->
          map.entrySet().stream()
              .anyMatch(
                  each -> concerns(each.getKey(), isOther) || concerns(each.getValue(), isOther));
      case Collection<?> elements when isOfJdk(elements) ->
          elements.stream().anyMatch(each -> concerns(each, isOther));
      case Object[] array -> {
        for (var element : array) {
          if (concerns(element, isOther)) {
            yield true;
          }
        }
        yield isOther.test(elementOf(array.getClass()));
      }
      case Enum<?> constant -> isOther.test(constant.getDeclaringClass());
      case Object other -> isOther.test(other.getClass());
    };
  }

  /// Others would run code of their own as they are looked through.
  private static boolean isOfJdk(Object collection) {
    return collection.getClass().getClassLoader() == null;
  }

  private static Class<?> elementOf(Class<?> type) {
    return type.isArray() ? elementOf(type.componentType()) : type;
  }

  /// Whether a class was loaded by that loader.
  static Predicate<Class<?>> of(ClassLoader loader) {
    return type -> loader.equals(type.getClassLoader());
  }
}
