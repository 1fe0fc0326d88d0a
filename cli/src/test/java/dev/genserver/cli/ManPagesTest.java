package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The manual, a page for each command.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManPagesTest {

  @TempDir Path folder;

  @Test
  void everyCommandHasAPageWithAllItsOptionsAndWords() throws Exception {
    ManPages.main(new String[] {folder.resolve("man1").toString()});

    var shell = new Shell(System.in, System.out, System.err, Map.of());
    check(Commands.commandLine(shell, List.of()), "genserver");
  }

  private void check(CommandLine command, String name) throws IOException {
    var page = Files.readString(folder.resolve("man1").resolve(name + ".1"));
    for (var option : command.getCommandSpec().options()) {
      assertThat(page).as(name).contains(option.longestName().replace("-", "\\-"));
    }
    for (var word : command.getCommandSpec().positionalParameters()) {
      assertThat(page).as(name).contains("\\fB" + word.paramLabel());
    }
    for (var subcommand : command.getSubcommands().entrySet()) {
      assertThat(page).as(name).contains("\\fB" + subcommand.getKey().replace("-", "\\-"));
      if (!subcommand.getKey().equals("help")) {
        check(subcommand.getValue(), name + "-" + subcommand.getKey());
      }
    }
  }

  @Test
  void pagesAreSoundRoff() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
    ManPages.main(new String[] {folder.resolve("man1").toString()});

    assertThat(groff("genserver-call.1").replaceAll("\\s+", " "))
        .contains(
            "genserver-call - Sends a message to a process, waits for its reply and prints it.")
        .contains("--timeout TIME How long to wait, such as 500ms, 2s, 1m, infinity.");
    assertThat(groff("genserver.1").replaceAll("\\s+", " "))
        .contains("'{\"type\":\"add\",\"by\":3}'");
    try (var pages = Files.list(folder.resolve("man1"))) {
      for (var page : pages.toList()) {
        groff(page.getFileName().toString());
      }
    }
  }

  /// The page as a terminal shows it; it is shown without warnings.
  private String groff(String page) throws IOException, InterruptedException {
    var warnings = folder.resolve("warnings").toFile();
    var file = folder.resolve("man1").resolve(page).toString();
    var groff =
        new ProcessBuilder("groff", "-man", "-Tutf8", "-ww", "-P-c", "-rLL=300n", "-rHY=0", file)
            .redirectError(warnings)
            .start();
    var shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(groff.waitFor()).isZero();
    assertThat(warnings).as(page).isEmpty();
    return shown.replaceAll(".\b", "");
  }
}
