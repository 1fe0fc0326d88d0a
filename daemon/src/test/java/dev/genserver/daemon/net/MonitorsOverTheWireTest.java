package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MonitorsOverTheWireTest {

  private static String monitor(int id, Object to) {
    return "{\"op\":\"monitor\",\"id\":%d,\"to\":\"%s\"}".formatted(id, to);
  }

  private static String demonitor(int id, String ref) {
    return "{\"op\":\"demonitor\",\"id\":%d,\"ref\":\"%s\"}".formatted(id, ref);
  }

  /// Monitors and gives what the daemon answers, which must be ok.
  private static String refOf(Map<String, Object> answer) {
    assertThat(answer).containsEntry("op", "ok");
    return (String) ((Map<?, ?>) answer.get("result")).get("ref");
  }

  private static WireSettings monitors(int most) {
    return Limits.of(limits -> limits.maxMonitors = most);
  }

  private static void awaitNoPorts(WireFixture wire) {
    Awaitility.await("only the probe is left").until(() -> wire.node.processCount() <= 1);
  }

  @Test
  void monitorIsAnsweredWithRefAndPidAndTheEndIsToldOnce() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var ok = peer.send(monitor(7, "probe")).receive();
      var ref = refOf(ok);
      assertThat(ok)
          .containsOnly(
              entry("op", "ok"),
              entry("id", 7L),
              entry("result", Map.of("ref", ref, "pid", wire.pid.toString())));

      wire.node.exit(wire.pid, ExitReason.KILL);

      assertThat(peer.receive())
          .containsOnly(
              entry("op", "down"),
              entry("ref", ref),
              entry("pid", wire.pid.toString()),
              entry("name", "probe"),
              entry("reason", Map.of("kind", "killed")));
      assertThat(peer.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
    }
  }

  @Test
  void monitorByPidHasNoName() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      refOf(peer.send(monitor(1, wire.pid)).receive());
      wire.node.stop(wire.pid);
      assertThat(peer.receive())
          .containsOnlyKeys("op", "ref", "pid", "reason")
          .containsEntry("reason", Map.of("kind", "normal"));
    }
  }

  @Test
  void reasonOfACrashIsToldWithoutItsStackTrace() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(monitor(1, "probe")).receive();
      peer.send(
          "{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}"); // order holds
      peer.send(
          "{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":{\"type\":\"crash\",\"message\":\"boom\"}}");
      var answers = List.of(peer.receive(), peer.receive());
      assertThat(answers)
          .filteredOn(answer -> answer.get("op").equals("down"))
          .singleElement()
          .satisfies(down ->
              assertThat(down.get("reason"))
                  .isEqualTo(
                      Map.of(
                          "kind",
                          "error",
                          "message",
                          "boom",
                          "class",
                          "java.lang.IllegalStateException")));
    }
  }

  @Test
  void reasonThatCannotBeShownIsToldAllTheSame() {
    var unshowable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("not to be seen");
          }
        };
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(monitor(1, "probe")).receive();
      peer.send("{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"never_reply\"}");
      peer.send("{\"op\":\"ping\"}").receive();
      wire.node.exit(wire.pid, ExitReason.of(unshowable));
      var answers = List.of(peer.receive(), peer.receive());
      assertThat(answers).extracting(answer -> answer.get("op")).contains("down", "error");
      assertThat(answers.toString()).contains("cannot be shown");
    }
  }

  @Test
  void endlessReasonIsCutShort() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(monitor(1, "probe")).receive();
      wire.node.exit(wire.pid, ExitReason.of("x".repeat(5_000_000)));
      assertThat(peer.receive())
          .extractingByKey("reason")
          .asString()
          .hasSizeLessThan(5_000)
          .contains("xxx…");
    }
  }

  @Test
  void monitorOfNobodyIsAnsweredAndThenToldNoproc() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var byName = peer.send(monitor(1, "prove")).receive();
      assertThat(byName).containsEntry("result", Map.of("ref", refOf(byName)));
      assertThat(peer.receive())
          .containsOnly(
              entry("op", "down"),
              entry("ref", refOf(byName)),
              entry("name", "prove"),
              entry("reason", Map.of("kind", "noproc")));

      wire.node.stop(wire.pid);
      var byPid = peer.send(monitor(2, wire.pid)).receive();
      assertThat(byPid)
          .containsEntry("result", Map.of("ref", refOf(byPid), "pid", wire.pid.toString()));
      assertThat(peer.receive())
          .containsOnly(
              entry("op", "down"),
              entry("ref", refOf(byPid)),
              entry("pid", wire.pid.toString()),
              entry("reason", Map.of("kind", "noproc")));
    }
  }

  @Test
  void pidOfAnOldIncarnationIsNoprocWhileItsNameIsAlive() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      refOf(peer.send(monitor(1, "probe")).receive());
      wire.node.exit(wire.pid, ExitReason.KILL);
      assertThat(peer.receive()).containsEntry("reason", Map.of("kind", "killed"));
      var next = wire.node.start(new Probe(), StartOptions.named("probe")).pidOrThrow();

      peer.send(monitor(2, wire.pid)).receive();
      assertThat(peer.receive()).containsEntry("reason", Map.of("kind", "noproc"));
      assertThat(peer.send(monitor(3, "probe")).receive())
          .extractingByKey("result")
          .asString()
          .contains(next.toString());
    }
  }

  @Test
  void eachMonitorOfAProcessTellsItsOwnDown() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var refs = new HashSet<Object>();
      for (var id = 0; id < 3; id++) {
        refs.add(refOf(peer.send(monitor(id, "probe")).receive()));
      }
      assertThat(refs).hasSize(3);
      wire.node.stop(wire.pid);
      assertThat(Stream.generate(peer::receive).limit(3).map(down -> down.get("ref")))
          .containsExactlyInAnyOrderElementsOf(refs);
    }
  }

  @Test
  void noDownComesAfterTheOkOfDemonitor() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var ref = refOf(peer.send(monitor(1, "probe")).receive());
      assertThat(peer.send(demonitor(2, ref)).receive())
          .containsOnly(entry("op", "ok"), entry("id", 2L));
      wire.node.stop(wire.pid);
      assertThat(peer.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
    }
  }

  @Test
  void demonitorOfWhatIsNoMonitorIsOk() {
    try (var wire = WireFixture.start();
        var peer = wire.peer();
        var other = wire.peer()) {
      assertThat(peer.send(demonitor(1, "m-4711")).receive()).containsEntry("op", "ok");
      assertThat(peer.send(demonitor(2, "nonsense")).receive()).containsEntry("op", "ok");

      var ref = refOf(peer.send(monitor(3, "probe")).receive());
      assertThat(other.send(demonitor(4, ref)).receive()).containsEntry("op", "ok");
      wire.node.stop(wire.pid);
      assertThat(peer.receive()).as("a ref is its connection's alone").containsEntry("ref", ref);
      assertThat(peer.send(demonitor(5, ref)).receive()).containsEntry("op", "ok");
    }
  }

  @Test
  void monitorsAreLimitedAndThoseThatAreOverDoNotCount() {
    try (var wire = WireFixture.start(monitors(2));
        var peer = wire.peer()) {
      var first = refOf(peer.send(monitor(1, "probe")).receive());
      refOf(peer.send(monitor(2, "probe")).receive());
      var refused = peer.send(monitor(3, "probe")).receive();
      assertThat(refused).containsEntry("id", 3L);
      assertThat(Peer.error(refused))
          .containsEntry("code", "overloaded")
          .containsEntry("executed", "no");
      assertThat(Peer.details(refused)).containsEntry("limit", 2L);

      peer.send(demonitor(4, first)).receive();
      refOf(peer.send(monitor(5, "probe")).receive());
      wire.node.stop(wire.pid);
      peer.receive();
      peer.receive();
      for (var id = 6; id < 20; id++) {
        refOf(peer.send(monitor(id, "probe")).receive());
        assertThat(peer.receive()).containsEntry("op", "down");
      }
    }
  }

  @Test
  void idOfAnOpenCallIsRefused() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"never_reply\"}");
      for (var request :
          List.of(
              monitor(1, "probe"),
              demonitor(1, "m-1"),
              "{\"op\":\"cast\",\"id\":1,\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}")) {
        assertThat(Peer.details(peer.send(request).receive())).containsEntry("duplicate_id", true);
      }
    }
  }

  @Test
  void monitorsWorkInLineModeToo() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var ref = refOf(peer.sendLine(monitor(1, "probe")).receiveLine());
      wire.node.stop(wire.pid);
      assertThat(peer.receiveLine()).containsEntry("op", "down").containsEntry("ref", ref);
    }
  }

  @Test
  void drainingDaemonTakesNoMonitors() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(monitor(1, "probe")).receive();
      peer.send("{\"op\":\"call\",\"id\":2,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      var drained = CompletableFuture.supplyAsync(() -> wire.server.drain(Duration.ofSeconds(10)));
      assertThat(peer.receive()).containsEntry("op", "goodbye");
      assertThat(Peer.error(peer.send(monitor(3, "probe")).receive()))
          .containsEntry("code", "unavailable")
          .containsEntry("executed", "no");
      assertThat(peer.send(demonitor(4, "m-1")).receive()).containsEntry("op", "ok");
      wire.probe.gate.release();
      assertThat(peer.receive()).containsEntry("id", 2L);
      assertThat(peer.rest()).as("a monitor keeps no connection open").isEmpty();
      assertThat(drained.join()).isTrue();
    }
  }

  @Test
  void monitorsEndWithTheInputOfAPeerThatHalfCloses() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send(monitor(1, "probe")).endInput();
      refOf(peer.receive());
      assertThat(peer.rest()).isEmpty();
      awaitNoPorts(wire);
    }
  }

  @Test
  void connectionWithoutMonitorsHasNoProcess() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"get\"}").receive();
      assertThat(wire.node.processCount()).isEqualTo(1);
      peer.send(monitor(2, "probe")).receive();
      assertThat(wire.node.processCount()).isEqualTo(2);
    }
  }

  @Test
  void connectionsCanMonitorEachOther() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      Object other;
      try (var leaving = wire.peer()) {
        other =
            leaving
                .send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"who_am_i\"}")
                .receive()
                .get("result");
        refOf(peer.send(monitor(1, other)).receive());
      }
      assertThat(peer.receive())
          .containsEntry("pid", other)
          .containsEntry("reason", Map.of("kind", "normal"));
    }
  }

  @Test
  void thousandsOfMonitorsOnManyConnectionsReturnToZero() {
    try (var wire = WireFixture.start()) {
      var peers = Stream.generate(wire::peer).limit(40).toList();
      var targets = new ArrayList<Pid>();
      for (var i = 0; i < 50; i++) {
        targets.add(wire.node.start(new Probe(), StartOptions.none()).pidOrThrow());
      }
      for (var peer : peers) {
        for (var id = 0; id < targets.size(); id++) {
          peer.send(monitor(id, targets.get(id)));
        }
        for (var _ : targets) {
          refOf(peer.receive());
        }
      }
      assertThat(wire.node.processCount()).isEqualTo(1 + 50 + 40);

      // A half of the connections is dropped, the others see all ends.
      peers.subList(0, 20).forEach(Peer::close);
      Awaitility.await("the ports of dropped connections are gone")
          .until(() -> wire.node.processCount() == 1 + 50 + 20);
      targets.forEach(pid -> wire.node.exit(pid, ExitReason.KILL));
      for (var peer : peers.subList(20, 40)) {
        assertThat(Stream.generate(peer::receive).limit(50).map(down -> down.get("pid")))
            .containsExactlyInAnyOrderElementsOf(targets.stream().map(Pid::toString).toList());
        peer.close();
      }
      awaitNoPorts(wire);
    }
  }

  /// A demonitor and the end of the process race: `down` comes before the `ok` of the demonitor or
  /// not at all.
  @TestFactory
  Stream<DynamicTest> demonitorThatRacesWithTheEndIsTheLastWord() {
    return LongStream.range(0, 20)
        .mapToObj(
            seed -> DynamicTest.dynamicTest("seed " + seed, () -> raceDemonitor(new Random(seed))));
  }

  private static void raceDemonitor(Random random) {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var round = 0; round < 20; round++) {
        var target = wire.node.start(new Probe(), StartOptions.none()).pidOrThrow();
        var ref = refOf(peer.send(monitor(1, target)).receive());
        var spins = random.nextInt(50_000);
        var killer =
            Thread.ofPlatform()
                .start(() -> {
                  for (var i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                  }
                  wire.node.exit(target, ExitReason.KILL);
                });
        var answer = peer.send(demonitor(2, ref)).receive();
        if (answer.get("op").equals("down")) {
          assertThat(answer).containsEntry("ref", ref);
          answer = peer.receive();
        }
        assertThat(answer).containsEntry("op", "ok").containsEntry("id", 2L);
        join(killer);
        assertThat(peer.send("{\"op\":\"ping\"}").receive()).containsEntry("op", "pong");
      }
    }
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
