package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;

/// The commands that a page shows, typed one after the other, and what is printed beside what the
/// page says. All commands of a block are typed into one shell.
///
/// A block stands below `<!-- run -->`, or `<!-- run NAME -->` where a page has several sessions.
/// What a reader need not see, as it makes the fault that a runbook is for, is a comment that
/// begins with `<!-- fault`, of the same session. In what is shown, `…` stands for what differs
/// each time.
final class ShownSession {

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?ms)^<!-- (?:run(?: (\\w+))? -->\n```console\n(.+?)^```$|fault(?: (\\w+))?\n(.+?)^-->$)");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ (.+<<EOF.*\n(?:.*\n)*?EOF\n|.+\n)((?:(?!\\$ ).*\n)*)");
  private static final String NEXT = "---- next ----";

  private record Shown(String command, String output) {}

  private final Path folder;
  private final Map<String, String> environment;
  private final Map<String, String> standIns = new HashMap<>();
  private final SoftAssertions differences = new SoftAssertions();

  /// @param folder where the commands are typed; its `scripts` has the programs
  /// @param environment what is set besides
  ShownSession(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = new HashMap<>(environment);
  }

  /// Sets a variable.
  ShownSession set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /// Runs commands that no page shows.
  void prepare(String commands) throws IOException, InterruptedException {
    var _ = output(commands);
  }

  /// Has `shown` of the page mean something else here, such as a port.
  ShownSession with(String shown, String here) {
    standIns.put(shown, here);
    return this;
  }

  /// Types what the page has for one session.
  ///
  /// @param name of the session; empty for the one without
  /// @return how many commands there were
  int run(Path page, String name) throws IOException, InterruptedException {
    var commands = 0;
    for (var block : BLOCK.matcher(Files.readString(page)).results().toList()) {
      var isFault = block.group(4) != null;
      var session = isFault ? block.group(3) : block.group(1);
      if (name.equals(session == null ? "" : session)) {
        if (isFault) {
          prepare(block.group(4));
        } else {
          commands += compare(block.group(2));
        }
      }
    }
    return commands;
  }

  /// Fails if anything was printed that the page does not show.
  void assertAsShown() {
    differences.assertAll();
  }

  private int compare(String block) throws IOException, InterruptedException {
    var shown =
        COMMAND
            .matcher(block)
            .results()
            .map(command -> new Shown(command.group(1), command.group(2)))
            .toList();
    var typed =
        shown.stream().map(Shown::command).collect(Collectors.joining("echo '" + NEXT + "'\n"));
    var printed = output(typed).split("(?m)^" + NEXT + "\n", -1);
    assertThat(printed).as(typed).hasSameSizeAs(shown);
    for (var i = 0; i < printed.length; i++) {
      var expected = comparable(shown.get(i).output());
      var actual = comparable(printed[i]);
      differences
          .assertThat(isAs(expected, actual) ? expected : actual)
          .as(shown.get(i).command())
          .isEqualTo(expected);
    }
    return shown.size();
  }

  private static boolean isAs(String expected, String actual) {
    var lines =
        expected
            .lines()
            .map(line -> line.strip().equals("…") ? "(?:.*\n)*?" : asPattern(line) + "\n");
    return Pattern.matches(lines.collect(Collectors.joining()), actual + "\n");
  }

  private static String asPattern(String line) {
    return Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  private String output(String commands) throws IOException, InterruptedException {
    var typed = commands;
    for (var standIn : standIns.entrySet()) {
      typed = typed.replace(standIn.getKey(), standIn.getValue());
    }
    var shell =
        new ProcessBuilder(List.of("bash", "-c", typed))
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true);
    environment(shell.environment());
    var process = shell.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(commands).isTrue();
    return output;
  }

  private void environment(Map<String, String> variables) {
    for (var name : new ArrayList<>(variables.keySet())) {
      if (name.startsWith("GENSERVER") || name.toLowerCase(Locale.ROOT).endsWith("_proxy")) {
        variables.remove(name);
      }
    }
    variables.put("HOME", folder.toString());
    variables.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    variables.merge(
        "PATH", Path.of(DaemonProgram.JAVA).getParent().toString(), (old, own) -> own + ":" + old);
    variables.putAll(environment);
  }

  /// Without what is different each time: pids, times, shares, sizes, and the room that they take.
  private static String comparable(String output) {
    return output
        .replaceAll("<\\d+\\.\\d+>", "<pid>")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d)", "then")
        .replaceAll("PT[0-9.]+S", "time")
        .replaceAll("\\d+(\\.\\d+)? (ms|s|min|h)\\b( \\d+ (s|min)\\b)?", "time")
        .replaceAll("\\b\\d+%", "share")
        .replaceAll("[\\d,]+ MiB", "memory")
        .replaceAll("[\\d,]+ messages/s", "rate")
        .replaceAll("\\.java:\\d+", ".java")
        .replaceAll("[0-9.]+E[0-9]+", "number")
        .replaceAll(" +", " ")
        .strip();
  }
}
