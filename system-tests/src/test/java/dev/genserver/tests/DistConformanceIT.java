package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.ConnectionLostException;
import dev.genserver.client.Down;
import dev.genserver.client.ExitReason;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.NoProcessException;
import dev.genserver.client.Nodes;
import dev.genserver.client.Patience;
import dev.genserver.client.ProcessExitException;
import dev.genserver.client.UnavailableException;
import dev.genserver.daemon.StartException;
import dev.genserver.protocol.Executed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The rows about nodes: the other node is a daemon, and who calls is the client.
@Timeout(120)
class DistConformanceIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  private static final ClientOptions IMPATIENT =
      ClientOptions.defaults().whenUnconnected(Patience.FAIL);

  @TempDir Path folder;

  private final BlockingQueue<Down> downs = new LinkedBlockingQueue<>();

  private Down nextDown() throws InterruptedException {
    var down = downs.poll(30, TimeUnit.SECONDS);
    assertThat(down).as("a down").isNotNull();
    return down;
  }

  private DaemonFixture wayward(String name) throws StartException, IOException {
    return DaemonFixture.withWayward(Files.createDirectory(folder.resolve(name)));
  }

  private static Map<String, Object> add(long by) {
    return Map.of("type", "add", "by", by);
  }

  @Test
  void dist02_remoteCall() throws Exception {
    try (var daemon = wayward("a");
        var client = daemon.client();
        var monitor = client.monitor("wayward", downs::add)) {
      assertThat(client.call("wayward", add(3), Long.class)).isEqualTo(3);
      var pid = monitor.pid().orElseThrow();
      assertThat(client.call(pid, "get", Long.class)).isEqualTo(3);

      assertThatThrownBy(() -> client.call("nobody", "get", Long.class, LONG))
          .isInstanceOf(NoProcessException.class);

      assertThatThrownBy(() -> client.call("wayward", "crash", Long.class))
          .isInstanceOfSatisfying(
              ProcessExitException.class,
              e ->
                  assertThat(e.reason())
                      .isEqualTo(
                          new ExitReason(
                              "error", "java.lang.IllegalStateException", "told to", null)));
      assertThatThrownBy(() -> client.call(pid, "get", Long.class))
          .as("a pid is one life of a process")
          .isInstanceOf(NoProcessException.class);
    }
  }

  @Test
  void dist03_nodeGoesDuringACall() throws Exception {
    try (var daemon = wayward("a");
        var cable = Cable.to(daemon);
        var client = GenServerClient.connect(cable.address(), IMPATIENT)) {
      var sleeping = Map.of("type", "sleep", "millis", 20_000);
      var open = client.callAsync("wayward", sleeping, String.class, LONG);
      client.ping(LONG);

      cable.cut();

      assertThat(open)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE));
      assertThatThrownBy(() -> client.call("wayward", "get", Long.class, LONG))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO));
      client.cast("wayward", add(1));
      assertThat(client.casts().buffered()).as("casts that wait for the node").isEqualTo(1);
    }
  }

  @Test
  void dist04_monitorsEndAsNoconnectionWhenTheNodeGoes() throws Exception {
    try (var daemon = wayward("a");
        var cable = Cable.to(daemon);
        var client = GenServerClient.connect(cable.address(), IMPATIENT)) {
      var monitor = client.monitor("wayward", downs::add);
      var pid = monitor.pid().orElseThrow();
      client.monitor(pid, downs::add);

      cable.cut();

      var both = List.of(nextDown(), nextDown());
      assertThat(both).extracting(Down::pid).containsOnly(pid);
      assertThat(both).extracting(Down::name).containsExactlyInAnyOrder("wayward", null);
      assertThat(both)
          .extracting(down -> down.reason().kind())
          .containsOnly(ExitReason.NOCONNECTION);

      client.monitor("wayward", downs::add);
      assertThat(nextDown().reason().kind()).isEqualTo(ExitReason.NOCONNECTION);
      assertThat(downs).isEmpty();
    }
  }

  @Test
  void dist05_callAndCastToMany() throws Exception {
    var nowhere = "127.0.0.1:1";
    try (var here = wayward("here");
        var there = wayward("there");
        var without = DaemonFixture.start(Files.createDirectory(folder.resolve("none")));
        var nodes = Nodes.of(List.of(here.address(), there.address(), nowhere))) {
      var replies = nodes.call("wayward", add(3), Long.class, LONG);
      assertThat(replies.replies())
          .containsExactlyInAnyOrderEntriesOf(Map.of(here.address(), 3L, there.address(), 3L));
      assertThat(replies.badNodes()).containsExactly(nowhere);

      nodes.cast("wayward", add(4));
      Awaitility.await("both have changed")
          .untilAsserted(() ->
              assertThat(nodes.call("wayward", "get", Long.class, LONG).replies().values())
                  .containsExactly(7L, 7L));

      try (var two = Nodes.of(List.of(here.address(), without.address()))) {
        var missing = two.call("wayward", "get", Long.class, LONG);
        assertThat(missing.replies()).containsOnlyKeys(here.address());
        assertThat(missing.badNodes()).containsExactly(without.address());
        assertThat(missing.failures().get(without.address()))
            .isInstanceOf(NoProcessException.class);
      }
    }
  }

  @Test
  void monitorToldTheReasonOfEachLife() throws Exception {
    try (var daemon = wayward("a");
        var client = daemon.client()) {
      var first = client.monitor("wayward", downs::add).pid().orElseThrow();
      assertThatThrownBy(() -> client.call("wayward", "crash", Long.class))
          .isInstanceOf(ProcessExitException.class);
      var down = nextDown();
      assertThat(down.pid()).isEqualTo(first);
      assertThat(down.reason().message()).isEqualTo("told to");

      // The name may be free for a moment; whoever monitors then is told so.
      String second = null;
      while (second == null) {
        second = client.monitor("wayward", downs::add).pid().orElse(null);
        if (second == null) {
          assertThat(nextDown().reason().kind()).isEqualTo("noproc");
        }
      }
      assertThat(second).isNotEqualTo(first);
      client.monitor(first, downs::add);
      assertThat(nextDown())
          .isEqualTo(new Down(first, null, new ExitReason("noproc", null, null, null)));
    }
  }
}
