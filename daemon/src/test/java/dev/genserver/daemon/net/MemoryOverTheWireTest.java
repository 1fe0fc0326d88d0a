package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.StartOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What bounds the memory that clients can make the daemon use.
class MemoryOverTheWireTest {

  private static final int MEGABYTE = 1_000_000;

  /// Those that send may have to wait for each other.
  private static final Executor EACH_IN_A_THREAD = task -> Thread.ofPlatform().daemon().start(task);

  private static String count(int padding) {
    return "{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"count\",\"padding\":\"%s\"}}"
        .formatted("x".repeat(padding));
  }

  private static String waiting(WireFixture wire) {
    return "waiting " + wire.server.counters().get("request_bytes_waiting") / MEGABYTE;
  }

  @Test
  void connectionWithTooMuchUnfinishedIsReadNoFurtherUntilThatIsDone() throws Exception {
    var limits = Limits.of(each -> each.maxBacklog = 2 * MEGABYTE);
    try (var wire = WireFixture.start(limits);
        var peer = wire.peer();
        var other = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      var sending =
          CompletableFuture.runAsync(
              () -> {
                for (var i = 0; i < 40; i++) {
                  peer.send(count(MEGABYTE / 2));
                }
              },
              EACH_IN_A_THREAD);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") > 2 * MEGABYTE);
      // 20 MB were sent, or would have been; what is held is the limit and one reading more.
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(5 * MEGABYTE);
      assertThat(sending).isNotDone();
      assertThat(other.send("{\"op\":\"ping\",\"id\":1}").receive()).containsEntry("op", "pong");
      wire.probe.gate.release(1_000);
      sending.get(10, TimeUnit.SECONDS);
      peer.receive();
      assertThat(peer.send("{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"get\"}").receive())
          .containsEntry("result", 40L);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(wire.server.counters()).containsEntry("request_bytes_waiting", 0L));
    }
  }

  @Test
  void allTogetherMayNotHaveTooMuchUnfinishedEither() throws Exception {
    var limits = Limits.of(each -> each.maxHeld = 3 * MEGABYTE);
    try (var wire = WireFixture.start(limits);
        var first = wire.peer();
        var second = wire.peer();
        var small = wire.peer()) {
      first.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      var sending =
          CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> sendMuch(first), EACH_IN_A_THREAD),
              CompletableFuture.runAsync(() -> sendMuch(second), EACH_IN_A_THREAD));
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") > 3 * MEGABYTE);
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(8 * MEGABYTE);
      // Who asks for little is served.
      assertThat(small.send("{\"op\":\"ping\",\"id\":1}").receive()).containsEntry("op", "pong");
      wire.probe.gate.release(1_000);
      sending.get(10, TimeUnit.SECONDS);
      first.receive();
      var get = "{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"get\"}";
      first.send(get).receive();
      second.send(get).receive();
      assertThat(small.send(get).receive()).containsEntry("result", 60L);
    }
  }

  @Test
  void noLongFrameIsReadWhileAllHaveTooMuchUnfinished() throws Exception {
    var limits = Limits.of(each -> each.maxHeld = 4 * MEGABYTE);
    try (var wire = WireFixture.start(limits);
        var first = wire.peer()) {
      first.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      var peers = Stream.generate(wire::peer).limit(20).toList();
      var sending =
          peers.stream()
              .map(peer ->
                  CompletableFuture.runAsync(
                      () -> peer.send(count(MEGABYTE * 9 / 10)), EACH_IN_A_THREAD))
              .toList();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") > 4 * MEGABYTE);
      // What had its room goes on.
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(8 * MEGABYTE);
      assertThat(first.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(8 * MEGABYTE);
      wire.probe.gate.release(1_000);
      for (var each : sending) {
        each.get(10, TimeUnit.SECONDS);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(wire.server.counters()).containsEntry("request_bytes_waiting", 0L));
      peers.forEach(Peer::close);
    }
  }

  private static void sendMuch(Peer peer) {
    for (var i = 0; i < 30; i++) {
      peer.send(count(MEGABYTE / 2));
    }
  }

  @Test
  void longFramesThatArriveInPiecesTakeTheirRoomInTurns() throws Exception {
    var limits = Limits.of(each -> each.maxHeld = 2 * MEGABYTE); // and so half of that for frames
    try (var wire = WireFixture.start(limits);
        var small = wire.peer()) {
      var peers = Stream.generate(wire::peer).limit(5).toList();
      var frame = Peer.frame(count(MEGABYTE * 9 / 10));
      peers.forEach(peer -> peer.sendBytes(Arrays.copyOf(frame, frame.length / 4)));
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") > 0);
      assertThat(small.send("{\"op\":\"ping\",\"id\":1}").receive()).containsEntry("op", "pong");
      // One has taken its room, and there is none for a second.
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(MEGABYTE);

      var get = "{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"get\"}";
      var answers =
          peers.stream()
              .map(peer ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        peer.sendBytes(Arrays.copyOfRange(frame, frame.length / 4, frame.length));
                        return peer.send(get).receive();
                      },
                      EACH_IN_A_THREAD))
              .toList();
      for (var answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).containsKey("result");
      }
      assertThat(small.send(get).receive()).containsEntry("result", 5L);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(wire.server.counters()).containsEntry("request_bytes_waiting", 0L));
      peers.forEach(Peer::close);
    }
  }

  @Test
  void connectionThatIsPausedGoesOnWithAFrameThatHasItsRoom() throws Exception {
    var limits =
        Limits.of(each -> {
          each.maxBacklog = MEGABYTE / 2;
          each.maxHeld = 2 * MEGABYTE; // and so room for one frame
        });
    try (var wire = WireFixture.start(limits);
        var stuck = wire.peer();
        var other = wire.peer()) {
      stuck.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      var frame = Peer.frame(count(MEGABYTE * 9 / 10));
      var sending =
          CompletableFuture.runAsync(() -> stuck.sendBytes(repeated(frame, 10)), EACH_IN_A_THREAD);
      // It may have two that wait and one that it had begun; and none of them is on its way for
      // ever.
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") > MEGABYTE * 3 / 2);
      for (var i = 0; i < 3; i++) {
        other.send("{\"op\":\"ping\",\"pad\":\"" + "x".repeat(MEGABYTE * 9 / 10) + "\"}").receive();
      }
      assertThat(wire.server.counters().get("request_bytes_waiting")).isLessThan(2 * MEGABYTE);
      wire.probe.gate.release(1_000);
      sending.get(10, TimeUnit.SECONDS);
    }
  }

  private static byte[] repeated(byte[] bytes, int times) {
    var all = new byte[bytes.length * times];
    for (var i = 0; i < times; i++) {
      System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
    }
    return all;
  }

  @Test
  void roomOfAFrameThatNeverBecomesWholeIsGivenBack() throws Exception {
    try (var wire = WireFixture.start()) {
      try (var peer = wire.peer()) {
        peer.sendBytes(Arrays.copyOf(Peer.frame(count(MEGABYTE / 2)), MEGABYTE / 4));
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> wire.server.counters().get("request_bytes_waiting") > MEGABYTE / 2);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> wire.server.counters().get("request_bytes_waiting") == 0);
    }
  }

  @Test
  void callsThatExpiredInTheMailboxKeepNoMemory() throws Exception {
    var limits = Limits.of(each -> each.maxBacklog = 2 * MEGABYTE);
    try (var wire = WireFixture.start(limits);
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":0,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      for (var id = 1; id <= 50; id++) {
        peer.send(
            "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"timeout_ms\":0,\"msg\":\"%s\"}"
                .formatted(id, "x".repeat(MEGABYTE / 2)));
        assertThat(Peer.error(peer.receive())).containsEntry("code", "timeout");
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(waiting(wire)).isEqualTo("waiting 0"));
    }
  }

  @Test
  void castsToAProcessThatEndsAreNotCountedForEver() throws Exception {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var doomed = new Probe();
      wire.node.start(doomed, StartOptions.named("doomed")).pidOrThrow();
      peer.send("{\"op\":\"call\",\"id\":0,\"to\":\"doomed\",\"msg\":\"wait\"}");
      assertThat(doomed.atGate.await(10, TimeUnit.SECONDS)).isTrue();
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"doomed\",\"msg\":\"stop_now\"}");
      for (var i = 0; i < 10; i++) {
        peer.send(count(MEGABYTE / 2).replace("probe", "doomed"));
      }
      peer.send("{\"op\":\"ping\"}").receive();
      assertThat(wire.server.counters().get("request_bytes_waiting")).isGreaterThan(4 * MEGABYTE);
      doomed.gate.release(1_000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(wire.server.counters()).containsEntry("request_bytes_waiting", 0L));
    }
  }

  @Test
  void peerThatAsksForMoreThanItReadsIsClosedBeforeTheGraceIsOver() {
    var limits =
        Limits.of(each -> {
          each.maxAnswers = 8 * MEGABYTE;
          each.highWater = 64 * 1024;
          each.slowConsumerGrace = Duration.ofMinutes(10);
        });
    try (var wire = WireFixture.start(limits);
        var peer = new Peer(wire.server.address(), 4096)) {
      askForMuch(peer);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> wire.server.connectionCount() == 0);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(wire.server.counters()).containsEntry("answer_bytes_waiting", 0L));
    }
  }

  @Test
  void whenAllHaveTooMuchThoseAreClosedThatHaveNotReadForLongest() throws Exception {
    var limits =
        Limits.of(each -> {
          each.maxHeld = 16 * MEGABYTE;
          each.highWater = 64 * MEGABYTE;
          each.slowConsumerGrace = Duration.ofMinutes(10);
        });
    try (var wire = WireFixture.start(limits);
        var reader = wire.peer()) {
      var ask =
          "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":{\"type\":\"text\",\"length\":%d}}";
      // Each leaves 9 MB, of which the system may take some.
      var deaf = Stream.generate(() -> new Peer(wire.server.address(), 4096)).limit(6).toList();
      for (var peer : deaf) {
        for (var id = 0; id < 10; id++) {
          peer.send(ask.formatted(id, MEGABYTE * 9 / 10));
        }
        assertThat(reader.send(ask.formatted(1, MEGABYTE * 9 / 10)).receive())
            .containsEntry("op", "reply");
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> {
            assertThat(wire.server.connectionCount()).isBetween(2, 4);
            assertThat(wire.server.counters().get("answer_bytes_waiting"))
                .isBetween(1L, 16L * MEGABYTE);
          });
      assertThat(deaf.getLast().receive()).containsEntry("op", "reply");
      deaf.forEach(Peer::close);
    }
  }

  private static void askForMuch(Peer peer) {
    try {
      for (var id = 0; id < 100; id++) {
        peer.send(
            "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":{\"type\":\"text\",\"length\":%d}}"
                .formatted(id, MEGABYTE / 2));
      }
    } catch (UncheckedIOException _) {
      // It was closed before all was asked.
    }
  }
}
