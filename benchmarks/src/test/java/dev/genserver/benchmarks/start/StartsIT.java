package dev.genserver.benchmarks.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.benchmarks.BuiltDaemon;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That the daemon starts with a cache and without; how soon, is measured and not tested.
class StartsIT {

  @Test
  @Timeout(180)
  void theDaemonStartsWithACacheAndWithout() throws Exception {
    var root = Path.of("..");

    var report = Starts.run(root, BuiltDaemon.of(root, List.of()), 1);

    assertThat(report.series().stream().map(Starts.Series::starts).flatMap(List::stream))
        .hasSize(2)
        .allSatisfy(start -> {
          assertThat(start.readyMs()).isPositive();
          assertThat(start.answeredMs()).isGreaterThan(start.readyMs());
          assertThat(start.heapMiB()).isPositive();
        });
  }
}
