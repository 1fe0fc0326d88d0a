package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The way to a guarded daemon that docs/security.md shows can be gone as it is printed there.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecurityDocIT {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final Pattern SESSION = Pattern.compile("(?ms)^```console\n(.+?)^```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ (.+<<EOF\n(?:.*\n)*?EOF\n|.+\n)((?:(?!\\$ ).*\n)*)");
  private static final String PORT = "6470";

  private record Shown(String command, String output) {}

  @TempDir Path folder;

  @Test
  void whatThePageShowsIsWhatHappens() throws Exception {
    var sessions =
        SESSION
            .matcher(Files.readString(PAGE))
            .results()
            .map(session ->
                COMMAND
                    .matcher(session.group(1))
                    .results()
                    .map(command -> new Shown(command.group(1), command.group(2)))
                    .toList())
            .toList();
    assertThat(sessions).hasSize(3);
    install();

    var start = sessions.getFirst().getLast();
    assertThat(start.command()).startsWith("scripts/run ");
    run(sessions.getFirst().subList(0, sessions.getFirst().size() - 1), PORT);
    var daemon = start(start.command().strip() + " --listen 127.0.0.1:0");
    try {
      var port = portOnceReady(daemon);
      run(sessions.get(1), port);
      run(sessions.getLast(), port);
    } finally {
      daemon.destroy();
      assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// The programs as they are shipped, where the page has scripts that build them first.
  private void install() throws IOException {
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    DaemonFixture.copyExamples(plugins);
    Files.createDirectory(folder.resolve("scripts"));
    var daemon =
        "%s @%s -jar %s"
            .formatted(
                DaemonProgram.JAVA,
                Path.of("../daemon/jvm.options").toRealPath(),
                Path.of("../daemon/target/genserverd.jar").toRealPath());
    script("genserverd", daemon + " \"$@\"");
    script("run", daemon + " --plugins " + plugins + " \"$@\"");
    script(
        "genserver",
        "%s -jar %s \"$@\""
            .formatted(DaemonProgram.JAVA, Path.of("../cli/target/genserver.jar").toRealPath()));
  }

  private void script(String name, String command) throws IOException {
    var script = folder.resolve("scripts").resolve(name);
    Files.writeString(script, "#!/bin/sh\nexec " + command + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Types the commands into one shell, and sees what it prints.
  private void run(List<Shown> session, String port) throws IOException, InterruptedException {
    var typed = new StringBuilder();
    session.forEach(shown -> typed.append("echo '$'\n").append(shown.command()));
    var shell = start(typed.toString().replace(PORT, port));
    var output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    var expected = new StringBuilder();
    session.forEach(shown -> expected.append("$\n").append(shown.output()));
    assertThat(output.replace(port, PORT)).isEqualTo(expected.toString());
  }

  private Process start(String commands) throws IOException {
    var shell =
        new ProcessBuilder(
            "bash", "-c", commands.startsWith("scripts/run") ? "exec " + commands : commands);
    shell.environment().keySet().removeIf(name -> name.startsWith("GENSERVER"));
    shell.environment().remove("XDG_CONFIG_HOME");
    shell.environment().put("HOME", folder.toString());
    return shell.directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static String portOnceReady(Process daemon) throws IOException {
    BufferedReader output = daemon.inputReader(StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (String line; (line = output.readLine()) != null; ) {
      said.append(line).append('\n');
      if (line.contains(" ready on ")) {
        return line.substring(line.lastIndexOf(':') + 1);
      }
    }
    throw new AssertionError("the daemon ended before it was ready:\n" + said);
  }
}
