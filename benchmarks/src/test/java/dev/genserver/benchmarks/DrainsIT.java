package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A few stops; `scripts/bench drain` has a hundred.
@Timeout(120)
class DrainsIT {

  @Test
  void everyCallThatWasReadIsAnsweredWhenTheDaemonEnds() throws Exception {
    var report = Drains.run(Path.of(".."), 2, 1);

    assertThat(report.problems()).isEmpty();
    assertThat(report.answered()).isPositive();
  }
}
