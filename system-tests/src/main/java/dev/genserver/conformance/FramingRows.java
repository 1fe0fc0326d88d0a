package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// How bytes become messages, in frames, and what bytes never do.
final class FramingRows {

  private FramingRows() {}

  static List<Row> rows() {
    return List.of(
        row("FRAME-01", "a frame may be split at every byte", FramingRows::splitAtEveryByte),
        row("FRAME-02", "a frame may come byte by byte", FramingRows::byteByByte),
        row("FRAME-03", "many frames in one packet are each answered", FramingRows::manyTogether),
        row("FRAME-04", "the smallest frame, {}, is one", FramingRows::smallest),
        row("FRAME-05", "a frame of exactly the limit is taken", FramingRows::longestFrame),
        row(
            "FRAME-06",
            "a length of 0 is bad_frame, then close",
            trial -> badLength(trial, 0, "bad_frame")),
        row(
            "FRAME-07",
            "a length of 1 is bad_frame, then close",
            trial -> badLength(trial, 1, "bad_frame")),
        row(
            "FRAME-08",
            "a length above the limit is frame_too_large before any of the frame has come",
            trial -> badLength(trial, maxFrame(trial) + 1, "frame_too_large")),
        row(
            "FRAME-09",
            "a huge length after a good frame is frame_too_large",
            trial -> badLengthAfterAGoodFrame(trial, "7fffffff")),
        row(
            "FRAME-10",
            "a length that would be negative is one of more than 2 GiB",
            trial -> badLengthAfterAGoodFrame(trial, "ffffffff")),
        row(
            "FRAME-11",
            "a length that lies low makes the rest a frame of its own, which ends in a goodbye",
            FramingRows::lengthThatLiesLow),
        row("FRAME-12", "an end within a frame is bad_frame", FramingRows::endWithinAFrame),
        row("FRAME-13", "an end within a length is bad_frame", FramingRows::endWithinALength),
        row("FRAME-14", "an end between frames needs no goodbye", FramingRows::endBetweenFrames),
        row(
            "FRAME-15",
            "wrong contents of a sane length are answered, and the connection lives on",
            FramingRows::wrongContents),
        row(
            "FRAME-16",
            "what a goodbye follows is answered before it",
            FramingRows::answersComeBeforeTheGoodbye),
        row("FIRST-01", "a TLS hello is told in plain text what the port speaks", FramingRows::tls),
        row("FIRST-02", "an HTTP request is told so with a 400", FramingRows::http),
        row("FIRST-03", "any other first byte is bad_frame", FramingRows::otherFirstBytes));
  }

  private static void splitAtEveryByte(Trial trial) throws IOException {
    var peer = trial.connect();
    var frame = Peer.frame(ping(1));
    for (var at = 1; at < frame.length; at++) {
      peer.bytes(Arrays.copyOf(frame, at)).bytes(Arrays.copyOfRange(frame, at, frame.length));
      peer.receive().is("pong").id(1);
    }
  }

  private static void byteByByte(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var b : Peer.frame(ping(1))) {
      peer.bytes(new byte[] {b});
    }
    peer.receive().is("pong").id(1);
  }

  private static void manyTogether(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.sendTogether(IntStream.range(0, 1000).mapToObj(Requests::ping).toList());
    var ids = new TreeSet<Integer>();
    for (var i = 0; i < 1000; i++) {
      ids.add(peer.receive().is("pong").json().path("id").asInt());
    }
    demandEqual(ids.size(), 1000, "the ids of 1000 pongs");
    peer.demandQuiet();
  }

  private static void smallest(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask("{}").error("bad_request", "no");
    peer.demandQuiet();
  }

  private static void longestFrame(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(padded(maxFrame(trial))).is("pong").id(1);
    peer.demandQuiet();
  }

  /// A ping of so many bytes.
  static String padded(int length) {
    var empty = "{\"op\":\"ping\",\"id\":1,\"pad\":\"\"}";
    return empty.replace("\"\"", "\"" + "x".repeat(length - empty.length()) + "\"");
  }

  static int maxFrame(Trial trial) throws IOException {
    var limits = trial.connect().ask(Requests.hello(1)).is("welcome").json().path("limits");
    return limits.path("max_frame").asInt();
  }

  private static void badLength(Trial trial, int length, String code) throws IOException {
    var peer = trial.connect();
    peer.hex("%08x".formatted(length));
    peer.demandGoodbye(code);
  }

  private static void badLengthAfterAGoodFrame(Trial trial, String length) throws IOException {
    var peer = trial.connect();
    peer.ask(ping(1)).is("pong");
    peer.hex(length).demandGoodbye("frame_too_large");
  }

  private static void lengthThatLiesLow(Trial trial) throws IOException {
    var peer = trial.connect();
    var frame = Peer.frame(ping(1));
    frame[3] = 5;
    peer.bytes(frame);
    peer.receive().error("bad_request", "no");
    peer.demandGoodbye("frame_too_large");
  }

  private static void endWithinAFrame(Trial trial) throws IOException {
    var peer = trial.connect();
    var frame = Peer.frame(ping(1));
    peer.bytes(Arrays.copyOf(frame, frame.length - 1)).endInput().demandGoodbye("bad_frame");
  }

  private static void endWithinALength(Trial trial) throws IOException {
    trial.connect().hex("000000").endInput().demandGoodbye("bad_frame");
  }

  private static void endBetweenFrames(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(ping(1)).is("pong");
    peer.endInput().demandClosed();
  }

  private static void wrongContents(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var content : List.of("no JSON", "[]", "{\"op\":", "\u0000\u0000", "null")) {
      peer.ask(content).error("bad_request", "no");
    }
    peer.demandQuiet();
  }

  private static void answersComeBeforeTheGoodbye(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.sendTogether(List.of(ping(1), ping(2))).hex("00000001");
    peer.receive().is("pong").id(1);
    peer.receive().is("pong").id(2);
    peer.demandGoodbye("bad_frame");
  }

  private static void tls(Trial trial) throws IOException {
    var answer = text(trial.connectRaw().hex("16030100 05010000 0103"));
    demand(answer.contains("plain"), "an answer that says 'plain' was expected, not: %s", answer);
  }

  private static void http(Trial trial) throws IOException {
    for (var method : List.of("GET", "POST", "options")) {
      var request = "%s / HTTP/1.1\r\nHost: genserverd\r\n\r\n".formatted(method);
      var answer = text(trial.connectRaw().bytes(request.getBytes(UTF_8)));
      demand(
          answer.startsWith("HTTP/1.1 400 ") && answer.contains("\r\n\r\n"),
          "a whole 400 was expected, not: %s",
          answer);
      var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      demand(answer.contains("Content-Length: " + body.length()), "wrong length: %s", answer);
      demand(body.contains("JSON"), "a body that names JSON was expected: %s", answer);
    }
  }

  private static String text(Peer peer) throws IOException {
    return new String(peer.rest(), UTF_8);
  }

  private static void otherFirstBytes(Trial trial) throws IOException {
    for (var first = 1; first < 256; first++) {
      var letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
      if (!letter && first != '{' && first != 0x16) {
        try (var peer = trial.connectRaw()) {
          peer.hex("%02x000000".formatted(first)).demandGoodbye("bad_frame");
        }
      }
    }
  }
}
