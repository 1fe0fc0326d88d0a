package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The walk of docs/upgrades.md can be gone as it is printed there, with the plugins that it shows.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UpgradesDocIT {

  private static final Path PAGE = Path.of("../docs/upgrades.md");
  private static final Pattern SOURCE =
      Pattern.compile("(?ms)^<!-- stock-(\\S+)\\.jar: (\\S+) -->\n```java\n(.+?)^```$");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- run -->\n```console\n(.+?)^```$");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (.+\n)((?:(?!\\$ ).*\n)*)");

  @TempDir Path folder;

  private String page;
  private Path plugins;

  @BeforeEach
  void install() throws IOException {
    page = Files.readString(PAGE);
    plugins = Files.createDirectory(folder.resolve("plugins"));
    DaemonProgram.installCommandLine(folder);
  }

  /// Compiles what the page shows of that version.
  private void writeJar(String version) {
    var jar = PluginJar.of("stock", version);
    for (var source : SOURCE.matcher(page).results().toList()) {
      if (List.of(version, "*").contains(source.group(1))) {
        jar =
            source.group(2).endsWith("Plugin")
                ? jar.plugin(source.group(2), source.group(3))
                : jar.source(source.group(2), source.group(3));
      }
    }
    jar.writeTo(folder);
  }

  @Test
  void whatThePageShowsIsWhatHappens() throws Exception {
    writeJar("1.0.0");
    writeJar("2.0.0");
    var differences = new SoftAssertions();
    var shown = 0;
    try (var daemon = new DaemonProgram(plugins)) {
      for (var block : BLOCK.matcher(page).results().toList()) {
        for (var command : COMMAND.matcher(block.group(1)).results().toList()) {
          differences
              .assertThat(comparable(output(daemon, command)))
              .as(command.group(1))
              .isEqualTo(comparable(command.group(2)));
          shown++;
        }
      }
    }
    assertThat(shown).isGreaterThan(10);
    differences.assertAll();
  }

  private String output(DaemonProgram daemon, MatchResult command) throws Exception {
    var shell = new ProcessBuilder("bash", "-c", command.group(1));
    shell.environment().keySet().removeIf(name -> name.startsWith("GENSERVER"));
    shell.environment().put("GENSERVER_URL", daemon.address);
    shell.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    var program = shell.directory(folder.toFile()).redirectErrorStream(true).start();
    program.getOutputStream().close();
    var output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  /// Pauses differ from one time to the next, and tables are as wide as their words.
  private static String comparable(String output) {
    return output.replaceAll("[0-9.]+ m?s\\b", "TIME").replaceAll(" +", " ");
  }
}
