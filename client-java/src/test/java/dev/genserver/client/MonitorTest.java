package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MonitorTest {

  private static final ExitReason NORMAL = new ExitReason("normal", null, null, null);

  private final BlockingQueue<Down> downs = new LinkedBlockingQueue<>();

  private Down nextDown() throws InterruptedException {
    var down = downs.poll(20, TimeUnit.SECONDS);
    assertThat(down).as("a down").isNotNull();
    return down;
  }

  private static void begin(ScriptedServer.Peer peer, String ref) throws Exception {
    var request = peer.read(ClientMessage.Monitor.class);
    peer.send(
        new ServerMessage.Ok(
            request.id(), RawJson.of("{\"ref\":\"" + ref + "\",\"pid\":\"<1.42>\"}")));
  }

  private static ServerMessage.Down down(String ref) {
    return new ServerMessage.Down(ref, "<1.42>", "counter", Map.of("kind", "normal"));
  }

  @Test
  void downIsToldOnceWithPidNameAndReason() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              begin(peer, "m-1");
              peer.send(
                  new ServerMessage.Down(
                      "m-1",
                      "<1.42>",
                      "counter",
                      Map.of("kind", "error", "class", "a.B", "message", "boom")));
              peer.send(down("m-1"));
              peer.reply(peer.read(), "1");
              peer.drain();
            });
        var client = server.connect();
        var monitor = client.monitor("counter", downs::add)) {
      assertThat(monitor.pid()).contains("<1.42>");
      assertThat(nextDown())
          .isEqualTo(new Down("<1.42>", "counter", new ExitReason("error", "a.B", "boom", null)));
      client.call("counter", "get", Long.class);
      assertThat(downs).isEmpty();
    }
    assertThat(downs).isEmpty();
  }

  @Test
  void downThatComesInOnePacketWithTheOkIsNotMissed() throws Exception {
    for (var round = 0; round < 50; round++) {
      try (var server =
              ScriptedServer.start(peer -> {
                begin(peer, "m-1");
                peer.send(down("m-1"));
                peer.drain();
              });
          var client = server.connect()) {
        client.monitor("counter", downs::add);
        assertThat(nextDown().reason()).isEqualTo(NORMAL);
      }
    }
  }

  @Test
  void closedMonitorIsTakenBackAndTellsNothing() throws Exception {
    try (var server =
        ScriptedServer.start(peer -> {
          begin(peer, "m-7");
          var demonitor = peer.read(ClientMessage.Demonitor.class);
          assertThat(demonitor.ref()).isEqualTo("m-7");
          peer.send(down("m-7"));
          peer.send(new ServerMessage.Ok(demonitor.id(), null));
          peer.reply(peer.read(), "1");
          assertThat(peer.read()).as("closing again says nothing").isNull();
        })) {
      try (var client = server.connect()) {
        var monitor = client.monitor("counter", downs::add);
        monitor.close();
        monitor.close();
        client.call("counter", "get", Long.class);
      }
      server.awaitEnd();
    }
    assertThat(downs).isEmpty();
  }

  @Test
  void lostConnectionIsToldAsNoconnectionAndSoIsAMonitorAfterIt() throws Exception {
    try (var server = ScriptedServer.start(peer -> begin(peer, "m-1"));
        var client =
            GenServerClient.connect(
                server.address(), ClientOptions.defaults().whenUnconnected(Patience.FAIL))) {
      client.monitor("counter", downs::add);
      var lost = nextDown();
      assertThat(lost.pid()).isEqualTo("<1.42>");
      assertThat(lost.reason().kind()).isEqualTo(ExitReason.NOCONNECTION);
      assertThat(lost.reason().message()).contains("closed the connection");

      var again = client.monitor("counter", downs::add);
      assertThat(again.pid()).isEmpty();
      var none = nextDown();
      assertThat(none.pid()).isNull();
      assertThat(none.name()).isEqualTo("counter");
      assertThat(none.reason().kind()).isEqualTo(ExitReason.NOCONNECTION);
      assertThat(none.reason().message()).contains("there is no connection");
      client.monitor("<1.42>", downs::add);
      assertThat(nextDown().pid()).isEqualTo("<1.42>");
    }
  }

  @Test
  void connectionThatIsLostBeforeTheAnswerIsNoconnectionToo() throws Exception {
    try (var server = ScriptedServer.start(peer -> peer.read());
        var client = server.connect()) {
      client.monitor("counter", downs::add, Duration.ofSeconds(20));
      assertThat(nextDown().reason().kind()).isEqualTo(ExitReason.NOCONNECTION);
    }
  }

  @Test
  void endingDaemonIsNoconnectionToo() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              var request = peer.read();
              peer.send(
                  new ServerMessage.Failure(
                      request.id(), WireError.refused(ErrorCode.UNAVAILABLE, "it is ending")));
              peer.drain();
            });
        var client = server.connect()) {
      client.monitor("counter", downs::add);
      assertThat(nextDown())
          .isEqualTo(new Down(null, "counter", ExitReason.noConnection("it is ending")));
    }
  }

  @Test
  void closingTheClientEndsItsMonitorsAsNoconnection() throws Exception {
    try (var server =
        ScriptedServer.start(peer -> {
          begin(peer, "m-1");
          peer.drain();
        })) {
      var client = server.connect();
      client.monitor("counter", downs::add);
      client.close();
      assertThat(nextDown().reason().kind()).isEqualTo(ExitReason.NOCONNECTION);
    }
  }

  @Test
  void refusedMonitorThrowsAndTellsNothing() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              var request = peer.read();
              peer.send(
                  new ServerMessage.Failure(
                      request.id(), WireError.refused(ErrorCode.OVERLOADED, "too many")));
              peer.drain();
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.monitor("counter", downs::add))
          .isInstanceOf(OverloadedException.class)
          .hasMessage("monitor of 'counter' failed: overloaded, too many");
    }
    assertThat(downs).isEmpty();
  }

  @Test
  void monitorThatBeginsTooLateIsTakenBack() throws Exception {
    var late = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(peer -> {
              var request = peer.read(ClientMessage.Monitor.class);
              late.await(20, TimeUnit.SECONDS);
              peer.send(
                  new ServerMessage.Ok(
                      request.id(), RawJson.of("{\"ref\":\"m-1\",\"pid\":\"<1.42>\"}")));
              assertThat(peer.read(ClientMessage.Demonitor.class).ref()).isEqualTo("m-1");
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.monitor("counter", downs::add, Duration.ofMillis(50)))
          .isInstanceOf(CallTimeoutException.class);
      late.countDown();
      server.awaitEnd();
    }
    assertThat(downs).isEmpty();
  }

  @Test
  void cancellingTheFutureTakesTheMonitorBack() throws Exception {
    var late = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(peer -> {
              var request = peer.read(ClientMessage.Monitor.class);
              late.await(20, TimeUnit.SECONDS);
              peer.send(new ServerMessage.Ok(request.id(), RawJson.of("{\"ref\":\"m-1\"}")));
              assertThat(peer.read(ClientMessage.Demonitor.class).ref()).isEqualTo("m-1");
            });
        var client = server.connect()) {
      var begun = client.monitorAsync("counter", downs::add);
      begun.cancel(false);
      late.countDown();
      server.awaitEnd();
    }
    assertThat(downs).isEmpty();
  }

  @Test
  void monitorAsyncGivesTheMonitorOnceItHasBegun() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              begin(peer, "m-1");
              peer.send(down("m-1"));
              peer.drain();
            });
        var client = server.connect()) {
      var monitor = client.monitorAsync("counter", downs::add).get(20, TimeUnit.SECONDS);
      assertThat(monitor.pid()).contains("<1.42>");
      assertThat(nextDown().reason()).isEqualTo(NORMAL);
    }
  }

  @Test
  void listenerMayBlockAndFailWithoutHarmToTheConnection() throws Exception {
    var gate = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(peer -> {
              begin(peer, "m-1");
              peer.send(down("m-1"));
              peer.reply(peer.read(), "5");
              peer.drain();
            });
        var client = server.connect()) {
      var entered = new CountDownLatch(1);
      client.monitor(
          "counter",
          down -> {
            entered.countDown();
            try {
              gate.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("a listener's defect");
          });
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(client.call("counter", "get", Long.class)).isEqualTo(5);
      gate.countDown();
    }
  }

  @Test
  void answerWithoutARefIsNoMonitor() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.send(new ServerMessage.Ok(peer.read().id(), null));
              peer.drain();
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.monitor("counter", downs::add))
          .isInstanceOf(BadReplyException.class);
    }
    await().during(Duration.ofMillis(100)).until(downs::isEmpty);
  }
}
