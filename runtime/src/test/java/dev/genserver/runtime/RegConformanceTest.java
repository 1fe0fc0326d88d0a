package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.GET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry;
import dev.genserver.sdk.Registry.Entry;
import dev.genserver.sdk.Registry.RegisterResult;
import dev.genserver.sdk.Registry.Registration;
import dev.genserver.sdk.Registry.Updated;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Section REG of the conformance table, a test a row.
class RegConformanceTest {

  @AutoClose private final Node node = Node.create();
  private Registry unique;
  private Registry topics;
  private Pid one;
  private Pid two;

  @BeforeEach
  void start() {
    node.start(RegistrySpec.unique().meta("color", "red"), StartOptions.named("unique"));
    node.start(RegistrySpec.duplicate(), StartOptions.named("topics"));
    unique = node.registry("unique");
    topics = node.registry("topics");
    one = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    two = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
  }

  /// Has a process do something with a registry.
  private <T> T in(Pid process, String registry, Function<Registry, T> action) {
    var results = new ArrayList<T>();
    Scripted.Request request =
        (_, state) -> {
          results.add(action.apply(ProcessContext.current().registry(registry)));
          return Answers.reply(null, state);
        };
    node.call(process, request, Object.class);
    return results.getFirst();
  }

  private RegisterResult register(Pid process, String registry, Object key, Object value) {
    return in(process, registry, found -> found.register(key, value));
  }

  private Optional<Updated> update(Pid process, Object key, UnaryOperator<Object> update) {
    return in(process, "unique", found -> found.updateValue(key, update));
  }

  private Pid pidOf(String name) {
    return node.whereis(ServerRef.named(name)).orElseThrow();
  }

  @Test
  void reg01_uniqueKeys() {
    assertThat(register(one, "unique", "k", 1)).isEqualTo(new RegisterResult.Ok(pidOf("unique")));
    assertThat(register(one, "unique", "k", 2))
        .isEqualTo(new RegisterResult.AlreadyRegistered(one));
    assertThat(register(two, "unique", "k", 3))
        .isEqualTo(new RegisterResult.AlreadyRegistered(one));
    assertThat(unique.lookup("k")).containsExactly(new Entry(one, 1));
    assertThat(unique.lookup("unknown")).isEmpty();
    assertThat(unique.keys(one)).containsExactly("k");
    assertThat(unique.keys(two)).isEmpty();
    assertThat(unique.count()).isEqualTo(1);
  }

  @Test
  void reg02_cleaningUp() {
    register(one, "unique", "k", 1);
    register(one, "topics", "t", 1);
    register(one, "topics", "t", 2);
    register(two, "topics", "t", 3);

    node.exit(one, ExitReason.KILL);

    assertThat(unique.lookup("k")).isEmpty();
    assertThat(unique.count()).isZero();
    assertThat(unique.keys(one)).isEmpty();
    assertThat(topics.lookup("t")).containsExactly(new Entry(two, 3));
    assertThat(topics.count()).isEqualTo(1);
    assertThat(register(two, "unique", "k", 1)).isInstanceOf(RegisterResult.Ok.class);
  }

  @Test
  void reg03_duplicateKeys() {
    register(one, "topics", "t", "a");
    register(two, "topics", "t", "b");
    register(one, "topics", "t", "c");
    assertThat(topics.lookup("t"))
        .containsExactly(new Entry(one, "a"), new Entry(two, "b"), new Entry(one, "c"));
    assertThat(topics.keys(one)).containsExactly("t", "t");
    assertThat(topics.count()).isEqualTo(3);

    in(
        one,
        "topics",
        registry -> {
          registry.unregister("t");
          return true;
        });

    assertThat(topics.lookup("t")).containsExactly(new Entry(two, "b"));
    assertThat(topics.keys(one)).isEmpty();
    assertThat(topics.count()).isEqualTo(1);
  }

