package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ConnectionLostException;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.NoProcessException;
import dev.genserver.client.ProcessExitException;
import dev.genserver.client.RefusedException;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plugins that take more than their share of the JVM that they have in common.
@Timeout(120)
class FaultOfPluginsIT {

  /// The exit code of a JVM that `-XX:+ExitOnOutOfMemoryError` has ended.
  private static final int OUT_OF_MEMORY = 3;

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Path plugins;

  @BeforeEach
  void writePlugins() {
    plugins = folder.resolve("plugins");
    FaultyPlugin.JAR.writeTo(plugins);
    DaemonFixture.WAYWARD.writeTo(plugins);
  }

  private HardDaemon start() throws IOException {
    return HardDaemon.with(plugins).jvm("-Xmx128m").start();
  }

  @Test
  void endlessRecursionEndsItsProcessAlone() throws Exception {
    try (var daemon = start();
        var client = daemon.client()) {
      addThree(client);
      assertThatThrownBy(() -> client.call("faulty", "recurse", Long.class, LONG))
          .isInstanceOf(ProcessExitException.class)
          .hasMessageContaining("java.lang.StackOverflowError");
      awaitRestart(client);
      assertBystanderKeptItsState(client);
    }
  }

  @Test
  void replyOfManyMegabytesIsRefusedAndItsMemoryComesBack() throws Exception {
    try (var daemon = start();
        var client = daemon.client()) {
      addThree(client);
      var before = usedMemory(client);
      var text = Map.of("type", "text", "length", 60_000_000);
      for (var i = 0; i < 5; i++) {
        assertThatThrownBy(() -> client.call("faulty", text, String.class, LONG))
            .isInstanceOfSatisfying(
                RefusedException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.RESULT_TOO_LARGE);
                  assertThat(e.executed()).isEqualTo(Executed.YES);
                });
      }
      assertThat(usedMemory(client)).isLessThan(before + 30_000_000);
      assertBystanderKeptItsState(client);
    }
  }

  @Test
  void thousandThreadsOfAPluginLeaveRoomForTheOthers() throws Exception {
    try (var daemon = start();
        var client = daemon.client()) {
      addThree(client);
      var threads = Map.of("type", "start_threads", "count", 1_000);
      assertThat(client.call("faulty", threads, String.class, LONG)).isEqualTo("started");
      assertBystanderKeptItsState(client);
    }
  }

  @Test
  void processThatFillsTheHeapEndsTheDaemonWhichIsWhatItsOptionsSay() throws Exception {
    try (var daemon = start();
        var client = daemon.client()) {
      addThree(client);
      var waiting =
          client.callAsync(
              "wayward", Map.of("type", "sleep", "millis", 60_000), String.class, LONG);
      var keep = Map.of("type", "keep", "bytes", 1_000_000);
      assertThatThrownBy(
              () -> {
                for (var i = 0; i < 1_000; i++) {
                  client.call("faulty", keep, Long.class, LONG);
                }
              })
          .isInstanceOf(ConnectionLostException.class);

      assertThat(daemon.awaitExit()).isEqualTo(OUT_OF_MEMORY);
      assertThat(daemon.restOfOutput()).contains("java.lang.OutOfMemoryError");
      assertThatThrownBy(waiting::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE));
    }
  }

  @Test
  void systemExitOfAPluginEndsTheDaemonInOrderAndNamesTheProcess() throws Exception {
    try (var daemon = start();
        var client = daemon.client()) {
      var slept =
          client.callAsync("wayward", Map.of("type", "sleep", "millis", 700), String.class, LONG);
      client.ping(LONG);
      assertThatThrownBy(
              () -> client.call("faulty", Map.of("type", "exit", "code", 0), Object.class, LONG))
          .isInstanceOf(ProcessExitException.class);

      assertThat(slept.join()).isEqualTo("slept");
      assertThat(daemon.awaitExit()).as("not the plugin's exit code").isEqualTo(70);
      assertThat(daemon.log()).contains("System.exit is called by process name='faulty' pid=<");
    }
  }

  private static void addThree(GenServerClient client) {
    client.call("wayward", Map.of("type", "add", "by", 3), Long.class);
  }

  private static void assertBystanderKeptItsState(GenServerClient client) {
    assertThat(client.call("wayward", "get", Long.class)).isEqualTo(3);
  }

  private static Long usedMemory(GenServerClient client) {
    return client.call("faulty", "used_memory", Long.class, LONG);
  }

  private static void awaitRestart(GenServerClient client) {
    await("faulty is back")
        .ignoreExceptionsInstanceOf(NoProcessException.class)
        .until(() -> client.call("faulty", "ping", String.class), "pong"::equals);
  }
}
