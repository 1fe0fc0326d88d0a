package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.StartOptions;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One key of a registry behaves as one place that one process at a time can take, whoever takes
/// it, gives it back, looks at it, or ends meanwhile.
class RegistryLinearizabilityTest {

  private static final int PROCESSES = 3;
  private static final int OPERATIONS = 5;
  private static final String KEY = "key";

  @AutoClose private final Node node = Node.create();

  /// What is done with the key; `by` names a process, of which each run has some.
  private sealed interface Operation {
    record Take(Pid by) implements Operation {}

    record GiveBack(Pid by) implements Operation {}

    record Look() implements Operation {}

    record End(Pid of) implements Operation {}
  }

  /// The state is who holds the key.
  private static History.Step model(Object state, Operation operation) {
    var holder = (Optional<?>) state;
    return switch (operation) {
      case Operation.Take(Pid by) ->
          holder.isEmpty()
              ? new History.Step(Optional.of(by), "ok")
              : new History.Step(holder, holder);
      case Operation.GiveBack(Pid by) -> withoutHolder(holder, by);
      case Operation.Look() -> new History.Step(holder, holder);
      case Operation.End(Pid of) -> withoutHolder(holder, of);
    };
  }

  private static History.Step withoutHolder(Optional<?> holder, Pid gone) {
    return new History.Step(holder.equals(Optional.of(gone)) ? Optional.empty() : holder, "ok");
  }

  static IntStream seeds() {
    return IntStream.range(0, 150);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void uniqueKeyIsLinearizable(int seed) {
    node.start(RegistrySpec.unique(), StartOptions.named("places"));
    var history = new History<Operation>();
    var lives =
        IntStream.range(0, PROCESSES)
            .mapToObj(process -> outside(() -> live(history, seed * 31 + process)))
            .toList();
    var looker = outside(() -> look(history));
    lives.forEach(TestProcess::await);
    await(looker);

    assertThat(history.isLinearizable(Optional.empty(), RegistryLinearizabilityTest::model))
        .isTrue();
    assertThat(node.registry("places").count()).isZero();
  }

  /// Two processes, one after the other.
  private boolean live(History<Operation> history, int seed) {
    for (var life = 0; life < 2; life++) {
      var random = new Random(seed * 7L + life);
      var process = TestProcess.spawn(node, me -> takeAndGiveBack(me, history, random));
      history.record(
          new Operation.End(process.pid()),
          process.awaitResult(),
          () -> {
            process.awaitEnd();
            return "ok";
          });
    }
    return true;
  }

  /// The process ends after this.
  ///
  /// @return when its end began
  private static long takeAndGiveBack(
      ProcessContext me, History<Operation> history, Random random) {
    var registry = me.registry("places");
    for (var i = 0; i < OPERATIONS; i++) {
      if (random.nextInt(3) == 0) {
        history.record(
            new Operation.GiveBack(me.self()),
            () -> {
              registry.unregister(KEY);
              return "ok";
            });
      } else {
        history.record(new Operation.Take(me.self()), () -> take(registry));
      }
    }
    return history.now();
  }

  private static Object take(Registry registry) {
    return switch (registry.register(KEY, "mine")) {
      case Registry.RegisterResult.Ok _ -> "ok";
      case Registry.RegisterResult.AlreadyRegistered(Pid holder) -> Optional.of(holder);
    };
  }

  private boolean look(History<Operation> history) {
    var registry = node.registry("places");
    for (var i = 0; i < OPERATIONS; i++) {
      history.record(new Operation.Look(), () -> holder(registry));
    }
    return true;
  }

  private static @Nullable Object holder(Registry registry) {
    return registry.lookup(KEY).stream().map(Registry.Entry::pid).findFirst();
  }
}