  @Test
  void reg04_noNamesInDuplicates() {
    var name = ServerRef.via("topics", "t");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(Scripted.server(), StartOptions.none().name(name)))
        .withMessageContaining("registry 'topics' has duplicate keys");
    assertThatIllegalArgumentException().isThrownBy(() -> node.whereis(name));
    assertThat(topics.count()).isZero();
  }

  @Test
  void reg05_updateAValue() {
    register(one, "unique", "k", 1);
    assertThat(update(one, "k", old -> (int) old + 1)).contains(new Updated(2, 1));
    assertThat(update(two, "k", _ -> 9)).isEmpty();
    assertThat(update(one, "unknown", _ -> 9)).isEmpty();
    assertThat(unique.lookup("k")).containsExactly(new Entry(one, 2));
    in(
        one,
        "topics",
        registry -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> registry.updateValue("t", _ -> 9))
              .withMessageContaining("topics");
          return true;
        });
  }

  @Test
  void reg06_dispatch() {
    register(one, "topics", "t", 1);
    register(two, "topics", "t", 2);
    var seen = new ArrayList<>();
    var me = Thread.currentThread();

    topics.dispatch(
        "t",
        entries -> {
          assertThat(Thread.currentThread()).isSameAs(me);
          seen.add(entries);
        });
    topics.dispatch("empty", seen::add);

    assertThat(seen).containsExactly(List.of(new Entry(one, 1), new Entry(two, 2)));
  }

  @Test
  void reg07_queries() {
    register(one, "unique", "a", 1);
    register(one, "unique", "b", 2);
    register(one, "unique", "c", 3);
    assertThat(unique.keys(one)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(unique.values("b", one)).containsExactly(2);
    assertThat(unique.values("b", two)).isEmpty();
    assertThat(unique.count()).isEqualTo(3);
    assertThat(unique.match("b", Predicate.isEqual(2))).containsExactly(new Entry(one, 2));
    assertThat(unique.match("b", Predicate.isEqual(9))).isEmpty();
    assertThat(unique.countMatch("b", Predicate.isEqual(2))).isEqualTo(1);
    assertThat(unique.countMatch("b", Predicate.isEqual(9))).isZero();
    assertThat(unique.select(found -> (int) found.value() > 1))
        .containsExactlyInAnyOrder(new Registration("b", one, 2), new Registration("c", one, 3));
    assertThat(unique.countSelect(found -> (int) found.value() > 1)).isEqualTo(2);
  }

  @Test
  void reg08_nameWithAValue() {
    var name = ServerRef.via("unique", "k", "meta");
    var pid = node.start(Scripted.server(), StartOptions.none().name(name)).pidOrThrow();
    assertThat(unique.lookup("k")).containsExactly(new Entry(pid, "meta"));
    assertThat(node.call(ServerRef.via("unique", "k"), GET, Object.class)).isEqualTo(0);
    assertThat(node.call(name, GET, Object.class)).isEqualTo(0);
    assertThat(name).hasToString("{unique, k, meta}");
  }

  @Test
  void reg09_unregisterByValue() {
    register(one, "topics", "k", "x");
    register(one, "topics", "k", "y");
    register(one, "topics", "k", "z");
    register(two, "topics", "k", "y");
    in(
        one,
        "topics",
        registry -> {
          registry.unregisterMatch("k", Predicate.isEqual("y"));
          return true;
        });
    assertThat(topics.values("k", one)).containsExactly("x", "z");
    assertThat(topics.keys(one)).containsExactly("k", "k");
    assertThat(topics.lookup("k"))
        .containsExactly(new Entry(one, "x"), new Entry(one, "z"), new Entry(two, "y"));
    assertThat(topics.count()).isEqualTo(3);
  }

  @Test
  void reg10_metadata() {
    assertThat(unique.meta("color")).contains("red");
    assertThat(unique.meta("unknown")).isEmpty();
    unique.putMeta("number", 5);
    assertThat(unique.meta("number")).contains(5);
    unique.deleteMeta("number");
    assertThat(unique.meta("number")).isEmpty();
  }

  @Test
  void reg11_argumentChecks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.registry("unknown"))
        .withMessageStartingWith("registry 'unknown' is unknown");
    node.stop(ServerRef.named("unique"));
    assertThatIllegalArgumentException().isThrownBy(() -> unique.lookup("k"));
    in(
        one,
        "topics",
        _ -> {
          assertThatIllegalArgumentException().isThrownBy(() -> unique.register("k", 1));
          return true;
        });
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(RegistrySpec.unique(), StartOptions.none()))
        .withMessageContaining("StartOptions.named");
    var global = StartOptions.none().name(ServerRef.global("registry"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(RegistrySpec.unique(), global));
  }
}
