package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The two programs as they are shipped, in JVMs of their own.
class ProgramsIT {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path plugins;

  @Test
  void daemonServesTheCommandLineAndEndsInOrder() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(genserver(daemon, "call", "counter", "add", "by=3")).isEqualTo("0 3");
      assertThat(genserver(daemon, "cast", "counter", "{\"type\":\"reset\"}")).startsWith("0");
      assertThat(genserver(daemon, "call", "counter", "get")).isEqualTo("0 0");
      assertThat(genserver(daemon, "call", "countr", "get")).startsWith("68");
      assertThat(daemon.terminate()).isZero();
    }
  }

  @Test
  void sigtermLetsAnOpenCallFinish() throws IOException, InterruptedException {
    DaemonFixture.WAYWARD.writeTo(plugins);
    try (var daemon = new DaemonProgram(plugins);
        var client = GenServerClient.connect(daemon.address)) {
      var slept =
          client.callAsync(
              "wayward",
              Map.of("type", "sleep", "millis", 700),
              String.class,
              Duration.ofSeconds(20));
      client.ping(Duration.ofSeconds(5));
      assertThat(daemon.terminate()).isZero();
      assertThat(slept.join()).isEqualTo("slept");
    }
  }

  @Test
  void secondSigtermEndsTheDaemonAtOnce() throws IOException, InterruptedException {
    DaemonFixture.WAYWARD.writeTo(plugins);
    try (var daemon = new DaemonProgram(plugins);
        var client = GenServerClient.connect(daemon.address)) {
      client.cast("wayward", Map.of("type", "sleep", "millis", 60_000));
      client.ping(Duration.ofSeconds(5));
      daemon.process.toHandle().destroy(); // Process.destroy would close its output
      daemon.awaitLog("daemon drains");
      assertThat(daemon.terminate()).isEqualTo(128 + 15);
    }
  }

  @Test
  void badConfigurationIsToldAllTogetherAndExitsWith78() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                JAVA,
                "-jar",
                "../daemon/target/genserverd.jar",
                "--listen",
                "nowhere",
                "--frame-max-bytes",
                "7")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(78);
    assertThat(errors)
        .contains("config 'listen' (--listen) must be host:port")
        .contains("frame.max-bytes");
  }

  /// The exit code and the output of one command.
  private static String genserver(DaemonProgram daemon, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(JAVA, "-jar", "../cli/target/genserver.jar"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("GENSERVER_URL", daemon.address);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return (process.exitValue() + " " + output).strip();
  }

  /// A daemon in a JVM of its own, on a free port.
  private static final class DaemonProgram implements AutoCloseable {

    final Process process;
    final String address;
    private final BufferedReader output;

    DaemonProgram(Path plugins) throws IOException {
      var builder =
          new ProcessBuilder(
              JAVA,
              "@../daemon/jvm.options",
              "-jar",
              "../daemon/target/genserverd.jar",
              "--listen",
              "127.0.0.1:0",
              "--plugins",
              plugins.toString());
      process = builder.redirectErrorStream(true).start();
      output = process.inputReader(StandardCharsets.UTF_8);
      address = awaitLog(" ready on ").replaceAll(".* ready on ", "");
    }

    /// Reads what the daemon prints until a line that holds `text`; the test's time limit is the
    /// read's.
    String awaitLog(String text) throws IOException {
      for (String line; (line = output.readLine()) != null; ) {
        if (line.contains(text)) {
          return line;
        }
      }
      throw new AssertionError("the daemon ended without '" + text + "'");
    }

    /// Sends SIGTERM and gives the exit code.
    int terminate() throws InterruptedException {
      process.toHandle().destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the daemon ends").isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
