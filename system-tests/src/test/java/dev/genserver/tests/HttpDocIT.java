package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.StartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What docs/http.md shows is what curl prints.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpDocIT {

  private static final Path PAGE = Path.of("../docs/http.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- run -->\n```console\n(.+?)^```$");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (.+)\n((?:(?!\\$ ).*\n)*)");
  private static final String ADDRESS = "127.0.0.1:6471";

  private record Shown(String command, String output) {}

  @TempDir Path plugins;
  @TempDir Path home;

  @Test
  void whatThePageShowsIsWhatHappens() throws StartException, IOException, InterruptedException {
    PlainShell.find("curl");
    PlainShell.find("jq");
    // As at a terminal, where curl shows no progress.
    Files.writeString(home.resolve(".curlrc"), "silent\nshow-error\n");
    var page = shown();
    assertThat(page).hasSizeGreaterThanOrEqualTo(10);
    var differences = new SoftAssertions();
    try (var daemon = DaemonFixture.withExamples(plugins)) {
      var address = "127.0.0.1:" + daemon.daemon.adminAddress().getPort();
      for (var shown : page) {
        differences
            .assertThat(output(shown.command().replace(ADDRESS, address)))
            .as(shown.command())
            .isEqualTo(shown.output());
      }
    }
    differences.assertAll();
  }

  private static List<Shown> shown() throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .flatMap(block -> COMMAND.matcher(block.group(1)).results())
        .map(command -> new Shown(command.group(1), command.group(2)))
        .toList();
  }

  private String output(String command) throws IOException, InterruptedException {
    var shell = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    shell.environment().put("HOME", home.toString());
    shell.environment().remove("CURL_HOME");
    shell.environment().remove("XDG_CONFIG_HOME");
    shell.environment().keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    var process = shell.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
    return output;
  }
}
