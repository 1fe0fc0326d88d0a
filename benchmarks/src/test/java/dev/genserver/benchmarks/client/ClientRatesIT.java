package dev.genserver.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.benchmarks.wire.Span;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That nothing fails, and no cast is lost; how fast, is measured and not tested.
class ClientRatesIT {

  @Test
  @Timeout(180)
  void allThatIsSentIsAnsweredOrCounted() throws Exception {
    var report = ClientRates.run(Path.of(".."), 1, new Span(0.1, 0.2));

    assertThat(report.rounds()).hasSize(11);
    assertThat(report.rounds())
        .allSatisfy((row, rounds) -> {
          assertThat(rounds).singleElement().extracting(each -> each.count() > 0).isEqualTo(true);
          assertThat(rounds.getFirst().failed()).as("failed of %s", row).isZero();
        });
  }
}
