package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.PrincipalSpec;
import dev.genserver.daemon.access.Rights;
import dev.genserver.daemon.access.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a browser sends on behalf of pages, be they the daemon's own or somebody else's.
class BrowsersTest {

  /// @param headers each with its end of line
  private static String send(SiteFixture site, String target, String headers) {
    try (var peer = site.peer()) {
      var body = "{\"type\":\"add\",\"by\":3}";
      var request =
          target.startsWith("/v1/call")
              ? "POST %s HTTP/1.1\r\n%scontent-length: %d\r\n\r\n%s"
                  .formatted(target, headers, body.length(), body)
              : "GET %s HTTP/1.1\r\n%s\r\n".formatted(target, headers);
      return peer.sendBytes(request.getBytes(StandardCharsets.US_ASCII)).receiveHttp();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host: 127.0.0.1:6471\r\norigin: http://127.0.0.1:6471\r\n",
        "host: LOCALHOST:6471\r\norigin: http://localhost:6471\r\nsec-fetch-site: same-origin\r\n",
        "host: [::1]\r\norigin: http://[::1]\r\n",
        "host: localhost\r\nsec-fetch-site: none\r\nuser-agent: Mozilla/5.0\r\n",
        "host: genserverd:6471\r\n",
        "host: genserverd:6471\r\nuser-agent: curl/8.5.0\r\n",
        "host: genserverd:6471\r\nuser-agent: Prometheus/3.5.0\r\naccept-encoding: gzip\r\n"
      })
  void ownPagesAndProgramsAreServed(String headers) {
    try (var site = SiteFixture.start()) {
      assertThat(send(site, "/v1/call/probe", headers)).startsWith("HTTP/1.1 200 ");
      assertThat(send(site, "/metrics", headers)).startsWith("HTTP/1.1 200 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host: 127.0.0.1:6471\r\norigin: https://evil.example\r\n",
        "host: 127.0.0.1:6471\r\norigin: http://127.0.0.1:8080\r\n",
        "host: 127.0.0.1:6471\r\norigin: null\r\n",
        "host: 127.0.0.1:6471\r\nsec-fetch-site: cross-site\r\n",
        "host: 127.0.0.1:6471\r\nsec-fetch-site: same-site\r\nsec-fetch-mode: navigate\r\n"
      })
  void pagesOfOthersAreNot(String headers) {
    try (var site = SiteFixture.start()) {
      for (var target : List.of("/v1/call/probe", "/metrics", "/v1/live")) {
        assertThat(send(site, target, headers))
            .startsWith("HTTP/1.1 403 ")
            .contains("\"code\":\"forbidden\"", "a page of another site has sent this");
      }
      assertThat(site.log()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host: evil.example\r\norigin: http://evil.example\r\n",
        "host: 127.0.0.1.evil.example\r\nuser-agent: Mozilla/5.0\r\n",
        "host: localhost.evil.example:6471\r\naccept-language: en\r\n",
        "host: evil.example\r\nhost: localhost\r\nuser-agent: Mozilla/5.0\r\n",
        "user-agent: Mozilla/5.0\r\n"
      })
  void nameThatSomebodyElseMayOwnIsNotTakenFromABrowserWhereNobodyHasToLogIn(String headers) {
    try (var site = SiteFixture.start()) {
      for (var target : List.of("/v1/call/probe", "/metrics", "/")) {
        assertThat(send(site, target, headers))
            .startsWith("HTTP/1.1 403 ")
            .contains("browsers must name the daemon by its address or as localhost");
      }
      assertThat(send(site, "/healthz", headers)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void nameIsTakenWhereALoginIsRequired(@TempDir Path folder) throws IOException {
    var file = new TokenFile(folder.resolve("tokens"));
    var token = file.create("ops", LocalDate.of(2026, 11, 23));
    var ops = new PrincipalSpec("ops", List.of(), Rights.ALL);
    var access = new Access(Auth.TOKEN, List.of(ops), file.read());
    try (var site = SiteFixture.start(access, null)) {
      var own = "host: admin.example\r\norigin: https://admin.example\r\n";
      assertThat(send(site, "/metrics", own + "authorization: Bearer " + token + "\r\n"))
          .startsWith("HTTP/1.1 200 ");
      var other = "host: admin.example\r\norigin: https://evil.example\r\n";
      assertThat(send(site, "/metrics", other + "authorization: Bearer " + token + "\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void noAnswerLetsPagesOfOthersReadIt() {
    try (var site = SiteFixture.start()) {
      for (var target : List.of("/v1/call/probe", "/metrics", "/healthz", "/nothing")) {
        assertThat(send(site, target, "host: localhost\r\norigin: http://localhost\r\n"))
            .doesNotContainIgnoringCase("access-control-allow")
            .containsIgnoringCase("x-content-type-options: nosniff");
      }
    }
  }
}
