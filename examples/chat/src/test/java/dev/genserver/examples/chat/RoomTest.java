package dev.genserver.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.examples.chat.Room.Call;
import dev.genserver.examples.chat.Room.Event.Joined;
import dev.genserver.examples.chat.Room.Event.Left;
import dev.genserver.examples.chat.Room.Event.Said;
import dev.genserver.examples.chat.Room.Heard;
import dev.genserver.examples.chat.Room.Reply;
import dev.genserver.examples.chat.Room.State;
import dev.genserver.sdk.Action;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.testkit.Effect;
import dev.genserver.testkit.RecordingProcess;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// One callback after the other, without a process.
class RoomTest {

  private static final Pid ADA = new Pid(1, 11);
  private static final Pid BOB = new Pid(1, 12);
  private static final Action IDLE = new Action.Timeout(Duration.ofMinutes(1));

  private final Room room = new Room();
  private final RecordingProcess process = new RecordingProcess();
  private State state = initial(Args.none());

  @Test
  void memberHearsWhatMembersSay() {
    assertThat(ask(ADA, new Call.Join("ada"))).isEqualTo(new Reply.Done(1));
    assertThat(ask(BOB, new Call.Join("bob"))).isEqualTo(new Reply.Done(2));
    assertThat(ask(ADA, new Call.Say("hello"))).isEqualTo(new Reply.Done(3));

    assertThat(ask(BOB, new Call.Listen(1)))
        .isEqualTo(new Heard(List.of(new Joined("bob"), new Said("ada", "hello")), 0, 3));
    assertThat(ask(BOB, new Call.Members())).isEqualTo(List.of("ada", "bob"));
  }

  @Test
  void listenerWithNothingToHearWaitsForTheNextEvent() {
    var listener = listen(0);
    assertThat(listener.isAnswered()).isFalse();

    ask(ADA, new Call.Join("ada"));
    assertThat(listener.answer()).isEqualTo(new Heard(List.of(new Joined("ada")), 0, 1));
    assertThat(state.listeners()).isEmpty();
  }

  @Test
  void listenerThatLagsIsToldHowMuchItMissed() {
    state = initial(Args.of("history", 2));
    ask(ADA, new Call.Join("ada"));
    for (var text : List.of("one", "two", "three")) {
      ask(ADA, new Call.Say(text));
    }

    var kept = List.of(new Said("ada", "two"), new Said("ada", "three"));
    assertThat(ask(BOB, new Call.Listen(0))).isEqualTo(new Heard(List.copyOf(kept), 2, 4));
    assertThat(ask(BOB, new Call.Listen(2))).isEqualTo(new Heard(List.copyOf(kept), 0, 4));
    assertThat(ask(BOB, new Call.Listen(3)))
        .isEqualTo(new Heard(List.of(new Said("ada", "three")), 0, 4));
  }

  @Test
  void listenerFromBeforeARestartIsNotLeftWaiting() {
    assertThat(ask(BOB, new Call.Listen(57)))
        .isEqualTo(new Reply.Refused("there is no event 57, the last is 0; this room began anew"));
  }

  @Test
  void listenersAreBoundedAndThoseThatLeftDoNotCount() {
    state = initial(Args.of("max-listeners", 1));
    var gone = listen(0);
    assertThat(ask(BOB, new Call.Listen(0)))
        .isEqualTo(new Reply.Refused("too many listen: max-listeners is 1"));

    gone.leave();
    assertThat(listen(0).isAnswered()).isFalse();
    assertThat(state.listeners()).hasSize(1);
  }

  @Test
  void onlyMembersMaySaySomethingOrLeave() {
    var refused = new Reply.Refused("join first, over the same connection");
    ask(BOB, new Call.Join("bob"));

    assertThat(ask(ADA, new Call.Say("hello"))).isEqualTo(refused);
    assertThat(ask(ADA, new Call.Leave())).isEqualTo(refused);
  }

  @Test
  void connectionAndNameJoinOnce() {
    state = initial(Args.of("max-members", 2));
    ask(ADA, new Call.Join("ada"));

    assertThat(ask(ADA, new Call.Join("adele")))
        .isEqualTo(new Reply.Refused("you are here already"));
    assertThat(ask(BOB, new Call.Join("ada")))
        .isEqualTo(new Reply.Refused("there is a 'ada' already"));
    ask(BOB, new Call.Join("bob"));
    assertThat(ask(new Pid(1, 13), new Call.Join("eve")))
        .isEqualTo(new Reply.Refused("the room is full: max-members is 2"));
  }

  @Test
  void memberIsMonitoredUntilItLeaves() {
    ask(ADA, new Call.Join("ada"));
    ask(ADA, new Call.Leave());

    assertThat(process.effects())
        .containsExactly(
            new Effect.Monitored(ADA, new MonitorRef(1)),
            new Effect.Demonitored(new MonitorRef(1)));
    assertThat(ask(BOB, new Call.Listen(0)))
        .isEqualTo(new Heard(List.of(new Joined("ada"), new Left("ada")), 0, 2));
  }

  @Test
  void memberWhoseConnectionIsGoneHasLeft() {
    ask(ADA, new Call.Join("ada"));
    var listener = listen(1);
    info(new InfoMessage.Down(new MonitorRef(1), ADA, ExitReason.NOCONNECTION));

    assertThat(listener.answer()).isEqualTo(new Heard(List.of(new Left("ada")), 0, 2));
    assertThat(state.members()).isEmpty();
  }

  @Test
  void roomWithoutCompanyEndsWhenItsTimeIsUp() {
    var listener = listen(0);
    assertThat(info(new InfoMessage.Timeout())).isEqualTo(new Result.NoReply<>(state, IDLE));
    listener.leave();
    ask(ADA, new Call.Join("ada"));
    assertThat(info(new InfoMessage.Timeout())).isEqualTo(new Result.NoReply<>(state, IDLE));
    ask(ADA, new Call.Leave());

    assertThat(info(new InfoMessage.Timeout()))
        .isEqualTo(new Result.Stop<>(ExitReason.NORMAL, state));
  }

  @Test
  void textsAndNumbersOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Call.Say("x".repeat(5_000)))
        .withMessage("text must be 1 to 4,096 characters and not blank, has 5,000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Call.Join(" "))
        .withMessage("name must be 1 to 40 characters and not blank, has 1");
    assertThatIllegalArgumentException().isThrownBy(() -> new Call.Listen(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> room.init(Args.of("history", 0)))
        .withMessageContaining("argument 'history' must be from 1");
  }

  @Test
  void statusShowsNobody() {
    ask(ADA, new Call.Join("ada"));

    assertThat(room.formatStatus(state))
        .isEqualTo(Map.of("members", 1, "listeners", 0, "last", 1L));
  }

  private State initial(Args args) {
    return ((Init.Ok<State>) room.init(args)).state();
  }

  /// Makes a call that is answered at once.
  private Object ask(Pid caller, Call request) {
    var from = new TestFrom().caller(caller);
    var reply = (CallResult.Reply<State>) process.run(() -> room.handleCall(request, from, state));
    state = reply.state();
    return reply.value();
  }

  private TestFrom listen(long after) {
    var from = new TestFrom();
    var result = process.run(() -> room.handleCall(new Call.Listen(after), from, state));
    state = ((Result.NoReply<State>) result).state();
    return from;
  }

  private Result<State> info(InfoMessage message) {
    var result = process.run(() -> room.handleInfo(message, state));
    if (result instanceof Result.NoReply<State> goOn) {
      state = goOn.state();
    }
    return result;
  }
}
