package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// What bounds connections that take more than their share.
class LimitsOverTheWireTest {

  private static final String PING = "{\"op\":\"ping\",\"id\":1}";

  @Test
  void frameThatDoesNotComeToItsEndInTimeClosesTheConnection() {
    var limits = Limits.of(each -> each.frameTimeout = Duration.ofMillis(200));
    try (var wire = WireFixture.start(limits);
        var peer = wire.peer()) {
      peer.sendBytes(new byte[] {0, 0, 0, 100, '{'});
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "bad_frame")
          .containsEntry(
              "message",
              "a frame was not whole within frame.timeout 200ms; send it faster, or have the limit raised");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void lineThatDoesNotComeToItsEndInTimeClosesTheConnection() {
    var limits = Limits.of(each -> each.frameTimeout = Duration.ofMillis(200));
    try (var wire = WireFixture.start(limits);
        var peer = wire.peer()) {
      peer.sendBytes("{\"op\"".getBytes(StandardCharsets.US_ASCII));
      assertThat(peer.receiveLine()).containsEntry("op", "goodbye");
    }
  }

  @Test
  void framesThatFollowEachOtherMayTakeLongerTogether() {
    var limits = Limits.of(each -> each.frameTimeout = Duration.ofMillis(300));
    try (var wire = WireFixture.start(limits);
        var peer = wire.peer()) {
      var begun = System.nanoTime();
      var frame = Peer.frame(PING);
      // Each packet ends one frame and begins the next: there is always one on its way.
      peer.sendBytes(frame[0]);
      while (System.nanoTime() - begun < Duration.ofMillis(900).toNanos()) {
        var rest = new byte[frame.length];
        System.arraycopy(frame, 1, rest, 0, frame.length - 1);
        rest[frame.length - 1] = frame[0];
        assertThat(peer.sendBytes(rest).receive()).containsEntry("op", "pong");
      }
    }
  }

  @Test
  void oneAddressMayHaveSoManyConnections() {
    var limits = Limits.of(each -> each.maxPerAddress = 1);
    try (var wire = WireFixture.start(limits);
        var first = wire.peer()) {
      assertThat(first.send(PING).receive()).containsEntry("op", "pong");
      try (var second = wire.peer()) {
        assertThat(second.receive())
            .containsEntry("op", "goodbye")
            .containsEntry("code", "overloaded")
            .hasEntrySatisfying(
                "message",
                text -> assertThat(text.toString()).contains("connection.max-per-address"));
      }
      assertThat(first.send(PING).receive()).containsEntry("op", "pong");
      assertThat(wire.server.counters())
          .containsEntry("connections_accepted", 1L)
          .containsEntry("connections_refused", 1L);
    }
  }

  @Test
  void moreConnectionsThanTheRateAllowsWait() {
    var limits = Limits.of(each -> each.acceptRate = 4);
    try (var wire = WireFixture.start(limits)) {
      var begun = System.nanoTime();
      var peers = new ArrayList<Peer>();
      for (var i = 0; i < 7; i++) {
        var peer = wire.peer();
        peers.add(peer);
        assertThat(peer.send(PING).receive()).containsEntry("op", "pong");
      }
      // Four at once, then one every 250 ms.
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofMillis(400));
      peers.forEach(Peer::close);
    }
  }
}
