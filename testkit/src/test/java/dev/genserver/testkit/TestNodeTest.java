package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.testkit.TestNodeTest.Relay.Say;
import dev.genserver.testkit.TestNodeTest.Relay.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TestNodeTest {

  /// Passes words on to others, at once or later, and remembers those that ended with it.
  static final class Relay extends GenServer<State, Object, Say> {

    record State(List<String> heard, List<From> waiting) {}

    /// @param hops how many servers pass it on before it is heard
    record Say(String word, int hops, Duration delay) {}

    record Heard() {}

    record Next() {}

    record Ask(ServerRef other) {}

    record Crash() {}

    record Block(CountDownLatch latch) {}

    @Override
    public Init<State> init(Args args) {
      return ok(new State(List.of(), List.of()));
    }

    @Override
    public CallResult<State> handleCall(Object request, From from, State state) {
      return switch (request) {
        case Heard() -> reply(state.heard(), state);
        case Next() -> noReply(new State(state.heard(), List.of(from)));
        case Ask(ServerRef other) -> reply(process().call(other, new Next(), String.class), state);
        case Crash() -> throw new IllegalStateException("told to");
        case Block(CountDownLatch latch) -> reply(waitFor(latch), state);
        default -> throw new IllegalArgumentException(request.toString());
      };
    }

    @Override
    public Result<State> handleCast(Say say, State state) {
      if (say.hops() == 0) {
        state.waiting().forEach(from -> from.reply(say.word()));
        var heard = new ArrayList<>(state.heard());
        heard.add(say.word());
        return noReply(new State(List.copyOf(heard), List.of()));
      }
      process().sendAfter(self(), say, say.delay());
      return noReply(state);
    }

    @Override
    public Result<State> handleInfo(InfoMessage message, State state) {
      return switch (message) {
        case InfoMessage.Message(Say(String word, int hops, Duration delay)) -> {
          process().cast(ServerRef.named("relay" + (hops - 1) % 3), new Say(word, hops - 1, delay));
          yield noReply(state);
        }
        case InfoMessage other -> super.handleInfo(other, state);
      };
    }

    private static boolean waitFor(CountDownLatch latch) {
      try {
        latch.await();
        return true;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final ServerRef FIRST = ServerRef.named("relay0");
  private static final ServerRef SECOND = ServerRef.named("relay1");
  private static final Duration SECOND_LONG = Duration.ofSeconds(1);

  @AutoClose private final TestNode node = TestNode.create();

  private void startRelays() {
    node.start(
        SupervisorSpec.oneForOne(
            IntStream.range(0, 3).mapToObj(i -> ChildSpec.named("relay" + i, Relay::new)).toList()),
        StartOptions.none());
  }

  @Test
  void whatACastSetsOffHasHappenedWhenItReturns() {
    startRelays();
    node.cast(FIRST, new Say("tea", 300, Duration.ZERO));

    assertThat(node.call(FIRST, new Relay.Heard(), Object.class)).isEqualTo(List.of("tea"));
  }

  @Test
  void timersSetByTimersFireWithinTheTimeThatIsMoved() {
    startRelays();
    node.cast(FIRST, new Say("later", 5, SECOND_LONG));
    node.cast(FIRST, new Say("sooner", 3, SECOND_LONG));

    node.advance(Duration.ofMillis(4_999));
    assertThat(node.call(FIRST, new Relay.Heard(), Object.class)).isEqualTo(List.of("sooner"));
    node.advance(Duration.ofMillis(1));
    assertThat(node.call(FIRST, new Relay.Heard(), Object.class))
        .isEqualTo(List.of("sooner", "later"));
  }

  @Test
  void deferredReplyIsThereWhenWhatCausesItIs() {
    startRelays();
    var next = node.callAsync(FIRST, new Relay.Next(), String.class);
    assertThat(next).isNotDone();

    node.cast(FIRST, new Say("now", 0, Duration.ZERO));
    assertThat(next).isCompletedWithValue("now");
  }

  @Test
  void callFromACallbackTimesOutInTheTimeOfTheNode() {
    startRelays();
    var first = node.awaitName(FIRST);
    var answer = node.callAsync(FIRST, new Relay.Ask(SECOND), String.class);

    node.advance(Duration.ofMillis(4_999));
    assertThat(answer).isNotDone();
    node.advance(Duration.ofMillis(1));
    assertThat(answer).isCompletedExceptionally();
    assertThat(node.awaitEnd(first)).isEqualTo(ExitReason.TIMEOUT);
  }

  @Test
  void processThatCrashedIsAwaitedUnderItsName() {
    startRelays();
    var first = node.awaitName(FIRST);
    assertThatThrownBy(() -> node.call(FIRST, new Relay.Crash(), Object.class))
        .isInstanceOf(CallException.class);

    var second = node.awaitRestart(FIRST, first);
    assertThat(second).isNotEqualTo(first);
    assertThat(node.awaitEnd(first)).hasToString("java.lang.IllegalStateException: told to");
  }

  @Test
  void endIsKnownAlsoAfterwards() {
    var pid = node.start(new Relay(), StartOptions.none());
    node.exit(pid, ExitReason.KILL);

    assertThat(node.awaitEnd(pid)).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void taskThatWaitsInTheTimeOfTheNodeGoesOnWhenItIsMoved() {
    var woken = new AtomicInteger();
    node.probe()
        .run(() ->
            ProcessContext.current()
                .startTask(() -> {
                  ProcessContext.current().receive(SECOND_LONG);
                  woken.incrementAndGet();
                  ProcessContext.current().receive(SECOND_LONG);
                  woken.incrementAndGet();
                }));

    node.advance(SECOND_LONG);
    assertThat(woken).hasValue(1);
    node.advance(SECOND_LONG);
    assertThat(woken).hasValue(2);
  }

  @Test
  void waitInVainTellsWhatForAndWhatTheProcessesDo() {
    var latch = new CountDownLatch(1);
    try (var node = TestNode.create(Duration.ofMillis(200))) {
      var stuck = node.start(new Relay(), StartOptions.named("stuck"));
      node.start(new Relay(), StartOptions.named("idle"));

      assertThatThrownBy(() -> node.call(stuck, new Relay.Block(latch), Boolean.class))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("waited 200 ms for " + stuck + " to reply to Block[")
          .hasMessageContaining("in vain\nprocesses now: 2\n")
          .hasMessageContaining("'stuck' " + stuck + " (TestNodeTest$Relay) running, at Block[")
          .hasMessageContaining("CountDownLatch.await")
          .hasMessageContaining("'idle' ")
          .hasMessageContaining("next timer: none");
    } finally {
      latch.countDown();
    }
  }

  @Test
  void startThatHangsIsGivenUp() {
    var latch = new CountDownLatch(1);
    var hanging =
        ChildSpec.function(
            "hanging",
            () -> {
              Relay.waitFor(latch);
              return new StartResult.Ignore();
            });
    try (var node = TestNode.create(Duration.ofMillis(100))) {
      assertThatThrownBy(
              () -> node.start(SupervisorSpec.oneForOne(List.of(hanging)), StartOptions.none()))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("waited 100 ms for the start of a supervisor, in vain")
          .hasMessageContaining("starting, at init");
    } finally {
      latch.countDown();
    }
  }

  @Test
  void startThatFailsSaysWhy() {
    startRelays();

    assertThatIllegalStateException()
        .isThrownBy(() -> node.start(new Relay(), StartOptions.named("relay0")))
        .withMessageContaining("holds the name already");
  }

  @Test
  void probeCollectsMessagesAndEnds() {
    var probe = node.probe();
    var linked = node.start(new Relay(), StartOptions.none());
    var monitored = node.start(new Relay(), StartOptions.named("relay0"));
    probe.link(linked);
    var ref = probe.monitor(FIRST);

    node.send(probe.pid(), "hello");
    node.exit(linked, ExitReason.of("one"));
    node.exit(monitored, ExitReason.of("two"));

    assertThat(probe.messages())
        .containsExactly(
            new InfoMessage.Message("hello"),
            new InfoMessage.Exit(linked, ExitReason.of("one")),
            new InfoMessage.Down(ref, FIRST, ExitReason.of("two")));
    assertThat(probe.awaitEnd(linked)).isEqualTo(ExitReason.of("one"));
    assertThat(probe.awaitEnd(FIRST)).isEqualTo(ExitReason.of("two"));
    assertThat(probe.awaitMessage(new InfoMessage.Message("hello")::equals)).isNotNull();
  }

  @Test
  void probeThrowsWhatItsOrdersThrow() {
    var probe = node.probe();

    assertThatIllegalStateException()
        .isThrownBy(() ->
            probe.run(() -> {
              throw new IllegalStateException("no");
            }))
        .withMessage("no");
    probe.end(ExitReason.NORMAL);
    assertThatThrownBy(() -> probe.monitor(FIRST)).hasMessageContaining("has ended");
  }

  /// Words on their way through three servers, tasks among them: when the node has settled, all
  /// must have arrived.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsUnderWayWhenTheNodeHasSettled(long seed) {
    var random = new Random(seed);
    startRelays();
    var probe = node.probe();
    var words = 0;
    for (var round = 0; round < 20; round++) {
      var burst = random.nextInt(1, 6);
      for (var i = 0; i < burst; i++) {
        var say = new Say("w", 3 * random.nextInt(0, 12), Duration.ZERO);
        if (random.nextBoolean()) {
          node.node().cast(FIRST, say);
        } else {
          probe.run(() ->
              ProcessContext.current()
                  .startTask(() -> {
                    ProcessContext.current().call(SECOND, new Relay.Heard(), Object.class);
                    ProcessContext.current().cast(FIRST, say);
                  }));
        }
      }
      words += burst;
      node.settle();
      assertThat((List<?>) node.node().call(FIRST, new Relay.Heard(), List.class)).hasSize(words);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }
}
