package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server behind its mailbox behaves as one object that does one thing at a time, whatever its
/// callers, its suspensions and those who look into it do meanwhile.
class LinearizabilityTest {

  private static final int CALLERS = 4;
  private static final int OPERATIONS = 6;

  @AutoClose private final Node node = Node.create();

  /// An operation on a register that holds a number.
  private sealed interface Operation {
    record Read() implements Operation {}

    record Write(int value) implements Operation {}

    record CompareAndSet(int expected, int value) implements Operation {}
  }

  private static History.Step model(Object state, Operation operation) {
    return switch (operation) {
      case Operation.Read() -> new History.Step(state, state);
      case Operation.Write(int value) -> new History.Step(value, "ok");
      case Operation.CompareAndSet(int expected, int value) ->
          state.equals(expected) ? new History.Step(value, true) : new History.Step(state, false);
    };
  }

  private static Scripted.Request request(Operation operation) {
    return (_, state) -> {
      var step = model(state, operation);
      return reply(step.answer(), step.state());
    };
  }

  private static Operation any(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Operation.Read();
      case 1 -> new Operation.Write(random.nextInt(4));
      default -> new Operation.CompareAndSet(random.nextInt(4), random.nextInt(4));
    };
  }

  private @Nullable Object run(Pid server, Operation operation, Duration timeout) {
    try {
      return node.call(server, request(operation), Object.class, timeout);
    } catch (CallException e) {
      return History.UNKNOWN; // it may be carried out all the same, now or later
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void serverIsLinearizable(int seed) {
    var server = node.start(Scripted.holding(0), StartOptions.none()).pidOrThrow();
    var history = new History<Operation>();
    var callers =
        IntStream.range(0, CALLERS)
            .mapToObj(caller -> outside(() -> askAround(server, history, seed * 31 + caller)))
            .toList();
    var disturbance = outside(() -> disturb(server, seed));
    callers.forEach(TestProcess::await);
    await(disturbance);

    assertThat(history.size()).isEqualTo(CALLERS * OPERATIONS);
    assertThat(history.isLinearizable(0, LinearizabilityTest::model)).isTrue();
  }

  private boolean askAround(Pid server, History<Operation> history, int seed) {
    var random = new Random(seed);
    for (var i = 0; i < OPERATIONS; i++) {
      var operation = any(random);
      var timeout = random.nextInt(8) == 0 ? Duration.ZERO : SOON;
      history.record(operation, () -> run(server, operation, timeout));
    }
    return true;
  }

  /// Suspends the server, looks into it, resumes it: nothing of that is to be seen by its callers.
  private boolean disturb(Pid server, int seed) {
    var random = new Random(seed);
    for (var i = 0; i < OPERATIONS; i++) {
      var sys = random.nextBoolean() ? node.sys() : node.sys().urgently();
      switch (random.nextInt(3)) {
        case 0 -> sys.suspend(server);
        case 1 -> sys.replaceState(server, state -> state);
        default -> node.why(server);
      }
      sys.resume(server);
    }
    return true;
  }

  @Test
  void checkerRefusesAStaleRead() {
    var history = new History<Operation>();
    history.record(new Operation.Write(1), () -> "ok");
    history.record(new Operation.Read(), () -> 0);
    assertThat(history.isLinearizable(0, LinearizabilityTest::model)).isFalse();
  }

  @Test
  void checkerTakesOperationsThatOverlapInEitherOrder() {
    var history = new History<Operation>();
    history.record(
        new Operation.Read(),
        () -> {
          history.record(new Operation.Write(1), () -> "ok");
          return 0;
        });
    assertThat(history.isLinearizable(0, LinearizabilityTest::model)).isTrue();
  }

  @Test
  void checkerLetsAnUnknownOperationHappenLaterOrNever() {
    var later = new History<Operation>();
    later.record(new Operation.Write(1), () -> History.UNKNOWN);
    later.record(new Operation.Read(), () -> 0);
    later.record(new Operation.Read(), () -> 1);
    assertThat(later.isLinearizable(0, LinearizabilityTest::model)).isTrue();
    later.record(new Operation.Read(), () -> 0);
    assertThat(later.isLinearizable(0, LinearizabilityTest::model)).isFalse();
  }
}
