package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A short run; `scripts/bench upgrades` makes a long one.
class UnderUpgradesIT {

  private static final long SEED = 20_261_125;

  @Test
  @Timeout(180)
  void noCallFailsAndNoCastIsLostOrDoubledWhileThePluginIsUpgraded(TestReporter reporter)
      throws Exception {
    var settings = new UnderUpgrades.Settings(Duration.ofSeconds(12), 200, 500, 2, SEED);

    var report = UnderUpgrades.run(Path.of(".."), settings);

    reporter.publishEntry("upgrades", report.toString());
    assertThat(report.changes()).as("upgrades and rollbacks").isPositive();
    assertThat(report.problems()).isEmpty();
  }
}
