package @package@;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.testkit.TestFrom;
import org.junit.jupiter.api.Test;
import @package@.@Name@.Call;
import @package@.@Name@.Cast;
import @package@.@Name@.State;

/// Its callbacks, which need no process.
class @Name@Test {

  private final @Name@ server = new @Name@();

  @Test
  void startsAtZeroUnlessToldOtherwise() {
    assertThat(server.init(Args.none())).isEqualTo(new Init.Ok<>(new State(0), Action.NONE));
    assertThat(server.init(Args.of("start", 7)))
        .isEqualTo(new Init.Ok<>(new State(7), Action.NONE));
  }

  @Test
  void addRepliesTheNewTotal() {
    assertThat(server.handleCall(new Call.Add(3), new TestFrom(), new State(4)))
        .isEqualTo(new CallResult.Reply<>(7L, new State(7), Action.NONE));
  }

  @Test
  void resetBeginsAnew() {
    assertThat(server.handleCast(new Cast.Reset(), new State(4)))
        .isEqualTo(new Result.NoReply<>(new State(0), Action.NONE));
  }
}
