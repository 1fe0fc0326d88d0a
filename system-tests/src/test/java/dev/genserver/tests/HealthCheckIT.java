package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.config.ConfigLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The health check of the image, run here as it is. [ContainerIT] has it in the container.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HealthCheckIT {

  @TempDir static Path certificates;

  @TempDir Path folder;

  private record Checked(int exitCode, String output) {}

  @BeforeAll
  static void makeCertificates() throws Exception {
    DaemonProgram.genserverd("tls", "self-signed", certificates.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "0.0.0.0", "[::]", "localhost"})
  void findsTheDaemonAtItsAddress(String host) throws Exception {
    try (var daemon = daemon(Map.of("--admin", host + ":0", "--auth", "none"))) {
      assertThat(check(host, daemon)).isEqualTo(new Checked(0, "ready\n"));
    }
  }

  @Test
  void needsNoCertificateAndNoLogin() throws Exception {
    var flags =
        Map.of(
            "--auth", "certificate",
            "--tls-certificate", certificates.resolve("server.crt").toString(),
            "--tls-key", certificates.resolve("server.key").toString(),
            "--tls-client-ca", certificates.resolve("ca.crt").toString());
    try (var daemon = daemon(flags)) {
      assertThat(check("127.0.0.1", daemon)).isEqualTo(new Checked(0, "ready\n"));
    }
  }

  @Test
  void failsWithTheReasonWhileTheDaemonIsNotReady() throws Exception {
    Files.writeString(
        folder.resolve("genserverd.yaml"),
        "processes:\n- {name: till, behaviour: none-such, critical: true}\n");
    try (var daemon = daemon(Map.of())) {
      assertThat(check("127.0.0.1", daemon))
          .isEqualTo(new Checked(1, "not ready: the critical process 'till' is down\n"));
    }
  }

  @Test
  void failsWhereNobodyListens() throws Exception {
    var address = "127.0.0.1:";
    try (var daemon = daemon(Map.of())) {
      address += daemon.adminAddress().getPort();
    }
    assertThat(check(address).exitCode()).isEqualTo(1);
  }

  private Daemon daemon(Map<String, String> flags) throws Exception {
    var file = folder.resolve("genserverd.yaml");
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    var variables =
        Map.of(
            "GENSERVERD_LISTEN", "127.0.0.1:0",
            "GENSERVERD_ADMIN", "127.0.0.1:0",
            "GENSERVERD_PLUGINS", plugins.toString());
    return Daemon.start(
        ConfigLoader.load(Optional.of(file).filter(Files::exists), variables, flags));
  }

  private static Checked check(String host, Daemon daemon) throws Exception {
    return check(host + ":" + daemon.adminAddress().getPort());
  }

  private static Checked check(String address) throws IOException, InterruptedException {
    var script = new ProcessBuilder("bash", "../deploy/container/healthcheck");
    script.environment().put("GENSERVERD_ADMIN", address);
    var process = script.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Checked(process.exitValue(), output);
  }
}
