package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsIT {

  @TempDir Path plugins;

  @Test
  void brokenJarIsSkippedAndTheOthersServe() throws StartException, IOException {
    Files.writeString(plugins.resolve("broken.jar"), "no zip");
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      assertThat(client.call("counter", "get", Long.class)).isZero();
    }
  }

  @Test
  void allProblemsAreToldTogetherWhereTheDaemonIsToRefuse() throws IOException {
    Files.writeString(plugins.resolve("broken.jar"), "no zip");
    Files.writeString(plugins.resolve("other.jar"), "no zip either");
    assertThatThrownBy(() -> DaemonFixture.start(plugins, Map.of("--plugins-on-problem", "refuse")))
        .isInstanceOfSatisfying(
            StartException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.startsWith("plugin broken.jar refused: "))
                    .anyMatch(problem -> problem.startsWith("plugin other.jar refused: ")));
  }

  @Test
  void addressInUseIsToldInASentence() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins)) {
      assertThatThrownBy(() -> DaemonFixture.startOn(plugins, daemon.address()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("cannot listen on " + daemon.address())
          .hasMessageContaining("port 0 takes a free one");
    }
  }
}
