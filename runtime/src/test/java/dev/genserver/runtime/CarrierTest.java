package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.StateMismatchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// States, and messages, that go from the classes of one loader to those of another.
@Timeout(60)
class CarrierTest {

  @TempDir Path folder;
  private int versions;

  /// A version with these types, one of them a `State`.
  ///
  /// @param value what it makes
  private Version version(String name, String types, String value) {
    return Version.of(
        folder.resolve(String.valueOf(versions++)),
        name,
        """
        package example;
        import dev.genserver.sdk.*;
        import java.time.Duration;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.concurrent.atomic.*;
        public final class Server extends GenServer<Server.State, Object, Object> {
          %s
          public static Object make() { return %s; }
          @Override public Init<State> init(Args args) { return ok((State) make()); }
        }
        """
            .formatted(types, value));
  }

  private Version version(String name, String types) {
    return version(name, types, "null");
  }

  private static Object made(Version version) {
    try {
      return version.loader().loadClass("example.Server").getMethod("make").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CodeChange<?> change(Object state, Version from, Version to) {
    GenServer<?, ?, ?> server = to.server();
    return new CodeChange<>(
        from.loader().getName(), Carrier.carried(state, from.loader(), server), null);
  }

  /// What comes of a value of version 1 in version 2.
  private Object carried(String types1, String value, String types2) {
    var v1 = version("v1", types1, value);
    var v2 = version("v2", types2);
    var state = change(made(v1), v1, v2).state();
    assertThat(state.getClass().getClassLoader()).isSameAs(v2.loader());
    return state;
  }

  private Object carried(String types, String value) {
    return carried(types, value, types);
  }

  private void refused(String types1, String value, String types2, String... problems) {
    assertThatThrownBy(() -> carried(types1, value, types2))
        .isInstanceOf(StateMismatchException.class)
        .hasMessage(String.join("; ", problems));
  }

  private static Predicate<Class<?>> isOf(Version version) {
    return Carrier.of(version.loader());
  }

  // Records.

  @Test
  void fieldsGoByName() {
    assertThat(
            carried(
                "public record State(int a, String gone, long b) {}",
                "new State(1, \"x\", 2)",
                "public record State(long b, int a, Optional<String> came) {}"))
        .hasToString("State[b=2, a=1, came=Optional.empty]");
  }

  @Test
  void fieldsThatAreNewAreAllNamed() {
    refused(
        "public record State(int a) {}",
        "new State(1)",
        "public record State(long total, List<String> notes) {}",
        "Server.State.total (long) is new, so the old state has none; give it a value in codeChange",
        "Server.State.notes (List<String>) is new, so the old state has none; give it a value in codeChange");
  }

  @Test
  void nestedRecordsAndGenericsAreRead() {
    assertThat(
            carried(
                "record Box<T>(T value) {} record In(int n) {} public record State(Box<In> in, Box<List<Integer>> ints, Box<Box<String>> text) {}",
                "new State(new Box<>(new In(1)), new Box<>(List.of(2)), new Box<>(new Box<>(\"x\")))",
                "record Box<T>(T value) {} record In(long n) {} public record State(Box<In> in, Box<List<Long>> ints, Box<Box<String>> text) {}"))
        .hasToString(
            "State[in=Box[value=In[n=1]], ints=Box[value=[2]], text=Box[value=Box[value=x]]]");
  }

  @Test
  void privateAndLocalRecordsAreRead() {
    var types =
        "private record Hidden(int n) {} public record State(Hidden hidden, Object local) {}"
            + " static Object local() { record Local(int n) {} return new Local(2); }";
    assertThat(carried(types, "new State(new Hidden(1), local())"))
        .hasToString("State[hidden=Hidden[n=1], local=Local[n=2]]");
  }

  @Test
  void constructorThatRefusesIsToldWithTheField() {
    refused(
        "record In(int n) {} public record State(In in) {}",
        "new State(new In(-1))",
        "record In(int n) { In { if (n < 0) throw new IllegalArgumentException(\"negative\"); } } public record State(In in) {}",
        "Server.State.in is refused by Server.In: java.lang.IllegalArgumentException: negative");
  }

  @Test
  void whatIsNoRecordIsRefused() {
    var types = "static class Thing {} public record State(List<Object> things) {}";
    refused(
        types,
        "new State(List.of(\"ok\", new Thing()))",
        types,
        "the state.things[1] is of example.Server$Thing, which is no record, so it cannot become data; make it a record, or override handOver");
  }

  @Test
  void functionsOfThePluginAreRefused() {
    var types = "public record State(Runnable run, AtomicReference<Object> held) {}";
    assertThatThrownBy(() ->
            carried(types, "new State(() -> {}, new AtomicReference<>(new State(null, null)))"))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("the state.run is of example.Server$$Lambda")
        .hasMessageContaining(
            "the state.held is an AtomicReference to an object of the plugin, which is no data");
  }

  // Numbers.

  @ParameterizedTest
  @CsvSource({
    "int, 7, long, 7",
    "long, 7L, int, 7",
    "short, (short) 7, byte, 7",
    "int, 7, double, 7.0",
    "double, 7.0, int, 7",
    "float, 0.1f, double, 0.10000000149011612",
    "float, Float.NaN, double, NaN",
    "double, Double.NEGATIVE_INFINITY, float, -Infinity",
    "double, 0.5, float, 0.5",
    "int, 7, Long, 7",
    "Long, 7L, int, 7",
    "long, 7, java.math.BigInteger, 7",
    "double, 0.1, java.math.BigDecimal, 0.1",
    "java.math.BigDecimal, new java.math.BigDecimal(\"0.1\"), double, 0.1",
    "AtomicLong, new AtomicLong(7), long, 7",
  })
  void exactNumbersChangeTheirType(String type1, String value, String type2, String result) {
    assertThat(
            carried(
                "public record State(" + type1 + " n) {}",
                "new State(" + value + ")",
                "public record State(" + type2 + " n) {}"))
        .hasToString("State[n=" + result + "]");
  }

  @ParameterizedTest
  @CsvSource({
    "long, 3000000000L, int, Long 3000000000",
    "int, 300, byte, Integer 300",
    "double, 0.5, long, Double 0.5",
    "double, 0.1, float, Double 0.1",
    "double, Double.NaN, long, Double NaN",
    "long, Long.MAX_VALUE, double, Long 9223372036854775807",
  })
  void inexactNumbersAreRefused(String type1, String value, String type2, String shown) {
    refused(
        "public record State(" + type1 + " n) {}",
        "new State(" + value + ")",
        "public record State(" + type2 + " n) {}",
        "Server.State.n was %s, which is no %s; make it one in codeChange".formatted(shown, type2));
  }

  @Test
  void nullStaysNullButNotForPrimitives() {
    assertThat(carried("public record State(String s, List<String> l) {}", "new State(null, null)"))
        .hasToString("State[s=null, l=null]");
    refused(
        "public record State(Integer n, Integer[] a) {}",
        "new State(null, new Integer[] {null})",
        "public record State(int n, int[] a) {}",
        "Server.State.n is null, and int is wanted",
        "Server.State.a[0] is null, and int is wanted");
  }

  // Enums and families.

  private static final String COLORS = "enum Color { RED, GREEN { } } ";

  @Test
  void enumsGoByName() {
    assertThat(
            carried(
                COLORS + "public record State(Color c, List<Color> l, Map<Color, Integer> m) {}",
                "new State(Color.GREEN, List.of(Color.RED), Map.of(Color.GREEN, 1))",
                "enum Color { BLUE, GREEN, RED } public record State(Color c, List<Color> l, Map<Color, Integer> m) {}"))
        .hasToString("State[c=GREEN, l=[RED], m={GREEN=1}]");
    refused(
        COLORS + "public record State(Color c) {}",
        "new State(Color.GREEN)",
        "enum Color { RED } public record State(Color c) {}",
        "Server.State.c was GREEN, which Server.Color does not have; make it another in codeChange");
  }

  @Test
  void enumsStayEnumsWhereNoTypeTellsOfThem() throws Exception {
    var types =
        COLORS
            + "public record State(Object c, List<?> l, EnumMap<Color, Integer> m, EnumSet<Color> s) {}";
    var state =
        carried(
            types,
            "new State(Color.GREEN, List.of(Color.RED), new EnumMap<>(Map.of(Color.RED, 1)), EnumSet.of(Color.RED))");
    assertThat(state).hasToString("State[c=GREEN, l=[RED], m={RED=1}, s=[RED]]");
    var c = state.getClass().getMethod("c").invoke(state);
    assertThat(c).isInstanceOf(Enum.class);
    assertThat(c.getClass().getClassLoader()).isSameAs(state.getClass().getClassLoader());
  }

  private static final String FAMILY =
      "sealed interface Shape permits Round, Flat, Unit {} sealed interface Round extends Shape {}"
          + " record Circle(int r) implements Round {} record Flat(int w) implements Shape {}"
          + " enum Unit implements Shape { ONE { }, TWO } ";

  @Test
  void familiesGoByTheNameOfTheirLeaf() {
    var state = "public record State(Shape s, List<Shape> all, Object any) {}";
    assertThat(
            carried(
                FAMILY + state,
                "new State(new Circle(1), List.of(new Flat(2), Unit.ONE), new Circle(3))",
                FAMILY.replace("int r", "long r") + state))
        .hasToString("State[s=Circle[r=1], all=[Flat[w=2], ONE], any=Circle[r=3]]");
    refused(
        FAMILY + "public record State(Shape s, Shape u) {}",
        "new State(new Flat(1), Unit.TWO)",
        "sealed interface Shape {} record Circle(int r) implements Shape {} public record State(Shape s, Shape u) {}",
        "Server.State.s was a Flat, which Server.Shape does not have; make it another in codeChange",
        "Server.State.u was TWO, which Server.Shape does not have; make it another in codeChange");
  }

  @Test
  void leavesOfOneSimpleNameAreToldApart() {
    var types =
        "sealed interface Event permits A.Made, B.Made {} interface A { record Made(int n) implements Event {} }"
            + " interface B { record Made(int n) implements Event {} } public record State(List<Event> e) {}";
    var state = carried(types, "new State(List.of(new B.Made(1), new A.Made(2)))");
    assertThat(classNames(state)).containsExactly("example.Server$B$Made", "example.Server$A$Made");
  }

  private static List<String> classNames(Object state) {
    try {
      var elements = (List<?>) state.getClass().getMethod("e").invoke(state);
      return elements.stream().map(each -> each.getClass().getName()).toList();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void authorsMayMakeALeafAnother() {
    var v1 = version("v1", FAMILY + "public record State(Shape s) {}", "new State(new Flat(1))");
    var v2 = version("v2", FAMILY + "public record State(Shape s) {}");
    var change = change(made(v1), v1, v2);
    var fields = change.fields();
    @SuppressWarnings("unchecked")
    var shape = (Map<String, Object>) fields.get("s");
    shape.put("@type", "Circle");
    shape.put("r", shape.remove("w"));

    assertThat(change.bind(fields)).hasToString("State[s=Circle[r=1]]");
    assertThat(change.state()).hasToString("State[s=Flat[w=1]]");
  }

  @Test
  void authorsSeeNamesForEnums() {
    var types = FAMILY + COLORS + "public record State(Color c, Shape s, TreeSet<Color> sorted) {}";
    var v1 =
        version(
            "v1", types, "new State(Color.RED, Unit.TWO, new TreeSet<>(List.of(Color.values())))");
    var change = change(made(v1), v1, version("v2", types));
    var fields = change.fields();

    assertThat(fields).containsEntry("c", "RED").containsEntry("s", "TWO");
    assertThat(fields.get("sorted")).isEqualTo(List.of("RED", "GREEN"));
    assertThat(change.bind(fields)).hasToString("State[c=RED, s=TWO, sorted=[RED, GREEN]]");
  }

  // Collections.

  @Test
  void keysMayBeRecordsAndPids() {
    var types =
        "record Key(int a) {} public record State(Map<Key, Key> m, Map<Pid, Key> p, Map<Object, Object> o) {}";
    assertThat(
            carried(
                types,
                "new State(Map.of(new Key(1), new Key(2)), Map.of(new Pid(1, 2), new Key(3)), Map.of(new Key(4), new Key(5)))"))
        .hasToString("State[m={Key[a=1]=Key[a=2]}, p={<1.2>=Key[a=3]}, o={Key[a=4]=Key[a=5]}]");
  }

  @Test
  void recordsOfDifferentClassesAreDifferentKeys() {
    var types =
        "record A() {} record B() {} public record State(Set<Object> s, Map<Object, Object> m) {}";
    assertThat(
            carried(
                    types,
                    "new State(new LinkedHashSet<>(List.of(new A(), new B())), new TreeMap<>(Map.of(1, Set.of(new A(), new B()))))")
                .toString())
        .startsWith("State[s=[A[], B[]]")
        .contains("A[], B[]")
        .hasSameSizeAs("State[s=[A[], B[]], m={1=[A[], B[]]}]");
  }

  @Test
  void keysThatBecomeOneAreRefused() {
    refused(
        "record Key(int a, int b) {} public record State(Map<Key, Integer> m) {}",
        "new State(new LinkedHashMap<>(Map.of(new Key(1, 1), 1, new Key(1, 2), 2)))",
        "record Key(int a) {} public record State(Map<Key, Integer> m) {}",
        "Server.State.m has 2 keys, of which only 1 differ in this version; tell them apart in codeChange");
  }

  private static final String ITEM =
      "record Item(int n) implements Comparable<Item> { public int compareTo(Item o) { return Integer.compare(n, o.n); } } ";

  @Test
  void sortedCollectionsStaySorted() {
    var types =
        ITEM
            + "public record State(TreeSet<Item> set, SortedMap<Item, String> map, PriorityQueue<Item> queue, Set<Item> any, TreeSet<String> reverse) {}";
    assertThat(
            carried(
                types,
                """
                new State(new TreeSet<>(List.of(new Item(2), new Item(1))), new TreeMap<>(Map.of(new Item(3), "x")),
                  new PriorityQueue<>(List.of(new Item(5), new Item(4))), new TreeSet<>(Set.of(new Item(6))),
                  new TreeSet<>(Comparator.<String>reverseOrder()) {{ }})
                """
                    .replace(" {{ }}", "")))
        .hasToString(
            "State[set=[Item[n=1], Item[n=2]], map={Item[n=3]=x}, queue=[Item[n=4], Item[n=5]], any=[Item[n=6]], reverse=[]]");
  }

  @Test
  void sortedCollectionsAreSortedByTheNewCode() {
    assertThat(
            carried(
                ITEM + "public record State(SortedSet<Item> s) {}",
                "new State(new TreeSet<>(List.of(new Item(2), new Item(1))))",
                ITEM.replace("compare(n, o.n)", "compare(o.n, n)")
                    + "public record State(SortedSet<Item> s) {}"))
        .hasToString("State[s=[Item[n=2], Item[n=1]]]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a, b) -> a.compareTo(b)",
        "Comparator.comparing(each -> each)",
        "Collections.reverseOrder(String::compareTo)"
      })
  void comparatorsOfThePluginAreRefused(String comparator) {
    var types =
        "static <T> TreeSet<T> by(Comparator<T> c) { return new TreeSet<>(c); } public record State(Set<String> s) {}";
    refused(
        types,
        "new State(Server.<String>by(" + comparator + "))",
        types,
        "the state.s is sorted by a comparator of its own, which is no data; have its elements compare themselves, or override handOver");
  }

  @Test
  void otherCollectionsKeepTheirKind() {
    var types =
        "record In(int n) {} public record State(Deque<In> d, LinkedList<In> l, ConcurrentHashMap<String, In> c, Iterable<In> i, Collection<In> o, CopyOnWriteArrayList<In> w) {}";
    var state =
        carried(
            types,
            """
            new State(new ArrayDeque<>(List.of(new In(1))), new LinkedList<>(List.of(new In(2))),
              new ConcurrentHashMap<>(Map.of("k", new In(3))), List.of(new In(4)), Set.of(new In(5)),
              new CopyOnWriteArrayList<>(List.of(new In(6))))
            """);
    assertThat(state)
        .hasToString(
            "State[d=[In[n=1]], l=[In[n=2]], c={k=In[n=3]}, i=[In[n=4]], o=[In[n=5]], w=[In[n=6]]]");
    assertThat(Carrier.concerns(List.of(state), type -> type.getClassLoader() == null)).isFalse();
  }

  @Test
  void problemsWithinCollectionsThatTakeNoNullAreTold() {
    refused(
        ITEM
            + "record In(int n) {} public record State(TreeSet<Item> s, Deque<In> d, ConcurrentMap<Integer, In> m) {}",
        "new State(new TreeSet<>(List.of(new Item(1))), new ArrayDeque<>(List.of(new In(1))), new ConcurrentHashMap<>(Map.of(1, new In(2))))",
        ITEM.replace("Item(int n)", "Item(int m, int n)")
            + "record In(int m) {} public record State(TreeSet<Item> s, Deque<In> d, ConcurrentMap<Integer, In> m) {}",
        "Server.State.s[0].m (int) is new, so the old state has none; give it a value in codeChange",
        "Server.State.d[0].m (int) is new, so the old state has none; give it a value in codeChange",
        "Server.State.m[1].m (int) is new, so the old state has none; give it a value in codeChange");
    refused(
        "public record State(Map<String, String> m) {}",
        "new State(new HashMap<>(Collections.singletonMap(\"k\", null)))",
        "public record State(ConcurrentMap<String, String> m) {}",
        "Server.State.m[k] is not taken by the ConcurrentHashMap that it belongs to: java.lang.NullPointerException");
  }

  @Test
  void arraysAreCopied() throws Exception {
    var types =
        COLORS
            + "record In(int n) {} public record State(int[] ints, In[] ins, Color[] colors, String[][] texts, Object any, long[] wide) {}";
    var v1 =
        version(
            "v1",
            types.replace("long[] wide", "int[] wide"),
            """
            new State(new int[] {1}, new In[] {new In(2), null}, new Color[] {Color.RED}, new String[][] {{"x"}},
              new String[] {"y"}, new int[] {3})
            """);
    var v2 = version("v2", types);
    var old = made(v1);
    var state = change(old, v1, v2).state();

    assertThat(component(state, "ints")).isEqualTo(new int[] {1});
    assertThat(component(state, "ints")).isNotSameAs(component(old, "ints"));
    assertThat((Object[]) component(state, "ins"))
        .extracting(String::valueOf)
        .containsExactly("In[n=2]", "null");
    assertThat((Object[]) component(state, "colors"))
        .extracting(String::valueOf)
        .containsExactly("RED");
    assertThat(component(state, "texts")).isEqualTo(new String[][] {{"x"}});
    assertThat(component(state, "any")).isInstanceOf(String[].class);
    assertThat(component(state, "wide")).isEqualTo(new long[] {3});
  }

  private static Object component(Object data, String name) throws ReflectiveOperationException {
    return data.getClass().getMethod(name).invoke(data);
  }

  @Test
  void valuesOfTheJdkAndTheSdkAreTheSame() throws Exception {
    var types = "public record State(Duration d, Secret s, Pid p, Object lock) {}";
    var v1 =
        version(
            "v1",
            types,
            "new State(Duration.ofSeconds(1), Secret.of(\"x\"), new Pid(1, 2), new Semaphore(1))");
    var old = made(v1);
    var state = change(old, v1, version("v2", types)).state();

    for (var name : List.of("d", "s", "p", "lock")) {
      assertThat(component(state, name)).isSameAs(component(old, name));
    }
  }

  @Test
  void optionalsAreReadWhereverTheyStand() {
    var types =
        "record In(int n) {} public record State(Optional<In> o, Object any, List<Object> l) {}";
    assertThat(
            carried(
                types,
                "new State(Optional.of(new In(1)), Optional.of(new In(2)), List.of(Optional.of(new In(3))))"))
        .hasToString("State[o=Optional[In[n=1]], any=Optional[In[n=2]], l=[Optional[In[n=3]]]]");
  }

  // Deep ones.

  private static final String CHAIN =
      "record Link(int n, Link next) {} public record State(Object any) {}"
          + " static Link chain(int n) { Link l = null; for (var i = 0; i < n; i++) l = new Link(i, l); return l; }"
          + " static Object itself() { var l = new ArrayList<Object>(); l.add(l); l.add(new State(null)); return l; } ";

  @ParameterizedTest
  @ValueSource(strings = {"new State(itself())", "new State(chain(1_000_000))"})
  void whatHoldsItselfOrIsTooDeepIsRefused(String value) {
    refused(
        CHAIN, value, CHAIN, "the state is nested too deeply, or holds itself; override handOver");
  }

  @Test
  void depthsThatCanBeTakenApartButNotReadAreRefusedToo() {
    var v1 = version("v1", CHAIN, "null");
    var v2 = version("v2", CHAIN);
    for (var depth = 500; depth < 200_000; depth = depth * 3 / 2) {
      try {
        var chain = v1.loader().loadClass("example.Server").getDeclaredMethod("chain", int.class);
        chain.setAccessible(true);
        var _ = change(chain.invoke(null, depth), v1, v2).data();
        var value = chain.invoke(null, depth);
        assertThat(Carrier.translated(value, isOf(v1), v2.loader())).isNotNull();
        Carrier.converted(value, isOf(v1), v2.loader(), "the state");
      } catch (StateMismatchException e) {
        assertThat(e).hasMessageContaining("nested too deeply");
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  // Messages.

  @Test
  void messagesBecomeTheReceiversOwn() {
    var v1 =
        version(
            "v1",
            FAMILY + COLORS + "public record State(int n) {}",
            "List.of(Optional.of(new Circle(1)), Color.GREEN, Map.of(Color.RED, Unit.ONE), new State(1), \"x\")");
    var v2 = version("v2", FAMILY + COLORS + "public record State(long n) {}");
    var message = Carrier.translated(made(v1), isOf(v1), v2.loader());

    assertThat(message).hasToString("[Optional[Circle[r=1]], GREEN, {RED=ONE}, State[n=1], x]");
    assertThat(Carrier.concerns(message, isOf(v1))).isFalse();
    assertThat(Carrier.concerns(message, isOf(v2))).isTrue();
  }

  @Test
  void messagesThatCannotBeTranslatedStayAsTheyAre() {
    var v1 = version("v1", CHAIN + ITEM + COLORS, "itself()");
    var v2 = version("v2", "public record State(int n) {}");
    var itself = made(v1);

    assertThat(Carrier.translated(itself, isOf(v1), v2.loader())).isSameAs(itself);
    var constant = Carrier.translated(enumOf(v1), isOf(v1), v2.loader());
    assertThat(constant).isInstanceOf(Enum.class);
    assertThat(constant.getClass().getClassLoader()).isSameAs(v1.loader());
  }

  private static Object enumOf(Version version) {
    try {
      return version.loader().loadClass("example.Server$Color").getEnumConstants()[0];
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void collectionsThatAreNoneOfTheJdkAreNotLookedInto() {
    var endless =
        new ArrayList<Object>() {
          private static final long serialVersionUID = 1;

          @Override
          public java.util.stream.Stream<Object> stream() {
            throw new AssertionError("looked into");
          }
        };
    assertThat(Carrier.concerns(endless, _ -> false)).isFalse();
  }

  @Test
  void serverIsNotHarmedByAMessageThatHoldsItself() throws Exception {
    try (var node = Node.create()) {
      node.versions((_, _) -> true);
      var pid = node.start(Scripted.server(), dev.genserver.sdk.StartOptions.none()).pidOrThrow();
      var itself = new HashMap<Object, Object>();
      itself.put("itself", List.of(itself));
      node.send(pid, itself);
      var asked = CompletableFuture.supplyAsync(() -> node.call(pid, Scripted.GET, Object.class));
      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(0);
    }
  }

  // Any.

  /// Types that build on each other, and a value of the last one, as source.
  private static final class Any {

    private static final String BASE = FAMILY + COLORS + "record Box<T>(T value) {} " + ITEM;

    private final Random random;
    private final StringBuilder types = new StringBuilder(BASE);
    private final List<List<String>> records = new ArrayList<>();

    Any(long seed) {
      random = new Random(seed);
      for (var i = 0; i < 6; i++) {
        record(i == 5 ? "State" : "R" + i);
      }
    }

    private void record(String name) {
      var fields = new ArrayList<String>();
      for (var i = random.nextInt(5); i >= 0; i--) {
        fields.add(type(2));
      }
      var text = new ArrayList<String>();
      for (var i = 0; i < fields.size(); i++) {
        text.add(fields.get(i) + " f" + i);
      }
      types.append("public record %s(%s) {} ".formatted(name, String.join(", ", text)));
      records.add(fields);
    }

    private String type(int depth) {
      var simple =
          List.of("Integer", "Long", "String", "Boolean", "Double", "Color", "Shape", "Item");
      var choice = random.nextInt(depth == 0 ? 10 : 16);
      return switch (choice) {
        case 8, 9 -> records.isEmpty() ? "Object" : "R" + random.nextInt(records.size());
        case 10 -> "Optional<" + type(depth - 1) + ">";
        case 11 -> "List<" + type(depth - 1) + ">";
        case 12 -> "Set<" + type(depth - 1) + ">";
        case 13 -> "Map<" + simple.get(random.nextInt(8)) + ", " + type(depth - 1) + ">";
        case 14 -> "Box<" + type(depth - 1) + ">";
        case 15 -> random.nextBoolean() ? "Object" : "TreeSet<Item>";
        default -> simple.get(choice);
      };
    }

    String value(String type) {
      var open = type.indexOf('<');
      if (open > 0) {
        var inner = type.substring(open + 1, type.length() - 1);
        return switch (type.substring(0, open)) {
          case "Optional" ->
              random.nextBoolean() ? "Optional.empty()" : "Optional.of(" + value(inner) + ")";
          case "List" -> "List.of(" + values(inner) + ")";
          case "Set" -> "new LinkedHashSet<%s>(List.of(%s))".formatted(inner, values(inner));
          case "TreeSet" -> "new TreeSet<%s>(List.of(%s))".formatted(inner, values(inner));
          case "Box" -> "new Box<%s>(%s)".formatted(inner, value(inner));
          default -> map(inner);
        };
      }
      return switch (type) {
        case "Integer" -> String.valueOf(random.nextInt());
        case "Long" -> random.nextLong() + "L";
        case "String" -> "\"s" + random.nextInt(100) + "\"";
        case "Boolean" -> String.valueOf(random.nextBoolean());
        case "Double" -> String.valueOf(random.nextInt() / 8.0);
        case "Color" -> random.nextBoolean() ? "Color.RED" : "Color.GREEN";
        case "Shape" ->
            List.of("new Circle(1)", "new Flat(2)", "Unit.ONE", "Unit.TWO").get(random.nextInt(4));
        case "Item" -> "new Item(" + random.nextInt(10) + ")";
        case "Object" -> value(type(1));
        case "State" -> made("State", records.getLast());
        default -> made(type, records.get(Integer.parseInt(type.substring(1))));
      };
    }

    private String made(String name, List<String> fields) {
      return "new %s(%s)"
          .formatted(name, String.join(", ", fields.stream().map(this::value).toList()));
    }

    private String values(String type) {
      var values = new ArrayList<String>();
      for (var i = random.nextInt(4); i > 0; i--) {
        values.add(value(type));
      }
      return String.join(", ", values);
    }

    private String map(String types) {
      var comma = types.indexOf(", ");
      return random.nextInt(4) == 0
          ? "new LinkedHashMap<%s>()".formatted(types)
          : "Map.<%s>of(%s, %s)"
              .formatted(
                  types, value(types.substring(0, comma)), value(types.substring(comma + 2)));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyStateSurvivesTheWayThereAndBack(long seed) {
    var any = new Any(seed);
    var value = any.value("State");
    var v1 = version("v1", any.types.toString(), value);
    var v2 = version("v2", any.types.toString(), value);
    var state = made(v1);

    var there = change(state, v1, v2).state();
    var back = change(there, v2, v1).state();
    var byHand = change(state, v1, v2);

    assertThat(there).hasToString(state.toString()).isEqualTo(made(v2));
    assertThat(back).isEqualTo(state);
    assertThat(Optional.ofNullable(byHand.data())).isPresent();
    assertThat(Carrier.translated(state, isOf(v1), v2.loader())).isEqualTo(there);
  }
}
