package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.genserver.sdk.ExitReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CallsOverTheWireTest {

  private static String call(int id, String msg) {
    return "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":%s}".formatted(id, msg);
  }

  private static String call(int id, String msg, int timeoutMs) {
    return "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":%s,\"timeout_ms\":%d}"
        .formatted(id, msg, timeoutMs);
  }

  @Test
  void callIsAnsweredWithItsIdAndResult() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(7, "{\"type\":\"add\",\"by\":3}"));
      assertThat(peer.receive())
          .containsOnly(entry("op", "reply"), entry("id", 7L), entry("result", 3L));
    }
  }

  @Test
  void bareStringIsShortForItsType() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      assertThat(peer.send(call(1, "\"get\"")).receive()).containsEntry("result", 0L);
    }
  }

  @Test
  void idMayBeTextAndIsEchoed() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":\"ü-1\",\"to\":\"probe\",\"msg\":\"get\"}");
      assertThat(peer.receive()).containsEntry("id", "ü-1").containsEntry("op", "reply");
    }
  }

  @Test
  void requestsOfOneConnectionReachTheMailboxInOrder() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var i = 0; i < 50; i++) {
        peer.send(
            "{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":%d}}"
                .formatted(2 * i));
        peer.send(call(i, "{\"type\":\"add\",\"by\":%d}".formatted(2 * i + 1)));
      }
      peer.send(call(99, "\"log\""));
      Map<String, Object> answer;
      do {
        answer = peer.receive();
      } while (!answer.get("id").equals(99L));
      var expected =
          IntStream.range(0, 100).mapToObj(i -> (i % 2 == 0 ? "cast " : "call ") + i).toList();
      assertThat(answer.get("result")).isEqualTo(expected);
    }
  }

  @Test
  void callToUnknownNameFailsAtOnceWithASuggestion() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"prove\",\"msg\":1,\"timeout_ms\":60000}");
      var answer = peer.receive();
      assertThat(Peer.error(answer))
          .containsEntry("code", "noproc")
          .containsEntry("executed", "no")
          .containsEntry("message", "no process has the name 'prove'; did you mean 'probe'?");
      assertThat(Peer.details(answer)).containsEntry("did_you_mean", "probe");
    }
  }

  @Test
  void pidNamesOneIncarnation() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var byPid = "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":\"get\"}".formatted(wire.pid);
      assertThat(peer.send(byPid).receive()).containsEntry("op", "reply");
      wire.node.exit(wire.pid, ExitReason.KILL);
      assertThat(Peer.error(peer.send(byPid).receive())).containsEntry("code", "noproc");
    }
  }

  @Test
  void handlerAtWorkPastTheTimeoutEndsTheCallAtTheTimeout() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var before = System.nanoTime();
      var answer = peer.send(call(1, "\"wait\"", 150)).receive();
      var took = Duration.ofNanos(System.nanoTime() - before);
      assertThat(Peer.error(answer))
          .containsEntry("code", "timeout")
          .containsEntry("executed", "maybe");
      assertThat(Peer.details(answer)).containsEntry("phase", "running");
      assertThat((Long) Peer.details(answer).get("running_ms")).isBetween(100L, 5_000L);
      assertThat(took).isBetween(Duration.ofMillis(150), Duration.ofSeconds(5));
    }
  }

  @Test
  void callWhoseTimeIsUpInTheQueueIsNeverStarted() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(1, "\"wait\"", 60_000));
      wire.awaitGate();
      var answer = peer.send(call(2, "{\"type\":\"add\",\"by\":5}", 100)).receive();
      assertThat(answer).containsEntry("id", 2L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "timeout")
          .containsEntry("executed", "no");
      assertThat(Peer.details(answer)).containsEntry("phase", "queued");
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("id", 1L).containsEntry("result", "waited");
      assertThat(peer.send(call(3, "\"get\"")).receive()).containsEntry("result", 0L);
    }
  }

  @Test
  void callToASuspendedProcessIsUnavailableWhenItsTimeIsUpAndIsNeverStarted() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      wire.node.sys().suspend(wire.pid);
      var answer = peer.send(call(1, "{\"type\":\"add\",\"by\":5}", 100)).receive();
      assertThat(answer).containsEntry("id", 1L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "unavailable")
          .containsEntry("executed", "no");
      assertThat(Peer.details(answer)).containsEntry("phase", "queued");
      wire.node.sys().resume(wire.pid);
      assertThat(peer.send(call(2, "\"get\"")).receive()).containsEntry("result", 0L);
    }
  }

  @Test
  void deferredReplyThatDoesNotComeTimesOutAsWaiting() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send(call(1, "\"never_reply\"", 100)).receive();
      assertThat(Peer.error(answer))
          .containsEntry("code", "timeout")
          .containsEntry("executed", "maybe");
      assertThat(Peer.details(answer)).containsEntry("phase", "waiting");
    }
  }

  @Test
  void crashEndsTheCallItsDeferredAndQueuedNeighboursWithTheReason() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(1, "\"never_reply\""));
      peer.send(call(2, "\"wait\""));
      wire.awaitGate();
      peer.send(call(3, "{\"type\":\"crash\",\"message\":\"boom\"}"));
      peer.send(call(4, "\"get\""));
      peer.send("{\"op\":\"ping\"}");
      assertThat(peer.receive()).containsEntry("op", "pong");
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("id", 2L).containsEntry("op", "reply");
      for (var i = 0; i < 3; i++) {
        var answer = peer.receive();
        assertThat(Peer.error(answer))
            .containsEntry("code", "exit")
            .containsEntry("executed", answer.get("id").equals(4L) ? "no" : "maybe");
        assertThat(Peer.details(answer)).containsEntry("pid", wire.pid.toString());
        assertThat(Peer.details(answer).get("reason"))
            .isEqualTo(
                Map.of(
                    "kind",
                    "error",
                    "message",
                    "boom",
                    "class",
                    "java.lang.IllegalStateException"));
      }
    }
  }

  @Test
  void stopWithoutAReplyEndsTheCallAsNormal() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send(call(1, "\"stop_now\"")).receive();
      assertThat(Peer.error(answer)).containsEntry("code", "exit");
      assertThat(Peer.details(answer).get("reason")).isEqualTo(Map.of("kind", "normal"));
    }
  }

  @Test
  void secondOpenCallWithTheSameIdIsRefusedAndTheFirstIsUntouched() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(1, "\"wait\""));
      wire.awaitGate();
      var refused = peer.send(call(1, "\"get\"")).receive();
      assertThat(Peer.error(refused)).containsEntry("code", "bad_request");
      assertThat(Peer.details(refused)).containsEntry("duplicate_id", true);
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("result", "waited");
      assertThat(peer.send(call(1, "\"get\"")).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void messageThatTheProcessDoesNotTakeIsRefusedAndTheProcessGoesOn() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(1, "{\"type\":\"add\",\"by\":2}")).receive();
      for (var bad :
          List.of(
              "\"gett\"", "{\"type\":\"add\"}", "{\"type\":\"add\",\"by\":\"3\"}", "3", "null")) {
        var answer = peer.send(call(2, bad)).receive();
        assertThat(Peer.error(answer))
            .as(bad)
            .containsEntry("code", "bad_message")
            .containsEntry("executed", "no");
        assertThat(answer).containsEntry("id", 2L);
      }
      assertThat(peer.send(call(3, "\"get\"")).receive()).containsEntry("result", 2L);
    }
  }

  @Test
  void cancelEndsAQueuedCallUnexecuted() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(call(1, "\"wait\""));
      wire.awaitGate();
      peer.send(call(2, "{\"type\":\"add\",\"by\":1}"));
      var answer = peer.send("{\"op\":\"cancel\",\"id\":2}").receive();
      assertThat(answer).containsEntry("id", 2L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "cancelled")
          .containsEntry("executed", "no");
      var running = peer.send("{\"op\":\"cancel\",\"id\":1}").receive();
      assertThat(Peer.error(running))
          .containsEntry("code", "cancelled")
          .containsEntry("executed", "maybe");
      wire.probe.gate.release();
      peer.send("{\"op\":\"cancel\",\"id\":1}");
      assertThat(peer.send(call(3, "\"get\"")).receive())
          .containsEntry("id", 3L)
          .containsEntry("result", 0L);
    }
  }

  @Test
  void lostConnectionCancelsItsQueuedCallsButNotItsCasts() throws InterruptedException {
    try (var wire = WireFixture.start();
        var other = wire.peer()) {
      try (var peer = wire.peer()) {
        peer.send(call(1, "\"wait\"", 60_000));
        wire.awaitGate();
        peer.send(call(2, "{\"type\":\"add\",\"by\":1}", 60_000));
        peer.send("{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":10}}");
        peer.send("{\"op\":\"ping\",\"id\":9}");
        assertThat(peer.receive()).containsEntry("id", 9L);
      }
      var recipient = wire.node.locate("probe").orElseThrow();
      Awaitility.await("the cast is queued").until(() -> recipient.queued() >= 2);
      Awaitility.await("the connection is gone").until(() -> wire.server.connectionCount() == 1);
      wire.probe.gate.release();
      assertThat(other.send(call(1, "\"log\"")).receive())
          .containsEntry("result", List.of("cast 10"));
    }
  }

  @Test
  void moreOpenCallsThanAllowedAreOverloadedAndTheSocketStaysOpen() throws InterruptedException {
    var two = Limits.of(limits -> limits.maxInFlight = 2);
    try (var wire = WireFixture.start(two);
        var peer = wire.peer()) {
      peer.send(call(1, "\"wait\"")).send(call(2, "\"get\""));
      wire.awaitGate();
      var answer = peer.send(call(3, "\"get\"")).receive();
      assertThat(answer).containsEntry("id", 3L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "overloaded")
          .containsEntry("executed", "no");
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("id", 1L);
      assertThat(peer.receive()).containsEntry("id", 2L);
      assertThat(peer.send(call(4, "\"get\"")).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void fullMailboxRefusesCallsAndConfirmedCasts() throws InterruptedException {
    try (var wire = WireFixture.start(options -> options.maxQueue(3));
        var peer = wire.peer()) {
      peer.send(call(1, "\"wait\""));
      wire.awaitGate();
      for (var id = 2; id <= 4; id++) {
        peer.send(call(id, "\"get\""));
      }
      var refusedCall = peer.send(call(5, "\"get\"")).receive();
      assertThat(Peer.error(refusedCall)).containsEntry("code", "overloaded");
      assertThat(Peer.details(refusedCall)).containsEntry("queued", 3L).containsEntry("limit", 3L);
      peer.send("{\"op\":\"cast\",\"id\":6,\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}");
      assertThat(Peer.error(peer.receive())).containsEntry("code", "overloaded");
      wire.probe.gate.release();
      for (var id = 1L; id <= 4; id++) {
        assertThat(peer.receive()).containsEntry("id", id).containsEntry("op", "reply");
      }
    }
  }

  @Test
  void replyBeyondTheFrameLimitIsToldAsSuch() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send(call(1, "{\"type\":\"text\",\"length\":1100000}")).receive();
      assertThat(Peer.error(answer))
          .containsEntry("code", "result_too_large")
          .containsEntry("executed", "yes");
      var almost = peer.send(call(2, "{\"type\":\"text\",\"length\":1048576}")).receive();
      assertThat(Peer.error(almost)).containsEntry("code", "result_too_large");
    }
  }

  @Test
  void replyThatIsNoJsonIsAnInternalErrorWithAnIncident() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send(call(1, "\"odd\"")).receive();
      assertThat(Peer.error(answer))
          .containsEntry("code", "internal")
          .containsEntry("executed", "yes");
      assertThat(Peer.details(answer)).containsKey("incident");
      assertThat(peer.send(call(2, "\"get\"")).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void metaIsHandedToTheProcess() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(
          "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"meta\",\"meta\":{\"user\":\"ann\"}}");
      assertThat(peer.receive()).containsEntry("result", Map.of("user", "ann"));
    }
  }

  @Test
  void infinityIsRefusedUnlessAllowed() {
    var message =
        "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"get\",\"timeout_ms\":\"infinity\"}";
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      assertThat(Peer.error(peer.send(message).receive())).containsEntry("code", "bad_request");
    }
    var allowing = Limits.of(limits -> limits.allowInfinity = true);
    try (var wire = WireFixture.start(allowing);
        var peer = wire.peer()) {
      assertThat(peer.send(message).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void finiteTimeoutsAreCutToTheLimitThatTheWelcomeTellsEvenWhereInfinityIsAllowed() {
    var allowing =
        Limits.of(limits -> {
          limits.allowInfinity = true;
          limits.maxTimeout = Duration.ofMillis(100);
        });
    try (var wire = WireFixture.start(allowing);
        var peer = wire.peer()) {
      assertThat(peer.send("{\"op\":\"hello\",\"id\":1,\"versions\":[1]}").receive().get("limits"))
          .asInstanceOf(InstanceOfAssertFactories.MAP)
          .containsEntry("max_timeout_ms", 100L);
      assertThat(Peer.error(peer.send(call(2, "\"wait\"", 60_000)).receive()))
          .containsEntry("code", "timeout");
    }
  }

  @Test
  void timeoutAboveTheLimitIsCutToIt() {
    var short1 = Limits.of(limits -> limits.maxTimeout = Duration.ofMillis(100));
    try (var wire = WireFixture.start(short1);
        var peer = wire.peer()) {
      assertThat(Peer.error(peer.send(call(1, "\"wait\"", 60_000)).receive()))
          .containsEntry("code", "timeout");
    }
  }

  @Test
  void silentCastIsNeverAnsweredNotEvenToNobody() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"cast\",\"to\":\"nobody\",\"msg\":1}");
      peer.send("{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"nonsense\"}}");
      peer.send("{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}");
      assertThat(peer.send(call(1, "\"get\"")).receive())
          .containsEntry("id", 1L)
          .containsEntry("result", 1L);
    }
  }

  @Test
  void castWithAnIdIsConfirmedOrRefused() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"cast\",\"id\":1,\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}");
      assertThat(peer.receive()).containsOnly(entry("op", "ok"), entry("id", 1L));
      peer.send("{\"op\":\"cast\",\"id\":2,\"to\":\"nobody\",\"msg\":1}");
      assertThat(Peer.error(peer.receive())).containsEntry("code", "noproc");
      peer.send("{\"op\":\"cast\",\"id\":3,\"to\":\"probe\",\"msg\":{\"type\":\"ad\",\"by\":1}}");
      assertThat(Peer.error(peer.receive())).containsEntry("code", "bad_message");
    }
  }
}
