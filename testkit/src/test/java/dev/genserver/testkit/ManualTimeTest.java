package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.runtime.Node;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartOptions;
import dev.genserver.testkit.ManualTimeTest.Reminder.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ManualTimeTest {

  /// Is reminded of each note three minutes after it came; says of what when asked.
  static final class Reminder extends GenServer<State, String, Reminder.Note> {

    record State(String remindedOf) {}

    record Note(String text) {}

    @Override
    public Init<State> init(Args args) {
      return ok(new State("nothing"));
    }

    @Override
    public CallResult<State> handleCall(String request, From from, State state) {
      return request.equals("wait") ? noReply(state) : reply(state.remindedOf(), state);
    }

    @Override
    public Result<State> handleCast(Note note, State state) {
      process().sendAfter(self(), note.text(), Duration.ofMinutes(3));
      return noReply(state);
    }

    @Override
    public Result<State> handleInfo(InfoMessage message, State state) {
      return switch (message) {
        case InfoMessage.Message(String text) -> noReply(new State(text));
        case InfoMessage other -> super.handleInfo(other, state);
      };
    }
  }

  private final ManualTime time = new ManualTime();

  @Test
  void timersOfANodeFireWhenTheTestMovesTime() {
    try (var node = Node.create(1, time)) {
      var pid = node.start(new Reminder(), StartOptions.none()).pidOrThrow();
      node.cast(pid, new Reminder.Note("tea"));
      await().until(() -> time.pendingTimers() == 1);

      time.advance(Duration.ofMinutes(3).minusNanos(1));
      assertThat(node.call(pid, "reminded of", String.class)).isEqualTo("nothing");
      time.advance(Duration.ofNanos(1));
      assertThat(node.call(pid, "reminded of", String.class)).isEqualTo("tea");
    }
  }

  @Test
  void callTimesOutWhenTheTestMovesTime() {
    try (var node = Node.create(1, time)) {
      var pid = node.start(new Reminder(), StartOptions.none()).pidOrThrow();
      var failed =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      CallException.class, () -> node.call(pid, "wait", String.class)),
              Thread::startVirtualThread);
      await().until(() -> time.pendingTimers() == 1);

      time.advance(Duration.ofSeconds(5));
      assertThat(failed.orTimeout(10, TimeUnit.SECONDS).join().reason())
          .isEqualTo(ExitReason.TIMEOUT);
      assertThat(time.pendingTimers()).isZero();
    }
  }

  @Test
  void eachTaskSeesItsOwnTimeAndMaySetTimersThatAreDueOnTheWay() {
    var seen = new ArrayList<Long>();
    time.schedule(20, () -> seen.add(time.nanoTime()));
    time.schedule(
        10,
        () -> {
          seen.add(time.nanoTime());
          time.schedule(5, () -> seen.add(time.nanoTime()));
        });

    time.advance(Duration.ofNanos(30));
    assertThat(seen).isEqualTo(List.of(10L, 15L, 20L));
    assertThat(time.nanoTime()).isEqualTo(30);
  }

  @Test
  void timersOfOneTimeRunInTheOrderInWhichTheyWereSet() {
    var seen = new ArrayList<String>();
    for (var name : List.of("a", "b", "c")) {
      time.schedule(10, () -> seen.add(name));
    }

    time.advance(Duration.ofNanos(10));
    assertThat(seen).containsExactly("a", "b", "c");
  }

  @Test
  void cancelledTaskNeverRuns() {
    var seen = new ArrayList<String>();
    var timer = time.schedule(10, () -> seen.add("ran"));

    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    time.advance(Duration.ofNanos(10));
    assertThat(seen).isEmpty();
  }

  @Test
  void taskThatRanCannotBeCancelled() {
    var timer = time.schedule(10, () -> {});
    time.advance(Duration.ofNanos(10));

    assertThat(timer.cancel()).isFalse();
  }

  @Test
  void taskWithoutDelayRunsThoughTimeStandsStill() throws InterruptedException {
    var ranOn = new AtomicReference<Thread>();
    var ran = new CountDownLatch(1);
    time.schedule(
        0,
        () -> {
          ranOn.set(Thread.currentThread());
          ran.countDown();
        });

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ranOn.get()).isNotSameAs(Thread.currentThread());
    assertThat(time.nanoTime()).isZero();
  }

  @Test
  void taskTooFarAheadToCountNeverRuns() {
    time.advance(Duration.ofSeconds(1));
    time.schedule(Long.MAX_VALUE, () -> {});

    time.advance(Duration.ofDays(1000));
    assertThat(time.pendingTimers()).isEqualTo(1);
  }
}
