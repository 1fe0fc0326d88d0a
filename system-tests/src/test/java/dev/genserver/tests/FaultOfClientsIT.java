package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.ConnectionLostException;
import dev.genserver.client.GenServerClient;
import dev.genserver.protocol.Executed;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that die and networks that fail: the others are served, nothing is left of the gone, and
/// what a caller is told is true.
@Timeout(120)
class FaultOfClientsIT {

  private static final Map<String, Object> ADD = Map.of("type", "add", "by", 1);

  private static final ClientOptions IMPATIENT =
      ClientOptions.defaults().closeTimeout(Duration.ofMillis(100));

  @TempDir Path plugins;

  @BeforeEach
  void writePlugin() {
    DaemonFixture.WAYWARD.writeTo(plugins);
  }

  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest(name = "in the middle of a frame: {0}")
  @ValueSource(booleans = {false, true})
  void killedClientsLeaveNothingAndTheirQueuedCallsAreNeverStarted(boolean midFrame)
      throws Exception {
    try (var daemon = HardDaemon.with(plugins).start();
        var client = daemon.client()) {
      assertThat(client.call("wayward", "get", Long.class)).isZero();
      client.call("sys.processes", Map.of("type", "suspend", "process", "wayward"), Object.class);
      var filesBefore = daemon.openFiles();
      var doomed = new ArrayList<Process>();
      for (var i = 0; i < 3; i++) {
        doomed.add(DoomedClient.start(daemon.address, 10, midFrame));
      }
      assertThat(daemon.openFiles()).isEqualTo(filesBefore + 3);
      assertThat(queued(client)).isEqualTo(30);

      doomed.forEach(Process::destroyForcibly);

      await("their sockets are closed")
          .atMost(Duration.ofSeconds(30))
          .until(() -> daemon.openFiles() == filesBefore);
      client.call("sys.processes", Map.of("type", "resume", "process", "wayward"), Object.class);
      assertThat(client.call("wayward", "get", Long.class)).as("calls that ran").isZero();
    }
  }

  private static Object queued(GenServerClient client) {
    var info = Map.of("type", "info", "process", "wayward");
    return client.call("sys.processes", info, Map.class).get("queued");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void peerThatIsSilentlyGoneIsForgottenAfterTheIdleTimeout() throws Exception {
    try (var daemon = HardDaemon.with(plugins).flags("--connection-idle-timeout", "2s").start();
        var client = daemon.client()) {
      client.ping(Duration.ofSeconds(5));
      var filesBefore = daemon.openFiles();
      try (var cable = steady(daemon);
          var far = GenServerClient.connect(cable.address(), IMPATIENT)) {
        var monitor = far.monitor("wayward", _ -> {});
        assertThat(monitor.pid()).isPresent();
        var sleep = Map.of("type", "sleep", "millis", 100);
        far.callAsync("wayward", sleep, String.class, Duration.ofSeconds(60));

        cable.freeze();

        await("its socket is closed")
            .atMost(Duration.ofSeconds(30))
            .until(() -> daemon.openFiles() == filesBefore);
        assertThat(client.call("wayward", "get", Long.class)).isZero();
      }
    }
  }

  @Test
  void bytesThatComeOneByOneAreUnderstoodInBothDirections() throws Exception {
    try (var daemon = DaemonFixture.start(plugins);
        var cable = Cable.to(daemon.daemon.address(), Cable::crumble, Cable::crumble);
        var far = GenServerClient.connect(cable.address())) {
      for (var total = 1L; total <= 20; total++) {
        assertThat(far.call("wayward", ADD, Long.class)).isEqualTo(total);
      }
    }
  }

  @Test
  void networkThatHangsDelaysCallsAndLosesNone() throws Exception {
    var release = new CountDownLatch(1);
    try (var daemon = DaemonFixture.start(plugins);
        var client = daemon.client();
        var cable =
            Cable.to(
                daemon.daemon.address(),
                Cable.hangAfter(500, release),
                Cable.hangAfter(1_000, release));
        var far = GenServerClient.connect(cable.address())) {
      var delayed = new ArrayList<CompletableFuture<Long>>();
      for (var i = 0; i < 100; i++) {
        delayed.add(far.callAsync("wayward", ADD, Long.class, Duration.ofSeconds(60)));
      }
      assertThat(client.call("wayward", "get", Long.class)).as("a call meanwhile").isLessThan(100);
      assertThat(delayed.getLast()).isNotDone();

      release.countDown();

      assertThat(delayed.stream().map(CompletableFuture::join))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    }
  }

  @ParameterizedTest(name = "after {0} bytes")
  @ValueSource(ints = {1, 4, 5, 60})
  void requestThatIsCutOffWithinItsFrameIsNotExecuted(int bytes) throws Exception {
    try (var daemon = DaemonFixture.start(plugins);
        var client = daemon.client();
        var cable =
            Cable.to(daemon.daemon.address(), snapAfterHello(bytes), InputStream::transferTo);
        var far = GenServerClient.connect(cable.address())) {
      assertThatThrownBy(() -> far.call("wayward", ADD, Long.class))
          .isInstanceOf(ConnectionLostException.class);
      assertThat(client.call("wayward", "get", Long.class)).isZero();
    }
  }

  /// Carries the first frame, which is that of the hello or the welcome, and so much of the next.
  private static Cable.Carrier snapAfterHello(int bytes) {
    return (from, to) -> {
      var length = from.readNBytes(4);
      to.write(length);
      to.write(from.readNBytes(((length[2] & 0xff) << 8) | (length[3] & 0xff)));
      Cable.snapAfter(bytes).carry(from, to);
    };
  }

  @Test
  void callWhoseAnswerIsLostOnTheWayMayHaveBeenExecutedAndWas() throws Exception {
    try (var daemon = DaemonFixture.start(plugins);
        var client = daemon.client();
        var cable = Cable.to(daemon.daemon.address(), InputStream::transferTo, snapAfterHello(9));
        var far = GenServerClient.connect(cable.address())) {
      var lost = far.callAsync("wayward", ADD, Long.class);
      assertThatThrownBy(lost::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE));
      assertThat(client.call("wayward", "get", Long.class)).isEqualTo(1);
    }
  }

  private static Cable steady(HardDaemon daemon) {
    return Cable.to(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()),
        InputStream::transferTo,
        InputStream::transferTo);
  }
}
