package dev.genserver.daemon.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContractTest {

  /// A server is a subclass in braces, which keeps its type arguments.
  abstract static class Server<C, M> extends GenServer<Long, C, M> {
    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  record Put<T>(T value) {}

  @SuppressWarnings("SameNameButDifferent") // what the test is about
  static final class Old {
    sealed interface Call {
      record Get() implements Call {}

      record Add(int by, Optional<String> note) implements Call {}

      record Paint(Color colour, Shape shape) implements Call {}

      record Many(List<Item> items, Map<String, Item> named, List<Shape> shapes) implements Call {}

      record Batch(List<Call> calls) implements Call {}
    }

    sealed interface Shape {
      record Circle(double radius) implements Shape {}

      record Group(List<Shape> shapes) implements Shape {}
    }

    enum Color {
      RED,
      DARK_BLUE
    }

    record Item(String sku, Optional<Item> instead) {}
  }

  @SuppressWarnings("SameNameButDifferent") // what the test is about
  static final class Wider {
    sealed interface Call {
      record Many(List<Item> items, Map<String, Object> named, Collection<Shape> shapes)
          implements Call {}

      record Batch(Set<Call> calls) implements Call {}

      sealed interface Inner extends Call {
        record Paint(String colour, Shape shape) implements Inner {}

        record Add(Optional<String> note, Optional<BigInteger> by, Optional<Integer> unit)
            implements Inner {}
      }

      record Get(Optional<String> of) implements Call {}

      record Reset(int to) implements Call {}
    }

    sealed interface Shape {
      record Circle(double radius) implements Shape {}

      record Group(Collection<Shape> shapes, Optional<String> name) implements Shape {}

      record Dot() implements Shape {}
    }

    record Item(String sku, Optional<Item> instead, Optional<Integer> count) {}
  }

  @SuppressWarnings("SameNameButDifferent") // what the test is about
  static final class Narrower {
    sealed interface Call {
      record Get(String of) implements Call {}

      record Add(String note) implements Call {}

      record Paint(Color colour, Shape shape) implements Call {}

      record Many(List<Item> items, Map<String, Item> named, List<Shape> shapes) implements Call {}
    }

    sealed interface Shape {
      record Circle(float radius) implements Shape {}
    }

    enum Color {
      DARK_BLUE,
      GREEN
    }

    record Item(int sku) {}
  }

  @Test
  void theSameTypesAreCompatible() {
    assertThat(Contract.broken(Shop.class, Shop.class)).isEmpty();
  }

  @Test
  void moreMessagesOptionalFieldsAndWiderTypesAreCompatible() {
    assertThat(broken(new Server<Old.Call, Void>() {}, new Server<Wider.Call, Old.Call>() {}))
        .isEmpty();
  }

  @Test
  void everythingThatIsNoLongerTakenIsToldWithItsPlace() {
    assertThat(broken(new Server<Old.Call, Void>() {}, new Server<Narrower.Call, Void>() {}))
        .containsExactly(
            "call 'get' has the new field 'of' (string), which callers do not send; make it an"
                + " Optional",
            "call 'add' no longer has the field 'by'",
            "call 'add.note' may no longer be missing or null",
            "call 'paint.colour' no longer takes 'red'",
            "call 'paint.shape(circle).radius' was a number of 64 bits and is a number of 32 bits"
                + " now",
            "call 'paint.shape' no longer takes 'group'",
            "call 'many.items[].sku' was a string and is an integer of 32 bits now",
            "call 'many.items[]' no longer has the field 'instead'",
            "calls no longer take 'batch'");
  }

  @Test
  void callsAndCastsAreToldApart() {
    assertThat(
            broken(
                new Server<Put<Long>, Put<Long>>() {},
                new Server<Put<Integer>, Put<Optional<UUID>>>() {}))
        .containsExactly(
            "call 'put.value' was an integer of 64 bits and is an integer of 32 bits now",
            "cast 'put.value' was an integer of 64 bits and is a UUID now");
  }

  @Test
  void aServerMayTakeNothingAtFirstButNotInTheEnd() {
    var nothing = new Server<Void, Void>() {};
    var something = new Server<Put<Long>, Map<String, Object>>() {};

    assertThat(broken(nothing, something)).isEmpty();
    assertThat(broken(something, nothing))
        .containsExactly("calls no longer take 'put'", "casts were a map and are nothing now");
  }

  @Test
  void plainDataMayBecomeAnyJsonButNotTheOtherWayRound() {
    var any = new Server<Object, Optional<Object>>() {};

    assertThat(broken(new Server<Old.Call, Optional<List<Old.Shape>>>() {}, any)).isEmpty();
    assertThat(broken(any, new Server<Old.Call, Object>() {}))
        .containsExactly(
            "calls were any JSON and are an object with a field 'type' now",
            "casts may no longer be missing or null");
  }

  @Test
  void nullInsideOfListsAndMapsIsTakenByOptionalsOnly() {
    assertThat(
            broken(
                new Server<List<Optional<Long>>, Map<String, Optional<Old.Item>>>() {},
                new Server<Set<Long>, Map<String, Object>>() {}))
        .containsExactly(
            "call '[]' may no longer be missing or null",
            "cast '[key]' may no longer be missing or null");
  }

  @Test
  void aRecordMayBecomeAMapThatTakesItsFields() {
    var item = new Server<Void, List<Old.Item>>() {};

    assertThat(broken(item, new Server<Void, List<Map<String, Optional<Object>>>>() {})).isEmpty();
    assertThat(broken(item, new Server<Void, List<Map<String, String>>>() {}))
        .containsExactly(
            "cast '[].instead' may no longer be missing or null",
            "cast '[].instead' was an object with fixed fields and is a string now");
  }

  @Test
  void aConstantBecomesAStringButAStringIsNoConstant() {
    assertThat(
            broken(
                new Server<Put<Old.Color>, Put<String>>() {},
                new Server<Put<String>, Put<Old.Color>>() {}))
        .containsExactly("cast 'put.value' was a string and is \"red\" | \"dark_blue\" now");
  }

  record Alike(Optional<Long> aB, Long a_b) {}

  @Test
  void componentsThatShareANameInJsonAreComparedByTheOneThatIsRead() {
    var alike = new Server<Put<Alike>, Void>() {};

    assertThat(broken(alike, new Server<Put<Alike>, Void>() {})).isEmpty();
  }

  @Test
  void valuesOfOtherKindsAreRefused() {
    assertThat(
            broken(
                new Server<Put<List<Long>>, Put<Duration>>() {},
                new Server<Put<Old.Shape>, Put<Boolean>>() {}))
        .containsExactly(
            "call 'put.value' was a list and is an object with a field 'type' now",
            "cast 'put.value' was a duration and is a boolean now");
  }

  /// Loads the [Shop] and its messages once more.
  private static final class Again extends ClassLoader {
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Shop.class.getName())) {
        return super.loadClass(name, resolve);
      }
      var known = findLoadedClass(name);
      return known != null ? known : defined(name);
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        var bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void theSameClassesFromAnotherClassLoaderAreCompatible() throws ClassNotFoundException {
    var again = new Again().loadClass(Shop.class.getName());

    assertThat(again).isNotSameAs(Shop.class);
    assertThat(Contract.broken(Shop.class, again)).isEmpty();
    assertThat(Contract.broken(again, Shop.class)).isEmpty();
  }

  @Test
  void aClassThatCannotBeBoundCannotBeCompared() {
    assertThatThrownBy(() -> Contract.broken(Shop.class, String.class))
        .isInstanceOf(UnbindableException.class)
        .hasMessage("java.lang.String does not extend GenServer");
  }

  private static List<String> broken(Server<?, ?> old, Server<?, ?> now) {
    return Contract.broken(old.getClass(), now.getClass());
  }
}
