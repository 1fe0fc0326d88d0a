package dev.genserver.daemon.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingOverTheWireTest {

  private static final String GET = "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"get\"}";

  @Test
  void frameSplitAtEveryByteIsUnderstood() {
    var frame = Peer.frame(GET);
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var at = 1; at < frame.length; at++) {
        peer.sendBytes(Arrays.copyOf(frame, at));
        peer.sendBytes(Arrays.copyOfRange(frame, at, frame.length));
        assertThat(peer.receive()).containsEntry("op", "reply");
      }
    }
  }

  @Test
  void manyFramesInOnePacketAreAllAnswered() throws IOException {
    var all = new ByteArrayOutputStream();
    for (var id = 0; id < 500; id++) {
      all.write(
          Peer.frame(
              "{\"op\":\"call\",\"id\":%d,\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":1}}"
                  .formatted(id)));
    }
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.sendBytes(all.toByteArray());
      for (var id = 0L; id < 500; id++) {
        assertThat(peer.receive()).containsEntry("id", id).containsEntry("result", id + 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void lengthThatHoldsNoObjectEndsTheConnectionByName(int length) {
    assertGoodbye(List.of(0, 0, 0, length), "bad_frame");
  }

  @Test
  void lengthAboveTheLimitEndsTheConnectionByName() {
    assertGoodbye(List.of(0, 0x10, 0, 1), "frame_too_large");
  }

  @Test
  void hugeAndNegativeLengthsAfterAGoodFrameEndTheConnectionByName() {
    for (var first : List.of(0x7f, 0xff)) {
      try (var wire = WireFixture.start();
          var peer = wire.peer()) {
        assertThat(peer.send(GET).receive()).containsEntry("op", "reply");
        peer.sendBytes(first.byteValue(), (byte) 0xff, (byte) 0xff, (byte) 0xff);
        assertThat(peer.receive())
            .containsEntry("op", "goodbye")
            .containsEntry("code", "frame_too_large");
        assertThat(peer.rest()).isEmpty();
      }
    }
  }

  @Test
  void firstByteThatBeginsNothingEndsTheConnectionByName() {
    assertGoodbye(List.of(0x01, 2, 3, 4), "bad_frame");
    assertGoodbye(List.of(0xff, 0xff, 0xff, 0xff), "bad_frame");
  }

  private static void assertGoodbye(List<Integer> bytes, String code) {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var b : bytes) {
        peer.sendBytes(b.byteValue());
      }
      assertThat(peer.receive()).containsEntry("op", "goodbye").containsEntry("code", code);
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void endWithinAFrameIsToldAsABadFrame() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var frame = Peer.frame(GET);
      peer.sendBytes(Arrays.copyOf(frame, frame.length - 3)).endInput();
      assertThat(peer.receive()).containsEntry("op", "goodbye").containsEntry("code", "bad_frame");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void malformedEnvelopesAreAnsweredAndTheConnectionLivesOn() {
    var bad =
        List.of(
            "{}",
            "[]",
            "{\"op\":",
            "{\"op\":\"call\",\"id\":1,\"to\":\"probe\"}",
            "{\"op\":\"call\",\"id\":1,\"to\":7,\"msg\":1}",
            "{\"op\":\"call\",\"id\":1,\"id\":1,\"to\":\"probe\",\"msg\":1}",
            "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":{\"a\":1,\"a\":2}}",
            "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":1,\"timeout_ms\":-1}",
            "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":1,\"meta\":{\"a\":1}}",
            "{\"op\":\"call\",\"id\":1,\"to\":\"\",\"msg\":1}",
            "{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":"
                + "[".repeat(70)
                + "]".repeat(70)
                + "}");
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var message : bad) {
        var answer = peer.send(message).receive();
        assertThat(Peer.error(answer))
            .as(message)
            .containsEntry("code", "bad_request")
            .containsEntry("executed", "no");
        if (message.contains("\"id\":1,\"to\"")) {
          assertThat(answer).as(message).containsEntry("id", 1L);
        }
      }
      assertThat(peer.send(GET).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void invalidUtf8IsABadRequest() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var frame = Peer.frame("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"xx\"}");
      frame[frame.length - 4] = (byte) 0xc0;
      frame[frame.length - 3] = (byte) 0xaf;
      assertThat(Peer.error(peer.sendBytes(frame).receive())).containsEntry("code", "bad_request");
      assertThat(peer.send(GET).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void unknownOpIsAnsweredAndTheConnectionLivesOn() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      var answer = peer.send("{\"op\":\"shout\",\"id\":3}").receive();
      assertThat(answer).containsEntry("id", 3L);
      assertThat(Peer.error(answer)).containsEntry("code", "unknown_op");
      assertThat(peer.send(GET).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void httpIsToldWhatThisPortIs() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.sendBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(peer.rest(), US_ASCII))
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("length-prefixed JSON");
    }
  }

  @Test
  void tlsIsToldWhatThisPortIs() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.sendBytes((byte) 0x16, (byte) 3, (byte) 1, (byte) 0, (byte) 5);
      assertThat(new String(peer.rest(), US_ASCII)).contains("plain TCP");
    }
  }

  @Test
  void lineModeAnswersInLines() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      assertThat(peer.sendLine(GET).receiveLine())
          .containsEntry("id", 1L)
          .containsEntry("result", 0L);
      peer.sendLine("").sendLine(GET.replace("1", "2") + "\r");
      assertThat(peer.receiveLine()).containsEntry("id", 2L);
      assertThat(Peer.error(peer.sendLine("{oops").receiveLine()))
          .containsEntry("code", "bad_request");
    }
  }

  @Test
  void peerThatEndsItsInputStillGetsAllAnswersBeforeTheClose() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.sendLine("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      peer.sendBytes(GET.replace("1", "2").getBytes(UTF_8)).endInput();
      wire.probe.gate.release();
      assertThat(peer.receiveLine()).containsEntry("id", 1L).containsEntry("result", "waited");
      assertThat(peer.receiveLine()).containsEntry("id", 2L).containsEntry("result", 0L);
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void framedPeerThatEndsItsInputStillGetsAllAnswersBeforeTheClose() throws InterruptedException {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"probe\",\"msg\":\"wait\"}");
      wire.awaitGate();
      peer.endInput();
      assertThat(peer.receive()).containsEntry("op", "ping");
      wire.probe.gate.release();
      Map<String, Object> answer;
      do {
        answer = peer.receive();
      } while (answer.get("op").equals("ping"));
      assertThat(answer).containsEntry("result", "waited");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void lineWithoutAnEndIsCutAtTheLimit() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      peer.sendLine(GET);
      assertThat(peer.receiveLine()).containsEntry("op", "reply");
      peer.sendBytes(("{\"op\":\"" + "x".repeat(1 << 20)).getBytes(UTF_8));
      var rest = peer.rest();
      var goodbye = (Map<?, ?>) RawJson.of(rest, 0, rest.length - 1).toValue();
      assertThat(goodbye.get("code")).isEqualTo("frame_too_large");
    }
  }
}
