package dev.genserver.benchmarks.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That it comes to an end with all calls answered; how soon, is measured and not tested.
class FairnessIT {

  @Test
  @Timeout(180)
  void theQuietProcessIsAnsweredBesideAnyNeighbours() throws Exception {
    var report = Fairness.run(Path.of(".."), 1, 0.3);

    assertThat(report.alone().p99()).isPositive();
    assertThat(report.pairs()).hasSameSizeAs(Neighbours.all());
    assertThat(report.pairs())
        .allSatisfy(pair -> {
          assertThat(pair.here().failed()).as("failed beside %s", pair.here()).isZero();
          assertThat(pair.elsewhere().failed()).as("failed at %s", pair.elsewhere()).isZero();
        });
  }
}
