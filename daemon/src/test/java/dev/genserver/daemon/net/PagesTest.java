package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are part of the daemon.
class PagesTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/,             text/html; charset=utf-8, <!doctype html>",
    "/v1/?x=y,         text/html; charset=utf-8, <!doctype html>",
    "/v1/openapi.json, application/json,         {",
    "/v1/api.css,      text/css; charset=utf-8,  /*"
  })
  void areSentWithTheirTypeAndWhatKeepsBrowsersSafe(String target, String type, String begin) {
    try (var site = SiteFixture.start()) {
      var answer = site.get(target);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).startsWith(begin);
      var headers = answer.headers();
      assertThat(headers.firstValue("content-type")).contains(type);
      assertThat(headers.firstValue("cache-control")).contains("no-cache");
      assertThat(headers.firstValue("content-security-policy").orElseThrow())
          .startsWith("default-src 'self';");
      assertThat(headers.firstValue("x-frame-options")).contains("DENY");
      assertThat(headers.firstValue("x-content-type-options")).contains("nosniff");
      assertThat(headers.firstValue("content-encoding")).isEmpty();
    }
  }

  @Test
  void areNotSentAgainToWhoHasThem() {
    try (var site = SiteFixture.start()) {
      var tag = site.get("/v1/").headers().firstValue("etag").orElseThrow();
      var again = site.get("/v1/", "if-none-match", tag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("etag")).contains(tag);
      assertThat(site.get("/v1/", "if-none-match", "\"other\"").statusCode()).isEqualTo(200);
      assertThat(site.get("/v1/api.css").headers().firstValue("etag").orElseThrow())
          .isNotEqualTo(tag);
    }
  }

  @Test
  void areZippedForWhoTakesThatUnderATagOfTheirOwn() throws IOException, InterruptedException {
    try (var site = SiteFixture.start();
        var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              site.request("/v1/").header("accept-encoding", "gzip, br").build(),
              BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
      assertThat(answer.headers().firstValue("vary")).contains("accept-encoding");
      var plain = site.get("/v1/");
      try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo(plain.body());
      }
      assertThat(answer.headers().firstValue("etag"))
          .isNotEqualTo(plain.headers().firstValue("etag"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboard/",
        "/dashboard/none.html",
        "/dashboard/../api/index.html",
        "/dashboard/..%2Fapi%2Findex.html",
        "/dashboard//etc/passwd",
        "/dashboard/.hidden.html",
        "/dashboard/logback.xml",
        "/v1/index.html",
        "/V1/"
      })
  void nothingElseIsFound(String target) {
    try (var site = SiteFixture.start();
        var peer = site.peer()) {
      assertThat(peer.sendBytes(HttpFixture.get(target)).receiveHttp())
          .startsWith("HTTP/1.1 404 ")
          .contains("\"code\":\"unknown_op\"");
    }
  }

  @Test
  void mayBeLinkedToFromElsewhereButNotFetched() {
    try (var site = SiteFixture.start()) {
      assertThat(
              site.get("/v1/", "sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate")
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              site.get("/v1/", "sec-fetch-site", "cross-site", "sec-fetch-mode", "no-cors")
                  .statusCode())
          .isEqualTo(403);
    }
  }
}
