package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GenServerTest {

  private record State(int value) {}

  /// Has nothing but the callback that it must have.
  private static final class Bare extends GenServer<State, String, String> {
    @Override
    public Init<State> init(Args args) {
      return ok(new State(0));
    }
  }

  private static final State STATE = new State(4);
  private static final Duration IDLE = Duration.ofMillis(80);

  @Test
  void answersWaitForTheNextMessageUnlessToldOtherwise() {
    assertThat(GenServer.ok(STATE)).isEqualTo(new Init.Ok<>(STATE, Action.NONE));
    assertThat(GenServer.reply(1, STATE))
        .isEqualTo(new CallResult.Reply<>(1, STATE, new Action.None()));
    assertThat(GenServer.noReply(STATE)).isEqualTo(new Result.NoReply<>(STATE, new Action.None()));
  }

  @Test
  void thenSetsAContinuation() {
    var action = new Action.Continue("load");

    assertThat(GenServer.ok(STATE).then("load")).isEqualTo(new Init.Ok<>(STATE, action));
    assertThat(GenServer.reply(1, STATE).then("load"))
        .isEqualTo(new CallResult.Reply<>(1, STATE, action));
    assertThat(GenServer.noReply(STATE).then("load"))
        .isEqualTo(new Result.NoReply<>(STATE, action));
  }

  @Test
  void timeoutSetsAnIdleTime() {
    var action = new Action.Timeout(IDLE);

    assertThat(GenServer.ok(STATE).timeout(IDLE)).isEqualTo(new Init.Ok<>(STATE, action));
    assertThat(GenServer.reply(1, STATE).timeout(IDLE))
        .isEqualTo(new CallResult.Reply<>(1, STATE, action));
    assertThat(GenServer.noReply(STATE).timeout(IDLE))
        .isEqualTo(new Result.NoReply<>(STATE, action));
  }

  @Test
  void hibernateSaysThatNothingIsExpectedSoon() {
    var action = new Action.Hibernate();

    assertThat(GenServer.ok(STATE).hibernate().action()).isEqualTo(action);
    assertThat(GenServer.reply(1, STATE).hibernate().action()).isEqualTo(action);
    assertThat(GenServer.noReply(STATE).hibernate().action()).isEqualTo(action);
  }

  @Test
  void stopMayCarryAReply() {
    assertThat(GenServer.stop(ExitReason.NORMAL, STATE))
        .isEqualTo(new Result.Stop<>(ExitReason.NORMAL, STATE));
    assertThat(GenServer.stop(ExitReason.NORMAL, STATE).replying("bye"))
        .isEqualTo(new CallResult.StopWithReply<>(ExitReason.NORMAL, "bye", STATE));
  }

  @Test
  void everyAnswerToACallIsOneOfFour() {
    assertThat(kind(GenServer.reply(1, STATE))).isEqualTo("reply");
    assertThat(kind(GenServer.noReply(STATE))).isEqualTo("no reply");
    assertThat(kind(GenServer.stop(ExitReason.NORMAL, STATE))).isEqualTo("stop");
    assertThat(kind(GenServer.stop(ExitReason.NORMAL, STATE).replying(1)))
        .isEqualTo("stop with reply");
  }

  // Compiles without a default only as long as the results are these.
  private static String kind(CallResult<State> result) {
    return switch (result) {
      case CallResult.Reply<State> _ -> "reply";
      case CallResult.StopWithReply<State> _ -> "stop with reply";
      case Result.NoReply<State> _ -> "no reply";
      case Result.Stop<State> _ -> "stop";
    };
  }

  @Test
  void missingCallbackNamesServerMessageAndCallback() {
    var server = new Bare();

    assertThatThrownBy(() -> server.handleCast("hi", STATE))
        .isInstanceOf(MissingCallbackException.class)
        .hasMessage(
            Bare.class.getName() + " got hi, but has no handleCast; override it in the server");
    assertThatThrownBy(() -> server.handleContinue("hi", STATE))
        .isInstanceOf(MissingCallbackException.class)
        .hasMessageContaining("no handleContinue");
  }

  @Test
  void unexpectedMessageLeavesTheStateAsItIs() {
    assertThat(new Bare().handleInfo(new InfoMessage.Message("hi"), STATE))
        .isEqualTo(GenServer.noReply(STATE));
  }

  @Test
  void codeOutsideAProcessIsToldSo() {
    assertThat(CurrentProcess.isBound()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(GenServer::self)
        .withMessageContaining("call this from a callback");
  }
}
