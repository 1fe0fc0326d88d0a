package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// A short soak; `scripts/bench soak` runs a long one.
class SoakIT {

  private static final long SEED = 20_261_123;

  @Test
  @Timeout(180)
  void nothingHangsIsLostOrRunsTwiceWhileTheDaemonComesAndGoes(TestReporter reporter)
      throws Exception {
    var report = Soak.run(Path.of(".."), Duration.ofSeconds(25), SEED);

    reporter.publishEntry("soak", report.toString());
    assertThat(report.faults()).as("kinds of faults").hasSizeGreaterThan(2);
    assertThat(report.problems()).isEmpty();
  }
}
