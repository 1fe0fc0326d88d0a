package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/inspection.md shows is what an operator sees.
class InspectionDocIT {

  private static final Path PAGE = Path.of("../docs/inspection.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- run -->\n```console\n(.+?)^```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ scripts/genserver (.+)\n((?:(?!\\$ ).*\n)*)");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private record Shown(List<String> command, String output) {}

  @TempDir Path plugins;

  @Test
  void whatThePageShowsIsWhatTheCommandsPrint() throws IOException, InterruptedException {
    var page = shown();
    assertThat(page).hasSizeGreaterThan(20);
    DaemonFixture.copyExamples(plugins);
    var differences = new SoftAssertions();
    try (var daemon = new DaemonProgram(plugins)) {
      for (var shown : page) {
        var output = daemon.whatIsSeenOf(shown.command());
        differences
            .assertThat(comparable(output))
            .as(String.join(" ", shown.command()))
            .isEqualTo(comparable(shown.output()));
      }
    }
    differences.assertAll();
  }

  private static List<Shown> shown() throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .flatMap(block -> COMMAND.matcher(block.group(1)).results())
        .map(command -> new Shown(words(command.group(1)), command.group(2)))
        .toList();
  }

  private static List<String> words(String line) {
    var words = new ArrayList<String>();
    WORD.matcher(line)
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    return words;
  }

  /// Without what is different each time: pids, times, lines of the JDK, the room that they take,
  /// and whether the process that answers is done with that.
  private static String comparable(String output) {
    return output
        .replaceAll("(?m)^(.*sys\\.processes .*) (?:running|idle)", "$1")
        .replaceAll("<\\d+\\.\\d+>", "<pid>")
        .replaceAll("\\d+(\\.\\d+)? (ms|s|min|h)\\b( \\d+ (s|min)\\b)?", "time")
        .replaceAll("\\.java:\\d+", ".java")
        .replaceAll(" +", " ")
        .strip();
  }
}
