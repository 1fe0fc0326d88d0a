package dev.genserver.daemon.net;

import static dev.genserver.daemon.net.SiteFixture.details;
import static dev.genserver.daemon.net.SiteFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.StartOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls and casts over HTTP: they mean what they mean on the wire.
class CallsOverHttpTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static void assertError(
      HttpResponse<String> answer, int status, String code, String executed) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(error(answer)).containsEntry("code", code).containsEntry("executed", executed);
  }

  private static void awaitLog(SiteFixture site, String entry) {
    Awaitility.await("the log has " + entry)
        .atMost(LONG)
        .untilAsserted(() -> assertThat(site.log().toString()).contains(entry));
  }

  @Test
  void callIsAnsweredWithWhatTheProcessReplies() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/probe", "{\"type\":\"add\",\"by\":3}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains("application/json");
      assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
      assertThat(answer.body()).isEqualTo("3\n");
      assertThat(site.post("/v1/call/probe?timeout=5s", " \"get\" ").body()).isEqualTo("3\n");
    }
  }

  @Test
  void nameIsPercentDecodedAndMayBeAPid() {
    try (var site = SiteFixture.start(_ -> StartOptions.named("a/b c+ü"))) {
      assertThat(site.post("/v1/call/a%2Fb%20c+%C3%BC", "\"get\"").body()).isEqualTo("0\n");
      assertThat(site.post("/v1/call/a/b%20c%2b%c3%bc", "\"get\"").body()).isEqualTo("0\n");
      var pid = site.pid.toString().replace("<", "%3C").replace(">", "%3E");
      assertThat(site.post("/v1/call/" + pid, "\"get\"").body()).isEqualTo("0\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%", "%2", "%zz", "%ff", "%00", "%3Cnobody%3E"})
  void nameThatNobodyCanHaveIsABadRequest(String name) {
    try (var site = SiteFixture.start();
        var peer = site.peer()) {
      peer.sendBytes(HttpFixture.post("/v1/call/" + name, "1"));
      assertThat(peer.receiveHttp())
          .startsWith("HTTP/1.1 400 ")
          .contains("the path must end with a name of 1 to 255 bytes without control characters");
    }
  }

  @Test
  void unknownNameIsNotFoundAndTheOneThatIsMeantIsTold() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/prob", "1");
      assertError(answer, 404, "noproc", "no");
      assertThat(error(answer))
          .containsEntry("message", "no process has the name 'prob'; did you mean 'probe'?");
      assertThat(details(answer)).isEqualTo(Map.of("did_you_mean", "probe"));
      assertError(site.post("/v1/cast/nobody", "1"), 404, "noproc", "no");
    }
  }

  @Test
  void bodyThatIsNoJsonIsABadRequestThatSaysWhere() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/probe", "{\"type\":get}");
      assertError(answer, 400, "bad_request", "no");
      assertThat(details(answer)).isEqualTo(Map.of("offset", 8L));
      for (var broken : List.of("1 2", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "[".repeat(100))) {
        assertError(site.post("/v1/call/probe", broken), 400, "bad_request", "no");
      }
      var empty = site.post("/v1/cast/probe", "");
      assertError(empty, 400, "bad_request", "no");
      assertThat(error(empty).get("message").toString()).startsWith("there is no body; send");
      assertThat(site.log()).isEmpty();
    }
  }

  @Test
  void messageThatTheProcessDoesNotTakeIsRefusedWithThoseThatItDoes() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/probe", "{\"type\":\"ad\",\"by\":3}");
      assertError(answer, 400, "bad_message", "no");
      assertThat(details(answer).toString()).contains("add");
      assertError(site.post("/v1/cast/probe", "\"get\""), 400, "bad_message", "no");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=100", "timeout=100ms"})
  void callWhoseTimeIsUpIsToldWhereItWas(String query) throws Exception {
    try (var site = SiteFixture.start()) {
      var running = site.postAsync("/v1/call/probe?timeout=20s", "\"wait\"");
      site.awaitGate();
      var late = site.post("/v1/call/probe?" + query, "{\"type\":\"add\",\"by\":3}");
      assertError(late, 504, "timeout", "no");
      assertThat(details(late).get("phase")).isEqualTo("queued");
      site.probe.gate.release();
      assertThat(running.get(20, TimeUnit.SECONDS).body()).isEqualTo("\"waited\"\n");
      assertThat(site.log()).isEmpty(); // what had expired was never started
      var never = site.post("/v1/call/probe?" + query, "\"never_reply\"");
      assertError(never, 504, "timeout", "maybe");
      assertThat(details(never).get("phase")).isEqualTo("waiting");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "timeout=,            the timeout must be a time such as 250ms",
    "timeout=-1,          the timeout must be a time such as 250ms",
    "timeout=5 minutes,   the timeout must be a time such as 250ms",
    "timeout=infinity,    the timeout 'infinity' is not allowed here; say a time of at most 1h",
    "timout=5s,           'the query can be a timeout, such as ''?timeout=5s'', and nothing else'"
  })
  void queryThatIsNoTimeoutIsABadRequest(String query, String message) {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/probe?" + query.replace(" ", "%20"), "\"get\"");
      assertError(answer, 400, "bad_request", "no");
      assertThat(error(answer).get("message").toString()).startsWith(message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999999", "500h", "1h"})
  void timeoutThatIsTooLongIsCut(String timeout) {
    try (var site = SiteFixture.start()) {
      assertThat(site.post("/v1/call/probe?timeout=" + timeout, "\"get\"").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void fullMailboxIsOverloadedWithATimeToComeAgain() throws Exception {
    try (var site = SiteFixture.start(options -> options.maxQueue(1))) {
      var first = site.postAsync("/v1/call/probe?timeout=20s", "\"wait\"");
      site.awaitGate();
      assertThat(site.post("/v1/cast/probe", "{\"type\":\"add\",\"by\":3}").statusCode())
          .isEqualTo(202);
      for (var kind : List.of("call", "cast")) {
        var answer = site.post("/v1/" + kind + "/probe", "{\"type\":\"add\",\"by\":3}");
        assertError(answer, 429, "overloaded", "no");
        assertThat(details(answer).get("limit")).isEqualTo(1L);
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
      }
      site.probe.gate.release();
      assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      awaitLog(site, "[cast 3]");
    }
  }

  @Test
  void processThatEndsOrRepliesWhatCannotBeSentIsToldApart() {
    try (var site = SiteFixture.start()) {
      assertError(
          site.post("/v1/call/probe", "{\"type\":\"text\",\"length\":%d}".formatted(1 << 20)),
          500,
          "result_too_large",
          "yes");
      assertError(site.post("/v1/call/probe", "\"odd\""), 500, "internal", "yes");
      var crash = site.post("/v1/call/probe", "{\"type\":\"crash\",\"message\":\"told to\"}");
      assertError(crash, 502, "exit", "maybe");
      assertThat(details(crash).get("reason").toString()).contains("told to");
    }
  }

  @Test
  void castIsAcceptedOnceItIsInTheMailbox() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/cast/probe", "{\"type\":\"add\",\"by\":3}");
      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEmpty();
      assertThat(site.post("/v1/call/probe", "\"get\"").body()).isEqualTo("3\n");
      assertError(
          site.post("/v1/cast/probe?timeout=5s", "{\"type\":\"add\",\"by\":3}"),
          400,
          "bad_request",
          "no");
    }
  }

  @Test
  void traceGoesAlong() {
    try (var site = SiteFixture.start()) {
      assertThat(site.post("/v1/call/probe", "\"trace\"", "traceparent", TRACE).body())
          .isEqualTo("\"" + TRACE + "\"\n");
      site.post("/v1/cast/probe", "\"note\"", "traceparent", TRACE);
      awaitLog(site, "{} " + TRACE);
    }
  }

  @Test
  void eachRequestHasACallerThatEndsWithIt() {
    try (var site = SiteFixture.start()) {
      var one = site.post("/v1/call/probe", "\"who_am_i\"").body();
      assertThat(one)
          .startsWith("\"<")
          .isNotEqualTo(site.post("/v1/call/probe", "\"who_am_i\"").body());
      site.post("/v1/call/probe", "\"monitor_me\"");
      awaitLog(site, " normal");
    }
  }

  @Test
  void processThatEndsItsCallerEndsTheRequest() {
    try (var site = SiteFixture.start()) {
      var answer = site.post("/v1/call/probe", "{\"type\":\"exit_me\",\"reason\":\"misbehaved\"}");
      assertError(answer, 503, "unavailable", "maybe");
      assertThat(error(answer))
          .containsEntry("message", "a process has ended this request: misbehaved");
      assertThat(site.post("/v1/call/probe", "\"get\"").body()).isEqualTo("0\n");
    }
  }

  @Test
  void clientThatHangsUpCancelsItsCalls() throws Exception {
    try (var site = SiteFixture.start()) {
      try (var running = site.peer();
          var queued = site.peer()) {
        running.sendBytes(HttpFixture.post("/v1/call/probe?timeout=60s", "\"wait\""));
        site.awaitGate();
        queued.sendBytes(
            HttpFixture.post("/v1/call/probe?timeout=60s", "{\"type\":\"add\",\"by\":3}"));
        Awaitility.await()
            .atMost(LONG)
            .until(() -> site.node.locate("probe").orElseThrow().queued() == 1);
      }
      // Draining is done when no request is at work; the probe is still at its gate.
      assertThat(site.server.drain(LONG)).succeedsWithin(LONG).isEqualTo(true);
      site.probe.gate.release();
      assertThat(site.log()).isEmpty();
    }
  }

  @Test
  void callsAndCastsTakeTheMethodPost() {
    try (var site = SiteFixture.start()) {
      var answer = site.get("/v1/call/probe");
      assertError(answer, 405, "unknown_op", "no");
      assertThat(answer.headers().firstValue("allow")).contains("POST");
      assertThat(site.send(site.request("/v1/cast/probe").DELETE()).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void daemonThatStartsOrEndsTakesNone() {
    try (var site = SiteFixture.start()) {
      site.readiness.ending();
      var answer = site.post("/v1/call/probe", "{\"type\":\"add\",\"by\":3}");
      assertError(answer, 503, "unavailable", "no");
      assertThat(answer.headers().firstValue("retry-after")).contains("1");
      assertError(site.post("/v1/cast/probe", "1"), 503, "unavailable", "no");
      assertThat(site.get("/metrics").statusCode()).isEqualTo(200);
      assertThat(site.log()).isEmpty();
    }
  }
}
