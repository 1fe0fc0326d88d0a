package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.GenServerClient;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the machine may run out of: file descriptors, and somewhere to put the log.
@Timeout(120)
class FaultOfResourcesIT {

  private static final int FILES = 150;

  /// More than pipes and the daemon itself keep.
  private static final int MANY_LINES = 20_000;

  @TempDir Path folder;

  private Path plugins;

  @BeforeEach
  void writePlugin() {
    plugins = folder.resolve("plugins");
    FaultyPlugin.JAR.writeTo(plugins);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void daemonWithoutFileDescriptorsServesWhomItHasAndLetsOthersInLater() throws Exception {
    try (var daemon = HardDaemon.with(plugins).after("ulimit -n " + FILES).start();
        var client = daemon.client()) {
      assertThat(ping(client)).isEqualTo("pong");
      var crowd = crowd(daemon.port());
      await("the daemon has no descriptors left")
          .atMost(Duration.ofSeconds(20))
          .until(() -> daemon.openFiles() >= FILES - 1);
      var cpuBefore = daemon.cpu();

      await("those who are connected are served")
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(20))
          .until(() -> ping(client).equals("pong"));

      assertThat(daemon.cpu().minus(cpuBefore))
          .as("processor time of five seconds without descriptors")
          .isLessThan(Duration.ofMillis(2_500));
      assertThat(daemon.log())
          .containsOnlyOnce("connections cannot be accepted")
          .contains("Too many open files")
          .doesNotContain("DefaultChannelPipeline");
      for (var socket : crowd) {
        socket.close();
      }
      try (var late = daemon.client()) {
        assertThat(ping(late)).isEqualTo("pong");
      }
    }
  }

  private static List<Socket> crowd(int port) throws IOException {
    var crowd = new ArrayList<Socket>();
    for (var i = 0; i < 2 * FILES; i++) {
      crowd.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }
    return crowd;
  }

  @Test
  void logThatNobodyReadsDelaysNobodyAndTellsWhatItHasLost() throws Exception {
    try (var daemon = HardDaemon.with(plugins).errorsTo(Redirect.PIPE).start();
        var client = daemon.client()) {
      writeMuch(client);
      assertThat(ping(client)).isEqualTo("pong");

      try (var errors = daemon.process.errorReader()) {
        var told = errors.lines().anyMatch(line -> line.contains("output discarded stream=stderr"));
        assertThat(told).as("the log, once it is read, tells what is missing").isTrue();
      }
    }
  }

  @Test
  void logWhoseReaderHasGoneDelaysNobody() throws Exception {
    try (var daemon = HardDaemon.with(plugins).errorsTo(Redirect.PIPE).start();
        var client = daemon.client()) {
      daemon.process.getErrorStream().close();
      daemon.process.getInputStream().close();
      writeMuch(client);
      assertThat(ping(client)).isEqualTo("pong");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void logOnAFullDiskDelaysNobody() throws Exception {
    var full = Redirect.to(new File("/dev/full"));
    try (var daemon = HardDaemon.with(plugins).errorsTo(full).start();
        var client = daemon.client()) {
      writeMuch(client);
      assertThat(ping(client)).isEqualTo("pong");
    }
  }

  /// Has a process log, and print to both of its standard streams.
  private static void writeMuch(GenServerClient client) {
    for (var how : List.of("log", "print")) {
      var write = Map.of("type", how, "lines", MANY_LINES);
      assertThat(client.call("faulty", write, String.class, Duration.ofSeconds(30)))
          .isEqualTo("written");
    }
  }

  private static String ping(GenServerClient client) {
    return client.call("faulty", "ping", String.class);
  }
}
