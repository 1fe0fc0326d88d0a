package dev.genserver.daemon.net;

import static dev.genserver.daemon.net.HttpFixture.await;
import static dev.genserver.daemon.net.HttpFixture.bytes;
import static dev.genserver.daemon.net.HttpFixture.get;
import static dev.genserver.daemon.net.HttpFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.http.Sink;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// How requests and answers go over a connection, whatever they are about.
class HttpServerTest {

  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void requestsFollowEachOtherOverOneConnection() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      for (var i = 0; i < 3; i++) {
        assertThat(peer.sendBytes(get("/" + i)).receiveHttp())
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("\r\n\r\nGET /" + i + "\n");
        assertThat(peer.sendBytes(post("/", "body " + i)).receiveHttp()).endsWith("body " + i);
      }
    }
  }

  @Test
  void requestsThatAreSentTogetherAreAnsweredInTheirOrder() throws InterruptedException {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(post("/wait", "x"));
      for (var i = 0; i < 2_000; i++) {
        peer.sendBytes(i % 2 == 0 ? get("/" + i) : post("/", "body " + i));
      }
      await(http.atGate, 1);
      http.gate.release();
      assertThat(peer.receiveHttp()).endsWith("waited\n");
      for (var i = 0; i < 2_000; i++) {
        assertThat(peer.receiveHttp()).endsWith(i % 2 == 0 ? "GET /" + i + "\n" : "body " + i);
      }
    }
  }

  @Test
  void onlyOneRequestOfAConnectionIsAtWorkAtATime() throws InterruptedException {
    try (var http = new HttpFixture();
        var peer = http.peer();
        var other = http.peer()) {
      peer.sendBytes(post("/wait", "1")).sendBytes(post("/wait", "2"));
      await(http.atGate, 1);
      assertThat(other.sendBytes(post("/", "meanwhile")).receiveHttp()).endsWith("meanwhile");
      assertThat(http.atGate.availablePermits()).isZero();
      http.gate.release(2);
      assertThat(peer.receiveHttp()).endsWith("waited\n");
      assertThat(peer.receiveHttp()).endsWith("waited\n");
    }
  }

  @Test
  void connectionEndsWhereTheClientWantsThat() {
    try (var http = new HttpFixture();
        var peer = http.peer();
        var old = http.peer()) {
      var answer =
          peer.sendBytes(bytes("GET /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
              .receiveHttp();
      assertThat(answer).contains("connection: close\r\n");
      assertThat(peer.rest()).isEmpty();
      assertThat(old.sendBytes(bytes("GET /a HTTP/1.0\r\n\r\n")).receiveHttp())
          .endsWith("GET /a\n");
      assertThat(old.rest()).isEmpty();
    }
  }

  @Test
  void answerToHeadIsThatToGetWithoutItsBody() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(bytes("HEAD /a HTTP/1.1\r\nhost: x\r\n\r\n")).sendBytes(get("/b"));
      var both = peer.endInput().rest();
      assertThat(new String(both, StandardCharsets.US_ASCII))
          .contains("content-length: 8\r\n\r\nHTTP/1.1 200 OK");
    }
  }

  @Test
  void bodyMayComeInChunksAndAfterTheServerHasAskedForIt() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(
          bytes(
              "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nexpect: 100-continue\r\n\r\n"));
      assertThat(peer.receiveHttp()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      peer.sendBytes(bytes("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
      assertThat(peer.receiveHttp()).endsWith("abcde");
    }
  }

  @Test
  void bodyThatIsTooLongIsRefusedAndTheConnectionEnds() {
    try (var http = new HttpFixture();
        var announced = http.peer();
        var chunked = http.peer();
        var fits = http.peer()) {
      var most = "x".repeat(HttpFixture.MAX_BODY);
      assertThat(fits.sendBytes(post("/", most)).receiveHttp()).endsWith(most);
      announced.sendBytes(post("/", most + "x"));
      assertThat(announced.receiveHttp())
          .startsWith("HTTP/1.1 413 ")
          .contains("connection: close\r\n")
          .contains("the body exceeds frame.max-bytes 100,000; send less, or raise the limit");
      assertThat(announced.rest()).isEmpty();
      chunked.sendBytes(bytes("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"));
      chunked.sendBytes(bytes("%x\r\n%sx\r\n".formatted(most.length() + 1, most)));
      assertThat(chunked.receiveHttp()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void bodyOfARequestThatIsAnsweredBeforeIsNotWaitedFor() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(bytes("PUT /a HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nabc"));
      assertThat(peer.receiveHttp()).contains("connection: close\r\n").endsWith("PUT /a\n");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void whatIsNoHttpIsToldSo() {
    try (var http = new HttpFixture()) {
      for (var broken :
          new String[] {
            "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nx: " + "y".repeat(10_000) + "\r\n\r\n",
            "\u0016\u0003\u0001 noise\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n"
          }) {
        try (var peer = http.peer()) {
          var answer = peer.sendBytes(bytes(broken)).receiveHttp();
          assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"bad_request\"");
        }
      }
      try (var peer = http.peer()) {
        assertThat(peer.sendBytes(get("/still")).receiveHttp()).endsWith("GET /still\n");
      }
    }
  }

  @Test
  void defectIsAnsweredWithAnIncidentAndTheConnectionGoesOn() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      for (var target : new String[] {"/defect", "/late-defect"}) {
        assertThat(peer.sendBytes(get(target)).receiveHttp())
            .startsWith("HTTP/1.1 500 ")
            .contains("\"code\":\"internal\"")
            .contains("\"incident\":");
      }
    }
  }

  @Test
  void answerThatHasToWaitHoldsUpNoOther() {
    try (var http = new HttpFixture();
        var late = http.peer();
        var peer = http.peer()) {
      late.sendBytes(get("/late"));
      assertThat(peer.sendBytes(get("/a")).receiveHttp()).endsWith("GET /a\n");
      assertThat(late.receiveHttp()).startsWith("HTTP/1.1 401 ");
      assertThat(late.sendBytes(get("/b")).receiveHttp()).endsWith("GET /b\n");
    }
  }

  @Test
  void workIsToldThatTheClientHasHungUp() throws InterruptedException {
    try (var http = new HttpFixture()) {
      try (var peer = http.peer()) {
        peer.sendBytes(post("/wait", "x"));
        await(http.atGate, 1);
        assertThat(http.gone.availablePermits()).isZero();
      }
      await(http.gone, 1);
    }
  }

  @Test
  void healthIsToldHoweverManyRequestsAreAtWork() throws InterruptedException {
    var open = new ArrayList<Peer>();
    try (var http = new HttpFixture()) {
      for (var i = 0; i < HttpLoad.MOST_AT_WORK; i++) {
        open.add(http.peer().sendBytes(post("/wait", "x")));
      }
      await(http.atGate, HttpLoad.MOST_AT_WORK);
      try (var more = http.peer()) {
        assertThat(more.sendBytes(post("/wait", "x")).receiveHttp())
            .startsWith("HTTP/1.1 429 ")
            .contains("120 requests over HTTP are at work, as many as may be; ask again later");
      }
      // Those that only wait give way to others.
      for (var i = 0; i < HttpLoad.MOST_CONNECTIONS; i++) {
        open.add(http.peer());
      }
      try (var health = http.peer()) {
        assertThat(health.sendBytes(get("/healthz")).receiveHttp()).endsWith("GET /healthz\n");
      }
      http.gate.release(HttpLoad.MOST_AT_WORK);
      for (var peer : open.subList(0, HttpLoad.MOST_AT_WORK)) {
        assertThat(peer.receiveHttp()).endsWith("waited\n");
      }
    } finally {
      open.forEach(Peer::close);
    }
  }

  @Test
  void bodyThatMakesItTooManyBytesIsRefusedAndAShortOneIsNot() {
    var body = "x".repeat(90_000);
    try (var http = new HttpFixture();
        var one = http.peer();
        var two = http.peer();
        var announced = http.peer();
        var chunked = http.peer();
        var others = http.peer()) {
      for (var peer : List.of(one, two)) {
        peer.sendBytes(
            bytes(
                "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 90000\r\nexpect: 100-continue\r\n\r\n"));
        assertThat(peer.receiveHttp()).startsWith("HTTP/1.1 100 ");
      }

      assertThat(announced.sendBytes(post("/", body)).receiveHttp())
          .startsWith("HTTP/1.1 429 ")
          .contains("\"code\":\"overloaded\"")
          .contains("\"executed\":\"no\"")
          .contains(
              "requests over HTTP and their answers have 150,000 bytes, as many as may be; ask again later");
      chunked.sendBytes(bytes("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"));
      chunked.sendBytes(bytes("%x\r\n%s\r\n".formatted(90_000, body)));
      assertThat(chunked.receiveHttp()).startsWith("HTTP/1.1 429 ");
      for (var length : List.of(1, HttpLoad.SHORT)) {
        var small = "y".repeat(length);
        assertThat(others.sendBytes(post("/", small)).receiveHttp()).endsWith(small);
      }

      assertThat(one.sendBytes(bytes(body)).receiveHttp()).endsWith(body);
      assertThat(others.sendBytes(post("/", body)).receiveHttp()).endsWith(body);
      assertThat(two.sendBytes(bytes(body)).receiveHttp()).endsWith(body);
    }
  }

  @Test
  void whoLeavesALongAnswerUnreadForLongestGivesWayToAnother() {
    try (var http = new HttpFixture();
        var slow = http.peer();
        var reads = http.peer()) {
      slow.sendBytes(get("/large")).receiveHttpHead();
      for (var i = 0; i < 2; i++) {
        assertThat(reads.sendBytes(get("/large")).receiveHttp())
            .hasSizeGreaterThan(HttpFixture.LARGE);
      }
      assertThat(slow.rest()).hasSizeLessThan(HttpFixture.LARGE);
    }
  }

  @Test
  void whoSendsNothingIsClosed() {
    try (var http = new HttpFixture(SHORT, LONG, LONG);
        var silent = http.peer()) {
      assertThat(silent.rest()).isEmpty();
    }
  }

  @Test
  void headThatDripsIsNotWaitedFor() {
    try (var http = new HttpFixture(SHORT, LONG, LONG);
        var drips = http.peer()) {
      Awaitility.await().atMost(LONG).until(() -> isClosedFor(drips));
    }
  }

  @Test
  void bodyThatDripsIsNotWaitedFor() {
    try (var http = new HttpFixture(LONG, SHORT, LONG);
        var drips = http.peer()) {
      drips.sendBytes(bytes("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50000\r\n\r\n"));
      Awaitility.await().atMost(LONG).until(() -> isClosedFor(drips));
    }
  }

  private static boolean isClosedFor(Peer peer) {
    try {
      peer.sendBytes((byte) 'G');
      return false;
    } catch (UncheckedIOException _) {
      return true;
    }
  }

  @Test
  void requestAtWorkMayTakeLongerThanASilence() throws InterruptedException {
    try (var http = new HttpFixture(SHORT, SHORT, SHORT);
        var peer = http.peer();
        var silent = http.peer()) {
      peer.sendBytes(post("/wait", "x"));
      await(http.atGate, 1);
      silent.rest(); // is closed only after the time is up
      http.gate.release();
      assertThat(peer.receiveHttp()).endsWith("waited\n");
    }
  }

  @Test
  void eventsComeAsTheyAreSentForAsLongAsBothWant() throws InterruptedException {
    try (var http = new HttpFixture(SHORT, SHORT, SHORT);
        var peer = http.peer();
        var silent = http.peer()) {
      assertThat(peer.sendBytes(get("/events")).receiveHttp())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-type: text/event-stream\r\n")
          .contains("transfer-encoding: chunked\r\n");
      var viewer = viewer(http);
      silent.rest(); // is closed only after the time is up
      viewer.send("sample", "{}");
      viewer.send("log", "one\ntwo");
      assertThat(viewer.isOpen()).isTrue();
      viewer.close();
      assertThat(new String(peer.rest(), StandardCharsets.US_ASCII))
          .containsSubsequence(
              ": genserverd\n\n",
              "event: sample\ndata: {}\n\n",
              "event: log\ndata: one\ndata: two\n\n",
              "0\r\n\r\n");
    }
  }

  @Test
  void viewerThatLeavesIsNoticed() throws InterruptedException {
    try (var http = new HttpFixture()) {
      var left = new CountDownLatch(1);
      try (var peer = http.peer()) {
        peer.sendBytes(get("/events")).receiveHttp();
        viewer(http).whenClosed(left::countDown);
        assertThat(left.getCount()).isOne();
      }
      assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void answerThatNobodyReadsIsNotWaitedFor() throws InterruptedException {
    try (var http = new HttpFixture(LONG, LONG, SHORT);
        var peer = http.peer()) {
      peer.sendBytes(get("/large"));
      await(http.atGate, 1);
      assertThat(http.server.drain(LONG)).succeedsWithin(LONG).isEqualTo(true);
    }
  }

  @Test
  void askingForTheHeadOfAStreamOpensNone() {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(bytes("HEAD /events HTTP/1.1\r\nhost: x\r\n\r\n")).sendBytes(get("/a"));
      assertThat(peer.receiveHttp()).contains("content-type: text/event-stream\r\n");
      assertThat(peer.receiveHttp()).endsWith("GET /a\n");
      assertThat(http.viewers).isEmpty();
    }
  }

  @Test
  void viewerThatLeavesMuchWaitingForLongIsCutOff() throws InterruptedException {
    try (var http = new HttpFixture(LONG, LONG, SHORT);
        var peer = http.peer()) {
      peer.sendBytes(get("/events")).receiveHttp();
      var viewer = viewer(http);
      // More than the sockets' buffers take, and less than is cut off at once.
      viewer.send("sample", "x".repeat(7 << 20));
      Awaitility.await().atMost(LONG).until(() -> !viewer.isOpen());
    }
  }

  @Test
  void viewerThatDoesNotReadIsCutOff() throws InterruptedException {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(get("/events")).receiveHttp();
      var viewer = viewer(http);
      var kilobyte = "x".repeat(1 << 10);
      Awaitility.await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            for (var i = 0; i < 1_000; i++) {
              viewer.send("sample", kilobyte);
            }
            return !viewer.isOpen();
          });
    }
  }

  @Test
  void noMoreViewersThanThereMayBe() throws InterruptedException {
    var open = new ArrayList<Peer>();
    try (var http = new HttpFixture()) {
      for (var i = 0; i < HttpLoad.MOST_STREAMS; i++) {
        var peer = http.peer();
        open.add(peer);
        peer.sendBytes(get("/events")).receiveHttp();
      }
      try (var more = http.peer()) {
        assertThat(more.sendBytes(get("/events")).receiveHttp())
            .startsWith("HTTP/1.1 429 ")
            .contains("50 watch already, as many as may; close some");
      }
      for (var i = 0; i < HttpLoad.MOST_STREAMS; i++) {
        viewer(http);
      }
      open.removeFirst().close();
      Awaitility.await()
          .atMost(LONG)
          .until(() -> {
            var again = http.peer();
            open.add(again);
            return again.sendBytes(get("/events")).receiveHttp().startsWith("HTTP/1.1 200 ");
          });
    } finally {
      open.forEach(Peer::close);
    }
  }

  private static Sink viewer(HttpFixture http) throws InterruptedException {
    var viewer = http.viewers.poll(20, TimeUnit.SECONDS);
    assertThat(viewer).isNotNull();
    return viewer;
  }

  @Test
  void drainWaitsForWhatIsAtWorkAndEndsConnectionsWithTheirNextAnswer() throws Exception {
    try (var http = new HttpFixture();
        var working = http.peer();
        var idle = http.peer()) {
      working.sendBytes(post("/wait", "x"));
      idle.sendBytes(get("/a")).receiveHttp();
      await(http.atGate, 1);
      var drained = http.server.drain(LONG);
      Awaitility.await()
          .atMost(LONG)
          .until(() -> {
            try (var peer = http.peer()) {
              return peer.sendBytes(get("/b")).receiveHttp().contains("connection: close\r\n");
            }
          });
      assertThat(idle.sendBytes(get("/c")).receiveHttp()).contains("connection: close\r\n");
      assertThat(idle.rest()).isEmpty();
      assertThat(drained).isNotDone();
      http.gate.release();
      assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(working.receiveHttp()).contains("connection: close\r\n").endsWith("waited\n");
      assertThat(working.rest()).isEmpty();
    }
  }

  @Test
  void drainTellsThatNotAllWereAnsweredInTime() throws Exception {
    try (var http = new HttpFixture();
        var peer = http.peer()) {
      peer.sendBytes(post("/wait", "x"));
      await(http.atGate, 1);
      assertThat(http.server.drain(Duration.ofMillis(50)).get(20, TimeUnit.SECONDS)).isFalse();
    }
  }
}
