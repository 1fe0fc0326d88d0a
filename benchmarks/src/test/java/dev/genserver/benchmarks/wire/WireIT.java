package dev.genserver.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.benchmarks.BuiltDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// That each server answers each kind of request; how fast, is measured and not tested.
class WireIT {

  private static final Path ROOT = Path.of("..");

  @Test
  @Timeout(180)
  void eachServerAnswersAllThatItIsSent(@TempDir Path plots) throws Exception {
    var results = Wire.run(ROOT, BuiltDaemon.of(ROOT, List.of()), Cell.few(), true, 1);

    assertThat(results).hasSize(Cell.few().size() * 4 - 1); // the echo cannot count casts
    assertThat(results)
        .allSatisfy(result -> {
          assertThat(result.measured().count()).as("requests of %s", result).isPositive();
          assertThat(result.measured().failed()).as("failed of %s", result).isZero();
        });

    var report = new WireReport(results).toString();
    assertThat(report).contains("genserverd / echo + JSON", "genserverd / handed over");
    WirePlots.write(results, plots);
    assertThat(plots).isDirectoryContaining("glob:**/wire-{rates,cpu,p99}.svg");
    assertThat(Files.readString(plots.resolve("wire-p99.svg"))).contains("16x64 64 KiB");
  }

  @Test
  @Timeout(60)
  void noCallIsCountedThatWasNotExecuted() throws Exception {
    try (var server = Server.daemon(ROOT, BuiltDaemon.of(ROOT));
        var before = new Total(server.process().port())) {
      var measured = ClosedLoop.run(server.process(), 4, 64, 0, new Span(0, 0.3));
      try (var after = new Total(server.process().port())) {
        assertThat(after.initial() - before.initial())
            .isBetween(measured.count(), measured.count() + 64);
      }
    }
  }
}
