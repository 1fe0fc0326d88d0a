package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LifeOfAConnectionTest {

  private static final String GET = "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"get\"}";
  private static final String WAIT = "{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"wait\"}";

  @Test
  void helloIsWelcomedWithTheLimits() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var welcome = peer.send("{\"op\":\"hello\",\"id\":1,\"versions\":[2,1]}").receive();
      assertThat(welcome)
          .containsEntry("op", "welcome")
          .containsEntry("id", 1L)
          .containsEntry("version", 1L)
          .containsEntry("server", "genserverd test");
      assertThat(welcome.get("limits"))
          .isEqualTo(
              Map.of(
                  "max_frame", 1048576L,
                  "max_in_flight", 1024L,
                  "max_timeout_ms", 3600000L,
                  "default_timeout_ms", 5000L,
                  "idle_ms", 90000L));
    }
  }

  @Test
  void versionsThatAreNotSpokenAreRefusedWithThoseThatAre() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send("{\"op\":\"hello\",\"id\":1,\"versions\":[7]}").receive();
      assertThat(Peer.error(answer)).containsEntry("code", "unsupported_version");
      assertThat(Peer.details(answer)).containsEntry("supported", List.of(1L));
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void pingIsAnsweredWithItsId() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      assertThat(peer.send("{\"op\":\"ping\",\"id\":\"p\"}").receive())
          .isEqualTo(Map.of("op", "pong", "id", "p"));
      assertThat(peer.send("{\"op\":\"ping\"}").receive()).isEqualTo(Map.of("op", "pong"));
    }
  }

  @Test
  void drainTellsGoodbyeFinishesWhatWasReadAndRefusesTheRest() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(WAIT);
      wire.awaitGate();
      var drained = CompletableFuture.supplyAsync(() -> wire.server.drain(Duration.ofSeconds(10)));
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unavailable")
          .containsEntry("grace_ms", 10_000L);
      assertThat(Peer.error(peer.send(GET).receive()))
          .containsEntry("code", "unavailable")
          .containsEntry("executed", "no");
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("id", 2L).containsEntry("result", "waited");
      assertThat(peer.rest()).isEmpty();
      assertThat(drained.join()).isTrue();
    }
  }

  @Test
  void drainThatTakesTooLongSaysSo() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(WAIT);
      wire.awaitGate();
      assertThat(wire.server.drain(Duration.ofMillis(100))).isFalse();
    }
  }

  @Test
  void idleConnectionIsPingedAndThenClosedByName() {
    var impatient = Limits.of(limits -> limits.idle = Duration.ofMillis(400));
    try (var wire = WireFixture.start(impatient);
        var peer = wire.peer()) {
      peer.send(GET).receive();
      assertThat(peer.receive()).isEqualTo(Map.of("op", "ping"));
      peer.send("{\"op\":\"ping\"}");
      assertThat(peer.receive()).containsEntry("op", "pong");
      assertThat(peer.receive()).isEqualTo(Map.of("op", "ping"));
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unavailable");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void connectionThatIsNotReadForAFullMailboxIsPingedAndNotClosed() throws InterruptedException {
    var impatient = Limits.of(limits -> limits.idle = Duration.ofMillis(200));
    try (var wire = WireFixture.start(impatient, options -> options.maxQueue(2));
        var caller = wire.peer();
        var peer = wire.peer()) {
      caller.send(WAIT);
      wire.awaitGate();
      for (var i = 0; i < 10; i++) {
        peer.send(
            "{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"count\",\"padding\":\"\"}}");
      }
      for (var i = 0; i < 4; i++) {
        assertThat(peer.receive()).isEqualTo(Map.of("op", "ping"));
      }
      wire.probe.gate.release();
      Awaitility.await("all casts are handled")
          .untilAsserted(() -> assertThat(peer.send(GET).receive()).containsEntry("result", 10L));
    }
  }

  @Test
  void connectionBeyondTheLimitIsToldSo() {
    var one = Limits.of(limits -> limits.maxConnections = 1);
    try (var wire = WireFixture.start(one);
        var first = wire.peer()) {
      assertThat(first.send(GET).receive()).containsEntry("op", "reply");
      try (var second = wire.peer()) {
        assertThat(second.receive())
            .containsEntry("op", "goodbye")
            .containsEntry("code", "overloaded");
      }
      assertThat(first.send(GET).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void silentCastsToAFullMailboxSlowTheirSenderAndAreAllHandledInTheEnd()
      throws InterruptedException {
    try (var wire = WireFixture.start(options -> options.maxQueue(100));
        var peer = wire.peer();
        var other = wire.peer()) {
      peer.send(WAIT);
      wire.awaitGate();
      var cast =
          Peer.frame(
              "{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"count\",\"padding\":\"%s\"}}"
                  .formatted("x".repeat(1000)));
      var casts = 30_000;
      var sender =
          CompletableFuture.runAsync(() -> {
            for (var i = 0; i < casts; i++) {
              peer.sendBytes(cast);
            }
          });
      var recipient = wire.node.locate("probe").orElseThrow();
      Awaitility.await("the mailbox is full").until(() -> recipient.queued() >= 100);
      assertThat(other.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
      assertThat(recipient.queued()).isLessThan(5_000);
      assertThat(sender).isNotDone();
      wire.probe.gate.release();
      sender.join();
      assertThat(peer.receive()).containsEntry("id", 2L);
      Awaitility.await("all casts are handled")
          .untilAsserted(
              () -> assertThat(peer.send(GET).receive()).containsEntry("result", (long) casts));
    }
  }

  @Test
  void peerThatDoesNotReadItsAnswersIsClosedAfterTheGrace() {
    var strict =
        Limits.of(limits -> {
          limits.highWater = 64 * 1024;
          limits.slowConsumerGrace = Duration.ofMillis(300);
        });
    try (var wire = WireFixture.start(strict);
        var peer = new Peer(wire.server.address(), 4096)) {
      for (var id = 0; id < 200; id++) {
        peer.send(
            "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":{\"type\":\"text\",\"length\":500000}}"
                .formatted(id));
      }
      Awaitility.await("the slow consumer is closed")
          .until(() -> wire.server.connectionCount() == 0);
      try (var other = wire.peer()) {
        assertThat(other.send(GET).receive()).containsEntry("op", "reply");
      }
    }
  }
}
