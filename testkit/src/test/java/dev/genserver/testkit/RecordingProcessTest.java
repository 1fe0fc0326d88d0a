package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import dev.genserver.testkit.RecordingProcessTest.Reminder.State;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordingProcessTest {

  static final class Reminder extends GenServer<State, Object, Reminder.Note> {

    record State(int notes) {}

    record Note(String text) {}

    @Override
    public Init<State> init(Args args) {
      return ok(new State(0));
    }

    @Override
    public Result<State> handleCast(Note note, State state) {
      process().sendAfter(self(), note.text(), Duration.ofMinutes(3));
      return noReply(new State(state.notes() + 1));
    }
  }

  private static final ServerName CLOCK = ServerRef.named("clock");
  private static final Pid OTHER = new Pid(1, 7);

  private final RecordingProcess process = new RecordingProcess();

  @Test
  void callbackIsTestedByItsResultItsEffectsAndItsTimers() {
    var process = new RecordingProcess();
    var server = new Reminder();

    var result = process.run(() -> server.handleCast(new Reminder.Note("tea"), new State(0)));

    assertThat(result).isEqualTo(new Result.NoReply<>(new State(1), Action.NONE));
    assertThat(process.effects())
        .containsExactly(new Effect.TimerSet(process.self(), "tea", Duration.ofMinutes(3)));
    assertThat(process.advance(Duration.ofMinutes(3)))
        .containsExactly(new InfoMessage.Message("tea"));
  }

  @Test
  void codeIsBoundToTheProcessOnlyWhileItRuns() {
    process.run(() -> assertThat(CurrentProcess.isBound()).isTrue());

    assertThat(CurrentProcess.isBound()).isFalse();
  }

  @Test
  void whatACallbackThrowsIsThrownInTheTest() {
    assertThatThrownBy(() -> process.run(() -> Math.addExact(Long.MAX_VALUE, 1)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void everyEffectIsWrittenDownInOrder() {
    process.cast(CLOCK, "tick");
    process.send(OTHER, "tock");
    process.trapExit(true);
    process.link(OTHER);
    process.unlink(OTHER);
    var ref = process.monitor(CLOCK);
    process.demonitor(ref);
    process.exit(OTHER, ExitReason.SHUTDOWN);

    assertThat(process.effects())
        .containsExactly(
            new Effect.Cast(CLOCK, "tick"),
            new Effect.Sent(OTHER, "tock"),
            new Effect.TrapExit(true),
            new Effect.Linked(OTHER),
            new Effect.Unlinked(OTHER),
            new Effect.Monitored(CLOCK, ref),
            new Effect.Demonitored(ref),
            new Effect.ExitSent(OTHER, ExitReason.SHUTDOWN));

    process.clearEffects();
    assertThat(process.effects()).isEmpty();
  }

  @Test
  void trapExitTellsWhatItWasBefore() {
    assertThat(process.trapExit(true)).isFalse();
    assertThat(process.trapExit(false)).isTrue();
  }

  @Test
  void scriptedServerAnswersAndTheCallIsWrittenDown() {
    process.onCall(CLOCK, request -> request.equals("hour") ? 12L : null);

    assertThat(process.call(CLOCK, "hour", Long.class)).isEqualTo(12);
    assertThat(process.call(CLOCK, "minute", Long.class)).isNull();
    assertThat(process.effects())
        .containsExactly(
            new Effect.Called(CLOCK, "hour", Timeouts.DEFAULT),
            new Effect.Called(CLOCK, "minute", Timeouts.DEFAULT));
  }

  @Test
  void scriptMayFailTheCall() {
    process.onCall(
        CLOCK,
        request -> {
          throw new CallException(ExitReason.NOPROC, CLOCK, request, Timeouts.DEFAULT);
        });

    assertThatThrownBy(() -> process.call(CLOCK, "hour", Long.class))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NOPROC));
  }

  @Test
  void callWithoutScriptSaysHowToGiveOne() {
    assertThatIllegalStateException()
        .isThrownBy(() -> process.call(CLOCK, "hour", Long.class))
        .withMessage("the test has no answer for a call to 'clock'; give one with onCall");
  }

  @Test
  void callToItselfFailsAsInTheRuntime() {
    process.register(ServerRef.named("me"), process.self());

    assertThatThrownBy(() -> process.call(ServerRef.named("me"), "hi", String.class))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.CALLING_SELF));
  }

  @Test
  void timersFireInTheOrderOfTheirTimesAndOnlyOnce() {
    process.sendAfter(process.self(), "late", Duration.ofMillis(20));
    process.sendAfter(process.self(), "early", Duration.ofMillis(10));
    process.sendAfter(CLOCK, "wind up", Duration.ofMillis(10));
    process.clearEffects();

    assertThat(process.advance(Duration.ofMillis(9))).isEmpty();
    assertThat(process.advance(Duration.ofMillis(11)))
        .containsExactly(new InfoMessage.Message("early"), new InfoMessage.Message("late"));
    assertThat(process.effects()).containsExactly(new Effect.Sent(CLOCK, "wind up"));
    assertThat(process.advance(Duration.ofMillis(100))).isEmpty();
    assertThat(process.nanoTime()).isEqualTo(Duration.ofMillis(120).toNanos());
  }

  @Test
  void repeatingTimerFiresAtEachOfItsTimesUntilItIsCancelled() {
    var timer = process.sendInterval(process.self(), "tick", Duration.ofMillis(10));
    process.sendAfter(process.self(), "once", Duration.ofMillis(25));
    assertThat(process.effects())
        .startsWith(new Effect.IntervalSet(process.self(), "tick", Duration.ofMillis(10)));

    assertThat(process.advance(Duration.ofMillis(35)))
        .extracting(message -> ((InfoMessage.Message) message).content())
        .containsExactly("tick", "tick", "once", "tick");
    assertThat(timer.remaining()).contains(Duration.ofMillis(5));
    assertThat(timer.cancel()).contains(Duration.ofMillis(5));
    assertThat(process.advance(Duration.ofMillis(100))).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.sendInterval(process.self(), "tick", Duration.ZERO));
  }

  @Test
  void cancelledTimerTellsWhatWasLeftAndNeverFires() {
    var timer = process.sendAfter(process.self(), "tea", Duration.ofMillis(50));
    process.advance(Duration.ofMillis(20));

    assertThat(timer.remaining()).contains(Duration.ofMillis(30));
    assertThat(timer.cancel()).contains(Duration.ofMillis(30));
    assertThat(timer.cancel()).isEmpty();
    assertThat(timer.remaining()).isEmpty();
    assertThat(process.advance(Duration.ofMillis(100))).isEmpty();
    assertThat(process.effects()).endsWith(new Effect.TimerCancelled(process.self(), "tea"));
  }

  @Test
  void firedTimerCannotBeCancelled() {
    var timer = process.sendAfter(process.self(), "tea", Duration.ZERO);
    process.advance(Duration.ZERO);
    process.clearEffects();

    assertThat(timer.cancel()).isEqualTo(Optional.empty());
    assertThat(process.effects()).isEmpty();
  }

  @Test
  void timerTooFarAheadToCountNeverFires() {
    process.advance(Duration.ofSeconds(1));
    process.sendAfter(process.self(), "never", Timeouts.INFINITY);

    assertThat(process.advance(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void negativeTimesAreRefusedAsInTheRuntime() {
    var negative = Duration.ofMillis(-1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.sendAfter(process.self(), "tea", negative));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.call(CLOCK, "hour", Long.class, negative));
    assertThat(process.effects()).isEmpty();
  }

  @Test
  void registeredProcessesAreFoundAndAlive() {
    process.register(CLOCK, OTHER);

    assertThat(process.whereis(CLOCK)).contains(OTHER);
    assertThat(process.isAlive(OTHER)).isTrue();
    assertThat(process.isAlive(process.self())).isTrue();
    assertThat(process.whereis(ServerRef.named("nobody"))).isEmpty();
    assertThat(process.isAlive(new Pid(1, 8))).isFalse();
  }

  @Test
  void unregisteredProcessesAreNotFound() {
    process.register(CLOCK, OTHER);
    assertThat(process.whereis(ServerRef.at("clock", process.nodeName()))).contains(OTHER);
    assertThat(process.whereis(ServerRef.at("clock", "other@host"))).isEmpty();
    process.unregister(CLOCK);
    assertThat(process.whereis(CLOCK)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> process.unregister(CLOCK));
  }

  @Test
  void whatNeedsRunningProcessesPointsToANode() {
    assertThatThrownBy(() -> process.start(new Reminder(), StartOptions.none()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("start needs processes that run; test this on a node of genserver-runtime");
    assertThatThrownBy(() -> process.receive(Duration.ZERO))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("receive needs processes that run");
  }
}
