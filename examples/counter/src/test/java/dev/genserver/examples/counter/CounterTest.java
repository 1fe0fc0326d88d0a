package dev.genserver.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.examples.counter.Counter.Call;
import dev.genserver.examples.counter.Counter.Cast;
import dev.genserver.examples.counter.Counter.State;
import dev.genserver.sdk.Action;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.testkit.TestCodeChange;
import dev.genserver.testkit.TestFrom;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CounterTest {

  private final Counter counter = new Counter();
  private final TestFrom from = new TestFrom();

  @Test
  void startsAtZeroUnlessToldOtherwise() {
    assertThat(counter.init(Args.none())).isEqualTo(new Init.Ok<>(new State(0), Action.NONE));
    assertThat(counter.init(Args.of("start", 7)))
        .isEqualTo(new Init.Ok<>(new State(7), Action.NONE));
  }

  @Test
  void startThatIsNoNumberFailsTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counter.init(Args.of("start", "seven")))
        .withMessage("argument 'start' must be a whole number, is seven");
  }

  @Test
  void getRepliesTheTotal() {
    assertThat(counter.handleCall(new Call.Get(), from, new State(4)))
        .isEqualTo(new CallResult.Reply<>(4L, new State(4), Action.NONE));
  }

  @Test
  void addRepliesTheNewTotal() {
    assertThat(counter.handleCall(new Call.Add(3), from, new State(4)))
        .isEqualTo(new CallResult.Reply<>(7L, new State(7), Action.NONE));
  }

  @Test
  void castsChangeTheTotalWithoutReply() {
    assertThat(counter.handleCast(new Cast.Add(-3), new State(4)))
        .isEqualTo(new Result.NoReply<>(new State(1), Action.NONE));
    assertThat(counter.handleCast(new Cast.Reset(), new State(4)))
        .isEqualTo(new Result.NoReply<>(new State(0), Action.NONE));
  }

  @Test
  void stateOfAnotherVersionIsTakenOverByItsFields() {
    assertThat(counter.codeChange(TestCodeChange.from("0.0.9", Map.of("total", 3), counter)))
        .isEqualTo(new CodeChanged.Ok<>(new State(3)));
  }

  @Test
  void overflowCrashesInsteadOfCountingWrongly() {
    assertThatThrownBy(() -> counter.handleCall(new Call.Add(1), from, new State(Long.MAX_VALUE)))
        .isInstanceOf(ArithmeticException.class);
  }
}
