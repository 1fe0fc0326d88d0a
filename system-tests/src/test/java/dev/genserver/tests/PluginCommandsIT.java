package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plugins come and go by the command line, with both programs as they are shipped.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PluginCommandsIT {

  @TempDir Path plugins;
  @TempDir Path elsewhere;

  @Test
  void operatorDeploysAPluginUsesItAndRemovesItWithoutATrace() throws Exception {
    var jar = DaemonFixture.WAYWARD.writeTo(elsewhere).toString();
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("plugin", "verify", jar))
          .isEqualTo("0 wayward 1.0.0 can be deployed");
      assertThat(daemon.genserver("call", "wayward", "get")).isEqualTo("68");

      assertThat(daemon.genserver("plugin", "deploy", jar))
          .isEqualTo("0 wayward 1.0.0 deployed, 1 process started");
      assertThat(daemon.genserver("call", "wayward", "add", "by=3")).isEqualTo("0 3");
      assertThat(daemon.genserver("plugin", "list", "--quiet"))
          .isEqualTo("0 wayward  1.0.0    wayward-1.0.0.jar  wayward");

      assertThat(daemon.genserver("plugin", "remove", "wayward"))
          .isEqualTo("0 wayward 1.0.0 removed, 1 process stopped, its classes are gone");
      assertThat(daemon.genserver("call", "wayward", "get")).isEqualTo("68");
      assertThat(daemon.genserver("plugin", "list", "--json"))
          .isEqualTo("0 {\"plugins\":[],\"problems\":[],\"leaking\":[]}");
    }
  }

  @Test
  void aJarOfManyFramesArrivesWhole() throws Exception {
    var jar =
        DaemonFixture.WAYWARD
            .resource("ballast.txt", ballast(3 << 20))
            .writeTo(Files.createDirectory(elsewhere.resolve("large")));
    assertThat(Files.size(jar)).isGreaterThan(2 << 20);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("plugin", "deploy", jar.toString()))
          .isEqualTo("0 wayward 1.0.0 deployed, 1 process started");
      assertThat(plugins.resolve(jar.getFileName())).hasSameBinaryContentAs(jar);
    }
  }

  @Test
  void operatorReadsAllThatIsWrongWithAPlugin() throws IOException, InterruptedException {
    var jar =
        PluginJar.of("odd", "1.0.0")
            .service("odd.Missing")
            .service("odd.MissingToo")
            .writeTo(elsewhere);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.whatIsSeenOf(List.of("plugin", "deploy", jar.toString())))
          .startsWith("deploy of '" + jar + "' failed: bad_message, the plugin was refused: 2")
          .contains(" problems (not executed)\n  ", "odd.Missing not", "odd.MissingToo not")
          .hasLineCount(3);
      assertThat(daemon.genserver("plugin", "remove", "odd")).isEqualTo("65");
      assertThat(plugins).isEmptyDirectory();
    }
  }

  /// Text that no jar makes shorter than three quarters.
  private static String ballast(int length) {
    return new Random(7)
        .ints(length, 0, 64)
        .mapToObj(each -> String.valueOf((char) ('0' + each)))
        .collect(Collectors.joining());
  }
}
