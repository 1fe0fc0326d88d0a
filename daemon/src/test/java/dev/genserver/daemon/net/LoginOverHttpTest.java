package dev.genserver.daemon.net;

import static dev.genserver.daemon.net.SiteFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.NameSet;
import dev.genserver.daemon.access.PrincipalSpec;
import dev.genserver.daemon.access.Rights;
import dev.genserver.daemon.access.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may ask over HTTP, and for what.
class LoginOverHttpTest {

  private static final String ADD = "{\"type\":\"add\",\"by\":3}";

  @TempDir Path folder;
  private TokenFile file;
  private String shop;
  private String ops;

  @BeforeEach
  void makeTokens() throws IOException {
    file = new TokenFile(folder.resolve("tokens"));
    shop = file.create("shop", LocalDate.of(2026, 11, 23));
    ops = file.create("ops", LocalDate.of(2026, 11, 23));
  }

  private Access access(List<String> shopMayCall) throws IOException {
    var rights = new Rights(NameSet.of(shopMayCall), NameSet.NONE, NameSet.NONE, false);
    return new Access(
        Auth.TOKEN,
        List.of(
            new PrincipalSpec("shop", List.of(), rights),
            new PrincipalSpec("ops", List.of(), Rights.ALL)),
        file.read());
  }

  private SiteFixture site() throws IOException {
    return SiteFixture.start(access(List.of("probe")), null);
  }

  private static String[] bearer(String token) {
    return new String[] {"authorization", "Bearer " + token};
  }

  private static long counted(SiteFixture site, String counter) {
    return site.gate.counters().values().get(counter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/v1/live", "/v1/call/probe", "/v1/cast/probe"})
  void whoHasNotLoggedInIsToldHowAtOnceAndNotCounted(String target) throws IOException {
    try (var site = site()) {
      var answer = target.contains("ca") ? site.post(target, ADD) : site.get(target);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(error(answer))
          .containsEntry("code", "unauthenticated")
          .containsEntry("executed", "no");
      assertThat(error(answer).get("message").toString())
          .contains("over HTTP as 'Authorization: Bearer TOKEN'");
      assertThat(counted(site, "logins_failed")).isZero();
      assertThat(site.log()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz"})
  void healthIsToldToEverybody(String target) throws IOException {
    try (var site = site()) {
      assertThat(site.get(target).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void tokenLetsItsPrincipalDoWhatItMay() throws IOException {
    try (var site = site()) {
      assertThat(site.post("/v1/call/probe", ADD, bearer(shop)).body()).isEqualTo("3\n");
      assertThat(site.post("/v1/call/probe", ADD, "authorization", "bearer  " + shop).body())
          .isEqualTo("6\n");
      assertThat(site.get("/metrics", bearer(shop)).statusCode()).isEqualTo(200);
      assertThat(site.get("/v1/live", bearer(ops)).body()).contains("event: sample\ndata: {}\n\n");
    }
  }

  @Test
  void wrongTokenIsCountedAndItsAnswerComesLaterEachTime() throws IOException {
    try (var site = site()) {
      var began = System.nanoTime();
      for (var i = 0; i < 3; i++) {
        var answer = site.post("/v1/call/probe", ADD, bearer("gsd_wrong"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(error(answer).get("message").toString())
            .startsWith("the token is not known here");
      }
      // 100, 200 and 400 ms.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(690));
      assertThat(counted(site, "logins_failed")).isEqualTo(3);
      assertThat(site.log()).isEmpty();
      assertThat(site.post("/v1/call/probe", ADD, bearer(shop)).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic c2hvcDp4", "Bearer", "nonsense"})
  void whatIsNoTokenLetsNobodyIn(String header) throws IOException {
    try (var site = site()) {
      assertThat(site.get("/metrics", "authorization", header).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void bodyOfAStrangerIsNotReadAndTheConnectionEnds() throws IOException {
    try (var site = site();
        var peer = site.peer()) {
      peer.sendBytes(
          HttpFixture.bytes(
              "POST /v1/call/probe HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"));
      assertThat(peer.receiveHttp()).startsWith("HTTP/1.1 401 ").contains("connection: close\r\n");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "call, other,         'shop may not call ''other''; the daemon''s operator grants that under ''principals'''",
    "cast, probe,         'shop may not cast ''probe''; the daemon''s operator grants that under ''principals'''",
    "call, sys.processes, 'shop may not call ''sys.processes''; the daemon''s operator grants that under ''principals'''"
  })
  void whatAPrincipalMayNotIsForbiddenAndCounted(String kind, String name, String message)
      throws IOException {
    try (var site = site()) {
      var answer = site.post("/v1/" + kind + "/" + name, ADD, bearer(shop));
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(error(answer))
          .containsEntry("code", "forbidden")
          .containsEntry("executed", "no")
          .containsEntry("message", message);
      assertThat(counted(site, "requests_forbidden")).isEqualTo(1);
      assertThat(site.log()).isEmpty();
    }
  }

  @Test
  void pidCountsAsTheNameOfItsProcess() throws IOException {
    try (var site = site()) {
      var pid = site.pid.toString().replace("<", "%3C").replace(">", "%3E");
      assertThat(site.post("/v1/call/" + pid, ADD, bearer(shop)).statusCode()).isEqualTo(200);
      site.access.replace(access(List.of("other")));
      assertThat(site.post("/v1/call/" + pid, ADD, bearer(shop)).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void noNameIsSuggestedThatThePrincipalMayNotCall() throws IOException {
    try (var site = SiteFixture.start(access(List.of("prob")), null)) {
      var answer = site.post("/v1/call/prob", ADD, bearer(shop));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(error(answer)).doesNotContainKey("details");
    }
  }

  @Test
  void whatOnlyAdministratorsSeeIsForbiddenToOthers() throws IOException {
    try (var site = site()) {
      for (var target : List.of("/v1/live", "/metrics?per=process")) {
        var answer = site.get(target, bearer(shop));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(error(answer).get("message").toString()).contains("which takes 'admin'");
        assertThat(site.get(target, bearer(ops)).statusCode()).isEqualTo(200);
      }
      assertThat(counted(site, "requests_forbidden")).isEqualTo(2);
    }
  }

  @Test
  void whatAppliesAnewAppliesToTheNextRequest() throws IOException {
    try (var site = site()) {
      assertThat(site.post("/v1/call/probe", ADD, bearer(shop)).statusCode()).isEqualTo(200);
      site.access.replace(access(List.of()));
      assertThat(site.post("/v1/call/probe", ADD, bearer(shop)).statusCode()).isEqualTo(403);
      file.revoke("shop");
      site.access.replace(site.access.current().with(file.read()));
      assertThat(site.post("/v1/call/probe", ADD, bearer(shop)).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void metricsAreAskedForAsTheyAreWanted() throws IOException {
    try (var site = site()) {
      var answer = site.get("/metrics", "authorization", "Bearer " + ops, "accept", "text/plain");
      assertThat(answer.headers().firstValue("content-type")).contains("text/plain; version=0.0.4");
      assertThat(answer.body()).isEqualTo("text/plain false");
      assertThat(site.get("/metrics?per=process", bearer(ops)).body()).isEqualTo(" true");
      assertThat(site.get("/metrics?per=plugin", bearer(ops)).statusCode()).isEqualTo(400);
    }
  }
}
