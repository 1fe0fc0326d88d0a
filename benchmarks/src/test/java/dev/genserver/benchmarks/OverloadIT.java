package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds under overload on any machine; how fast it is, is measured and not tested.
class OverloadIT {

  @Test
  @Timeout(120)
  void eachRequestHasOneHonestAnswerAndNothingRunsThatWasRefusedOrExpired() throws Exception {
    var steps = Overload.run(Path.of(".."), true);

    assertThat(steps).hasSize(2);
    assertThat(steps)
        .allSatisfy(step -> {
          assertThat(step.unanswered()).as("requests without an answer").isZero();
          assertThat(step.excess()).as("answers without a request").isZero();
          assertThat(step.dishonest()).as("refusals that do not say 'executed: no'").isZero();
          assertThat(step.other()).as("other errors").isZero();
          assertThat(step.ranThoughNot()).as("run though refused or expired").isZero();
          assertThat(step.ran())
              .as("the process ran what was answered, and what was still at work")
              .isEqualTo(step.replied() + step.casts() + step.expiredRunning());
        });
    assertThat(steps.getLast().overloaded()).as("refused at ten times the capacity").isPositive();
    assertThat(steps.getLast().replied() + steps.getLast().casts()).isPositive();
  }
}
