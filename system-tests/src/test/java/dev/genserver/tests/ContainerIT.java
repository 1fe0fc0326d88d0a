package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.AccessMode;
import dev.genserver.client.ClientOptions;
import dev.genserver.client.UnauthenticatedException;
import dev.genserver.protocol.TlsOptions;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.wait.strategy.Wait;

/// The image that the Dockerfile makes, in an engine.
@Tag("docker")
@EnabledIf(
    value = "dev.genserver.tests.ContainerEngine#answers",
    disabledReason = ContainerEngine.NONE)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("container")
class ContainerIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path plugins;

  @BeforeAll
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  static void buildImages() throws Exception {
    ContainerEngine.buildImages();
  }

  @Test
  void servesAPluginThatIsMountedAndIsHealthyAndStartsAgain() throws IOException {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = new DaemonContainer().plugins(plugins).start()) {
      try (var client = daemon.client()) {
        assertThat(client.call("counter", Map.of("type", "add", "by", 3), Long.class)).isEqualTo(3);
        client.cast("counter", "reset");
        assertThat(client.call("counter", "get", Long.class)).isZero();
      }
      assertThat(daemon.log()).contains("transport=epoll");
      Awaitility.await("the health check has succeeded")
          .atMost(Duration.ofMinutes(1))
          .until(daemon.container::isHealthy);

      daemon.restart();
      try (var client = daemon.client()) {
        assertThat(client.call("counter", Map.of("type", "add", "by", 4), Long.class)).isEqualTo(4);
      }
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void stopLetsOpenCallsFinishAndExitsWithZero() throws IOException {
    writeTo(plugins, DaemonFixture.WAYWARD);
    try (var daemon = new DaemonContainer().plugins(plugins).start();
        var client = daemon.client()) {
      var slept =
          client.callAsync(
              "wayward",
              Map.of("type", "sleep", "millis", 1500),
              String.class,
              Duration.ofSeconds(30));
      client.ping(Duration.ofSeconds(20));
      assertThat(daemon.stop()).isZero();
      assertThat(slept.join()).isEqualTo("slept");
      assertThat(daemon.log()).endsWith("daemon stopped\n");
    }
  }

  @Test
  void jarThatIsReplacedInTheMountedFolderUpgradesARunningProcess() throws IOException {
    writeTo(plugins, tally("1.0.0", "state.total() + by"));
    try (var daemon = new DaemonContainer().plugins(plugins).start();
        var client = daemon.client()) {
      assertThat(client.call("tally", Map.of("type", "add", "by", 3), Long.class)).isEqualTo(3);

      var next = Files.createDirectory(plugins.resolve("next"));
      writeTo(next, tally("2.0.0", "state.total() + 1000 * by"));
      Files.move(
          next.resolve("tally-2.0.0.jar"),
          plugins.resolve("tally-1.0.0.jar"),
          StandardCopyOption.ATOMIC_MOVE);

      // It has gone on where version 1 was, from 3 by tens.
      Awaitility.await("the new version has taken over")
          .atMost(Duration.ofMinutes(1))
          .until(() -> client.call("tally", Map.of("type", "add", "by", 10), Long.class) > 10_000);
      assertThat(client.call("tally", Map.of("type", "add", "by", 0), Long.class) % 10)
          .isEqualTo(3);
    }
  }

  @Test
  void withoutAWordOnWhoMayConnectItDoesNotStart() {
    try (var daemon = new DaemonContainer()) {
      assertThat(daemon.startInVain()).isEqualTo(78);
      assertThat(daemon.log())
          .startsWith("config 'listen' (GENSERVERD_LISTEN) is 0.0.0.0:6470 and config 'admin'")
          .contains("GENSERVERD_TOKENS_DIR=DIR", "GENSERVERD_AUTH=none")
          .hasLineCount(1);
    }
  }

  @Test
  void withNowhereToWriteItSaysWhatToMount() {
    try (var daemon = new DaemonContainer()) {
      daemon.environment("GENSERVERD_AUTH", "none").container.setTmpFsMapping(Map.of());
      assertThat(daemon.startInVain()).isEqualTo(69);
      assertThat(daemon.log())
          .startsWith("plugins run from copies in the temporary folder, and nothing can be written")
          .contains("in a container with --tmpfs /tmp")
          .hasLineCount(1);
    }
  }

  /// And is healthy, with a certificate of a CA that the container does not know and with its admin
  /// port elsewhere.
  @Test
  void takesThoseWhoseTokensAreMountedOverTls(@TempDir Path tokens, @TempDir Path tls)
      throws Exception {
    var token = "0123456789abcdef".repeat(4);
    letOthersRead(Files.writeString(tokens.resolve("shop"), token));
    DaemonProgram.genserverd("tls", "self-signed", tls.toString());
    letOthersRead(tls.resolve("server.key"));
    DaemonFixture.copyExamples(plugins);
    try (var daemon =
        new DaemonContainer()
            .plugins(plugins)
            .mount(tokens, "/run/secrets/genserverd", AccessMode.ro)
            .mount(tls, "/run/secrets/tls", AccessMode.ro)
            .environment("GENSERVERD_AUTH", "token")
            .environment("GENSERVERD_TOKENS_DIR", "/run/secrets/genserverd")
            .environment("GENSERVERD_TLS_CERTIFICATE", "/run/secrets/tls/server.crt")
            .environment("GENSERVERD_TLS_KEY", "/run/secrets/tls/server.key")) {
      daemon
          .container
          .withCommand("--admin", "0.0.0.0:7471")
          .waitingFor(Wait.forHealthcheck())
          .start();
      var trusting = ClientOptions.defaults().tls(TlsOptions.defaults().ca(tls.resolve("ca.crt")));
      try (var client = daemon.client(trusting.token(token))) {
        assertThat(client.call("counter", "get", Long.class)).isZero();
      }
      assertThatThrownBy(() -> daemon.client(trusting).close())
          .isInstanceOf(UnauthenticatedException.class);
    }
  }

  @Test
  void staysWithinItsMemoryUnderLoad() throws Exception {
    DaemonFixture.copyExamples(plugins);
    var value = "x".repeat(100_000);
    try (var daemon = new DaemonContainer().plugins(plugins).start();
        var callers = Executors.newVirtualThreadPerTaskExecutor();
        var client = daemon.client()) {
      var info = client.call("sys.node", "info", NodeInfo.class);
      // Half of 256 MiB: the JVM has seen the limit.
      assertThat(info.heapMaxBytes()).isBetween(115L << 20, 130L << 20);

      var calls = new ArrayList<Future<?>>();
      for (var caller = 0; caller < 20; caller++) {
        var key = "key-" + caller;
        calls.add(
            callers.submit(() -> {
              for (var i = 0; i < 100; i++) {
                client.call(
                    "kv", Map.of("type", "put", "key", key, "value", value), Object.class, LONG);
              }
            }));
      }
      for (var call : calls) {
        call.get(2, TimeUnit.MINUTES);
      }

      var state = daemon.inspect().getState();
      assertThat(state.getOOMKilled()).isFalse();
      assertThat(state.getRunning()).isTrue();
      assertThat(daemon.get("/healthz")).isEqualTo(200);
      assertThat(daemon.stop()).isZero();
    }
  }

  private record NodeInfo(long heapMaxBytes) {}

  private static PluginJar tally(String version, String sum) {
    return PluginJar.of("tally", version)
        .source(
            "tally.Tally",
            """
            package tally;

            import dev.genserver.sdk.*;

            public final class Tally extends GenServer<Tally.State, Tally.Call, Void> {
              public record State(long total) {}
              public sealed interface Call {
                record Add(long by) implements Call {}
              }
              public Init<State> init(Args args) {
                return ok(new State(0));
              }
              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Add(long by) -> reply(SUM, new State(SUM));
                };
              }
            }
            """
                .replace("SUM", sum))
        .plugin(
            "tally.TallyPlugin",
            """
            package tally;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class TallyPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("tally", Tally.class, Tally::new));
              }
              public List<ChildSpec> children() {
                return List.of(ChildSpec.named("tally", Tally::new));
              }
            }
            """);
  }

  /// Writes the jar so that the daemon, who is somebody else, can read it.
  private static void writeTo(Path folder, PluginJar plugin) throws IOException {
    letOthersRead(plugin.writeTo(folder));
  }

  private static void letOthersRead(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
