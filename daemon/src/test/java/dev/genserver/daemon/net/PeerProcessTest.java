package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A client as the processes see it: by the pid that stands for its connection.
class PeerProcessTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static String call(String msg) {
    return "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":%s}".formatted(msg);
  }

  private static List<String> log(WireFixture wire) {
    return List.copyOf(
        wire.node.<List<String>>call(ServerRef.named("probe"), new Probe.Call.Log(), cast()));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the probe's log is a list of strings
  private static Class<List<String>> cast() {
    return (Class) List.class;
  }

  private static void awaitLog(WireFixture wire, String entry) {
    Awaitility.await("the log has " + entry).until(() -> log(wire), l -> l.contains(entry));
  }

  private static String pidOf(Peer peer) {
    return (String) peer.send(call("\"who_am_i\"")).receive().get("result");
  }

  @Test
  void connectionHasOnePidOfItsOwn() {
    try (var wire = WireFixture.start();
        var one = wire.peer();
        var two = wire.peer()) {
      assertThat(pidOf(one)).isEqualTo(pidOf(one)).isNotEqualTo(pidOf(two));
    }
  }

  @Test
  void processThatMonitorsItsClientIsToldWhenThatLeaves() {
    try (var wire = WireFixture.start()) {
      String pid;
      try (var peer = wire.peer()) {
        pid = pidOf(peer);
        assertThat(peer.send(call("\"monitor_me\"")).receive()).containsEntry("result", "watching");
      }
      awaitLog(wire, "down " + pid + " normal");
    }
  }

  @Test
  void clientThatLeavesAnOpenCallBehindIsLostAndTheCallNoLongerWaits() throws Exception {
    try (var wire = WireFixture.start()) {
      String pid;
      try (var peer = wire.peer()) {
        pid = pidOf(peer);
        peer.send(call("\"monitor_me\"")).receive();
        peer.send(call("\"wait\""));
        wire.awaitGate();
      }
      Awaitility.await("the connection is gone").until(() -> wire.server.connectionCount() == 0);
      wire.probe.gate.release();
      awaitLog(wire, "down " + pid + " noconnection");
    }
  }

  @Test
  void dist04_processLinkedToItsClientGetsExitNoconnection() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var pid = pidOf(peer);
      assertThat(peer.send(call("\"link_me\"")).receive()).containsEntry("result", "linked");
      peer.sendBytes((byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff); // no frame's length
      assertThat(peer.receive()).containsEntry("op", "goodbye");
      awaitLog(wire, "exit " + pid + " noconnection");
    }
  }

  @Test
  void clientOfAnEndingDaemonEndsWithShutdown() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var pid = pidOf(peer);
      peer.send(call("\"monitor_me\"")).receive();
      assertThat(wire.server.drain(Duration.ofSeconds(10))).isTrue();
      awaitLog(wire, "down " + pid + " shutdown");
    }
  }

  @Test
  void exitSignalToAClientClosesItsConnectionByName() {
    try (var wire = WireFixture.start();
        var peer = wire.peer();
        var other = wire.peer()) {
      peer.send(call("{\"type\":\"exit_me\",\"reason\":\"misbehaved\"}"));
      var last = peer.receive();
      if (last.get("op").equals("reply")) {
        last = peer.receive();
      }
      assertThat(last)
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unavailable")
          .containsEntry("message", "a process has closed this connection: misbehaved");
      assertThat(peer.rest()).isEmpty();
      assertThat(other.send(call("\"get\"")).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void messagesToAClientAreDropped() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var pid = Pid.parse(pidOf(peer)).orElseThrow();
      wire.node.send(pid, "hello");
      wire.node.cast(pid, "hello");
      assertThat(peer.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
    }
  }

  @Test
  void callToAClientEndsWithItsConnection() {
    try (var wire = WireFixture.start()) {
      CompletableFuture<?> call;
      try (var peer = wire.peer()) {
        var pid = pidOf(peer);
        call =
            CompletableFuture.runAsync(() ->
                wire.node.call(
                    Pid.parse(pid).orElseThrow(), "hello", Object.class, Duration.ofSeconds(20)));
        assertThat(call).isNotDone();
      }
      assertThat(call)
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .withMessageMatching("(?s).*(normal|noproc).*");
    }
  }

  @Test
  void traceOfACallReachesTheProcess() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(
          "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"trace\",\"trace\":\"%s\"}"
              .formatted(TRACE));
      assertThat(peer.receive()).containsEntry("result", TRACE);
      assertThat(peer.send(call("\"trace\"")).receive()).containsEntry("result", "none");
    }
  }

  @Test
  void metaAndTraceAndCallerOfACastReachTheProcess() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var pid = pidOf(peer);
      var cast = "{\"op\":\"cast\",%s\"to\":\"probe\",\"msg\":{\"type\":\"note\"}%s}";
      peer.send(cast.formatted("", ",\"meta\":{\"user\":\"ann\"},\"trace\":\"" + TRACE + "\""));
      peer.send(cast.formatted("\"id\":2,", ""));
      assertThat(peer.receive()).containsEntry("op", "ok");
      awaitLog(wire, "{user=ann} " + TRACE + " Optional.empty " + pid);
      awaitLog(wire, "{} none Optional.empty " + pid);
    }
  }
}
