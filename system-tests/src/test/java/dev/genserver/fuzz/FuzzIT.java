package dev.genserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A few seconds of what `scripts/fuzz --seed N` does for as long as one likes.
class FuzzIT {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 17)
  void everyRequestGetsItsAnswerAndTheDaemonKeepsNothing(long seed) throws Exception {
    try (var fuzzer = new Fuzzer(Path.of(".."), seed)) {
      var report = fuzzer.run(Long.MAX_VALUE, Duration.ofSeconds(5));

      assertThat(fuzzer.failure()).isNull();
      assertThat(report).isNotNull();
      assertThat(report.frames()).isGreaterThan(1_000);
      assertThat(report.calls()).isGreaterThan(10);
      assertThat(Fuzzer.problems(report)).as("%s", report).isEmpty();
      assertThat(fuzzer.defects()).isEmpty();
    }
  }
}
