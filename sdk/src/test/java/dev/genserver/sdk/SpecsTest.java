package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecsTest {

  @Test
  void namedChildIsAPermanentWorkerUnderItsIdWithFiveSecondsToEnd() {
    var child = ChildSpec.named("counter", Idle::new);

    assertThat(child.id()).isEqualTo("counter");
    assertThat(child.restart()).isEqualTo(Restart.PERMANENT);
    assertThat(child.shutdown()).isEqualTo(Shutdown.after(Duration.ofSeconds(5)));
    assertThat(child.start())
        .isInstanceOfSatisfying(
            ChildSpec.Start.Server.class,
            start -> assertThat(start.options()).isEqualTo(StartOptions.named("counter")));
  }

  @Test
  void childSupervisorMayTakeAsLongAsItNeeds() {
    var child = ChildSpec.supervisor("pool", SupervisorSpec.oneForOne(List.of()));

    assertThat(child.shutdown()).isEqualTo(Shutdown.infinity());
    assertThat(child.restart(Restart.TEMPORARY).restart()).isEqualTo(Restart.TEMPORARY);
  }

  @Test
  void supervisorAllowsThreeRestartsInFiveSecondsByDefault() {
    var spec = SupervisorSpec.oneForOne(List.of());

    assertThat(spec.intensity()).isEqualTo(3);
    assertThat(spec.period()).isEqualTo(Duration.ofSeconds(5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> spec.intensity(-1, Duration.ofSeconds(5)))
        .withMessage("intensity -1 must be 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> spec.intensity(1, Duration.ZERO))
        .withMessage("period PT0S must be positive");
  }

  @Test
  void mailboxHoldsAtLeastOneMessage() {
    assertThat(StartOptions.none().maxQueue()).isEqualTo(10_000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartOptions.none().maxQueue(0))
        .withMessage("maxQueue 0 must be at least 1");
  }

  @Test
  void pidIsThereOnlyIfTheStartSucceeded() {
    var pid = new Pid(1, 2);
    var boom = new IllegalStateException("boom");

    assertThat(new StartResult.Ok(pid).pidOrThrow()).isEqualTo(pid);
    assertThatIllegalStateException().isThrownBy(new StartResult.Ignore()::pidOrThrow);
    assertThatIllegalStateException()
        .isThrownBy(new StartResult.AlreadyStarted(pid)::pidOrThrow)
        .withMessage("not started: <1.2> holds the name already");
    assertThatIllegalStateException()
        .isThrownBy(new StartResult.Failed(new ExitReason.Failure(boom))::pidOrThrow)
        .withMessage("not started: java.lang.IllegalStateException: boom")
        .withCause(boom);
  }

  private static final class Idle extends GenServer<String, Object, Object> {
    @Override
    public Init<String> init(Args args) {
      return ok("idle");
    }
  }
}
