package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What scripts/install-layout puts below a folder works there, and tells systemd how it is.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LayoutIT {

  /// Prints what a service manager is told, datagram by datagram, a line each; ends after a minute
  /// of silence, so that nobody waits for ever for what is not said.
  private static final String SERVICE_MANAGER =
      """
      import socket, sys
      manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      manager.settimeout(60)
      manager.bind(sys.argv[1].replace('@', chr(0), 1))
      print('listening', flush=True)
      while True:
          print(manager.recv(4096).decode().replace(chr(10), ' '), flush=True)
      """;

  @TempDir Path root;

  @BeforeEach
  void layOut() throws Exception {
    layOutAgain();
  }

  @Test
  void filesLieWhereDebianHasThem() throws IOException {
    try (var files = Files.walk(root)) {
      assertThat(files.map(file -> root.relativize(file).toString()))
          .contains(
              "etc/genserverd/genserverd.yaml",
              "usr/bin/genserver",
              "usr/bin/genserverd",
              "usr/lib/genserverd/genserverd.jar",
              "usr/lib/systemd/system/genserverd.service",
              "usr/lib/sysusers.d/genserverd.conf",
              "usr/share/man/man1/genserver.1",
              "var/lib/genserverd/plugins");
    }
    assertThat(root.resolve("usr/bin/genserverd")).isExecutable();
  }

  @Test
  void configurationThatWasChangedStays() throws Exception {
    var file = root.resolve("etc/genserverd/genserverd.yaml");
    assertThat(root.resolve("etc/genserverd/genserverd.yaml.new")).doesNotExist();
    Files.writeString(file, "shutdown:\n  drain: 7s\n");

    assertThat(layOutAgain()).contains("was there and stays");

    assertThat(file).content().isEqualTo("shutdown:\n  drain: 7s\n");
    assertThat(root.resolve("etc/genserverd/genserverd.yaml.new"))
        .content()
        .contains("\n  dir: /var/lib/genserverd/plugins\n");
    assertThat(run(installed("genserverd", "config")))
        .containsPattern("shutdown.drain +7s +\\Q" + file + "\\E");
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify.socket", "@abstract"})
  void daemonTellsTheServiceManagerHowItIs(String socket) throws Exception {
    var name = socket.replace("abstract", root.toString());
    var manager = start(new ProcessBuilder("python3", "-u", "-c", SERVICE_MANAGER, name));
    var told = manager.inputReader(StandardCharsets.UTF_8);
    assertThat(told.readLine()).isEqualTo("listening");

    var builder = installed("genserverd", "run", "--listen", "127.0.0.1:0");
    builder.environment().put("NOTIFY_SOCKET", name);
    builder
        .environment()
        .put("GENSERVERD_PLUGINS", root.resolve("var/lib/genserverd/plugins").toString());
    builder.environment().put("GENSERVERD_ADMIN", "127.0.0.1:0");
    var daemon = start(builder.redirectError(ProcessBuilder.Redirect.DISCARD));
    try {
      assertThat(told.readLine()).startsWith("READY=1 STATUS=ready on 127.0.0.1:");
      assertThat(pingOf(daemon.inputReader(StandardCharsets.UTF_8))).isEqualTo("\"pong\"\n");

      var hangUp = new ProcessBuilder("kill", "-HUP", Long.toString(daemon.pid())).start();
      assertThat(hangUp.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(told.readLine()).matches("RELOADING=1 MONOTONIC_USEC=\\d+");
      assertThat(told.readLine()).startsWith("READY=1 ");

      daemon.toHandle().destroy();
      assertThat(told.readLine()).startsWith("STOPPING=1 ");
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).isZero();
    } finally {
      daemon.destroyForcibly();
      manager.destroyForcibly();
    }
  }

  @Test
  void systemdHasNoDoubtsAboutTheUnit() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd is not installed here");
    var unit = Files.readString(root.resolve("usr/lib/systemd/system/genserverd.service"));
    var here =
        Files.writeString(
            root.resolve("genserverd.service"),
            unit.replace("ExecStart=/usr", "ExecStart=" + root.resolve("usr")));
    assertThat(run(new ProcessBuilder("systemd-analyze", "verify", "--man=no", here.toString())))
        .isEmpty();
    assertThat(
            run(
                new ProcessBuilder(
                    "systemd-analyze",
                    "security",
                    "--offline=yes",
                    "--threshold=20",
                    here.toString())))
        .contains("Overall exposure level");
  }

  /// Reads what the daemon prints until it is ready, and pings it as installed.
  private String pingOf(BufferedReader output) throws Exception {
    var line = output.readLine();
    assertThat(line).contains(" ready on ");
    return run(installed("genserver", "ping", "--url", line.replaceAll(".* ready on ", "")));
  }

  /// Without Maven, which runs these tests; scripts/install-layout would ask it for what is stale.
  private String layOutAgain() throws Exception {
    var library = Path.of("../scripts/lib/layout.sh").toRealPath();
    return run(
        new ProcessBuilder(
            "bash",
            "-c",
            "set -euo pipefail; source \"$0\"; use_jdk_25; lay_out \"$1\"",
            library.toString(),
            root.toString()));
  }

  private ProcessBuilder installed(String program, String... arguments) {
    // SIGHUP may be ignored where the tests run, as below nohup.
    var command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    command.add(root.resolve("usr/bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private Process start(ProcessBuilder builder) throws IOException {
    builder.environment().keySet().removeIf(name -> name.startsWith("GENSERVER_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.directory(root.toFile()).start();
  }

  /// What it prints; fails if its exit code is not 0.
  private String run(ProcessBuilder builder) throws Exception {
    var process = start(builder.redirectErrorStream(true));
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
