package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The two programs as they are shipped, in JVMs of their own.
class ProgramsIT {

  @TempDir Path plugins;

  @Test
  void daemonServesTheCommandLineAndEndsInOrder() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("call", "counter", "add", "by=3")).isEqualTo("0 3");
      assertThat(daemon.genserver("cast", "counter", "{\"type\":\"reset\"}")).startsWith("0");
      assertThat(daemon.genserver("call", "counter", "get")).isEqualTo("0 0");
      assertThat(daemon.genserver("call", "countr", "get")).startsWith("68");
      assertThat(daemon.terminate()).isZero();
    }
  }

  @Test
  void operatorSeesWhatRunsAndHoldsItStill() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("ps"))
          .startsWith("0 NAME")
          .containsPattern("(?m)^counter +<\\d+\\.\\d+> +server +idle +0 ");
      assertThat(daemon.genserver("tree"))
          .containsPattern("(?m)^├─ counter <\\d+\\.\\d+>  supervisor, idle, temporary$")
          .containsPattern("(?m)^│  └─ counter <\\d+\\.\\d+>  idle, permanent$");

      assertThat(daemon.genserver("suspend", "counter")).isEqualTo("0");
      assertThat(daemon.genserver("call", "counter", "get", "--timeout", "300ms")).isEqualTo("69");
      assertThat(daemon.genserver("state", "counter")).isEqualTo("0 {\"total\":0}");
      assertThat(daemon.genserver("resume", "counter")).isEqualTo("0");
      assertThat(daemon.genserver("replace-state", "counter", "{\"total\":7}"))
          .isEqualTo("0 {\"total\":7}");
      assertThat(daemon.genserver("call", "counter", "get")).isEqualTo("0 7");
      assertThat(daemon.genserver("state", "conter")).isEqualTo("68");
    }
  }

  @Test
  void operatorStopsRestartsAndStartsProcesses() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("stop", "counter")).isEqualTo("0");
      assertThat(daemon.genserver("call", "counter", "get")).isEqualTo("68");
      assertThat(daemon.genserver("tree"))
          .contains("│  └─ counter  worker, not running, permanent");
      assertThat(daemon.genserver("restart", "counter")).startsWith("0 <");
      assertThat(daemon.genserver("call", "counter", "get")).isEqualTo("0 0");

      assertThat(daemon.genserver("start", "counter", "--name", "hits", "--args", "{\"start\":40}"))
          .startsWith("0 <");
      assertThat(daemon.genserver("call", "hits", "get")).isEqualTo("0 40");
      assertThat(daemon.genserver("start", "countr", "--name", "more")).isEqualTo("65");
    }
  }

  @Test
  void operatorSeesWhyAProcessIsStuck() throws IOException, InterruptedException {
    DaemonFixture.WAYWARD.writeTo(plugins);
    try (var daemon = new DaemonProgram(plugins);
        var client = GenServerClient.connect(daemon.address)) {
      client.cast("wayward", Map.of("type", "sleep", "millis", 60_000));
      client.cast("wayward", Map.of("type", "add", "by", 1));
      client.ping(Duration.ofSeconds(5));

      assertThat(daemon.genserver("why", "wayward"))
          .containsPattern("^0 wayward <\\d+\\.\\d+> \\(Wayward\\) is running\n")
          .contains("at work on ", "wayward.Wayward.sleep(Wayward.java:")
          .contains("1 message waits in its mailbox");
    }
  }

  @Test
  void operatorFollowsAProcess() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      var trace = daemon.startGenserver("trace", "counter", "--count", "2");
      try (var client = GenServerClient.connect(daemon.address)) {
        // Until the trace is on nothing is seen; whatever comes first then is a call and its reply.
        Awaitility.await("the trace ends")
            .atMost(Duration.ofSeconds(20))
            .until(() -> {
              client.call("counter", "get", Long.class);
              return !trace.isAlive();
            });
      }
      assertThat(DaemonProgram.output(trace))
          .matches(
              "(?s)0 \\+.*  call Get\\[] from <[\\d.]+>\n"
                  + "\\+.*  replied 0 to <[\\d.]+>, state State\\[total=0]");
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
  void operatorEndsTheDaemonAsSigtermDoes() throws IOException, InterruptedException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonProgram(plugins)) {
      assertThat(daemon.genserver("node", "drain")).isEqualTo("0");
      assertThat(daemon.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.process.exitValue()).isZero();
    }
  }

  @Test
  void sighupHasTheDaemonReadItsFilesAgain() throws Exception {
    try (var daemon = new DaemonProgram(plugins)) {
      var hangUp = new ProcessBuilder("kill", "-HUP", Long.toString(daemon.process.pid())).start();
      assertThat(hangUp.waitFor()).isZero();
      assertThat(daemon.awaitLog("configuration reloaded"))
          .endsWith("configuration reloaded applied=[] principals=0 tokens=0");
      assertThat(daemon.genserver("ping")).isEqualTo("0 \"pong\"");
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
                DaemonProgram.JAVA,
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
}
