package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestFromTest {

  private final TestFrom from = new TestFrom();

  @Test
  void onlyTheFirstReplyCounts() {
    assertThat(from.isWaiting()).isTrue();
    assertThat(from.reply(1)).isTrue();
    assertThat(from.reply(2)).isFalse();

    assertThat(from.isWaiting()).isFalse();
    assertThat(from.isAnswered()).isTrue();
    assertThat(from.answer()).isEqualTo(1);
  }

  @Test
  void nullIsAnAnswer() {
    from.reply(null);

    assertThat(from.isAnswered()).isTrue();
    assertThat(from.answer()).isNull();
  }

  @Test
  void callerThatLeftGetsNoReply() {
    from.leave();

    assertThat(from.isWaiting()).isFalse();
    assertThat(from.reply(1)).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(from::answer)
        .withMessage("the caller left without an answer");
  }

  @Test
  void answerThatHasNotComeYetIsNotMadeUp() {
    assertThatIllegalStateException()
        .isThrownBy(from::answer)
        .withMessage("the caller still waits for its answer");
  }

  @Test
  void callerIsWhatTheTestSays() {
    assertThat(from.remaining()).isEmpty();
    assertThat(from.caller()).isEmpty();
    assertThat(from.meta()).isEmpty();

    from.remaining(Duration.ofSeconds(1)).caller(new Pid(1, 7)).meta(Map.of("tenant", "a"));

    assertThat(from.remaining()).contains(Duration.ofSeconds(1));
    assertThat(from.caller()).contains(new Pid(1, 7));
    assertThat(from.meta()).containsEntry("tenant", "a");
  }
}
