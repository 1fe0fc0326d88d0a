package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.net.Peer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What whoever supervises the daemon asks its admin port.
class AdminPortTest {

  private static HttpResponse<String> send(HttpClient client, String method, String url)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String url(DaemonUnderTest daemon, String path) {
    return "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + path;
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /healthz,   200, ok",
    "GET,  /healthz?x, 200, ok",
    "HEAD, /healthz,   200, ''",
    "GET,  /readyz,    200, ready",
    "POST, /readyz,    405, use GET"
  })
  void answersOverHttp(String method, String path, int status, String text) throws Exception {
    try (var daemon = DaemonUnderTest.start(Optional.empty(), Map.of());
        var client = HttpClient.newHttpClient()) {
      var answer = send(client, method, url(daemon, path));
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body().strip()).isEqualTo(text);
      assertThat(send(client, "GET", url(daemon, "/healthz")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNotThereIsToldWithWhatIs() throws Exception {
    try (var daemon = DaemonUnderTest.start(Optional.empty(), Map.of());
        var client = HttpClient.newHttpClient()) {
      var unknown = send(client, "GET", url(daemon, "/metric"));
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.headers().firstValue("content-type")).contains("application/json");
      assertThat(unknown.body())
          .startsWith("{\"error\":{\"code\":\"unknown_op\",\"message\":")
          .contains(
              "there is no '/metric' here; there are /healthz, /readyz, /, /dashboard/{file}");
      var wrong = send(client, "DELETE", url(daemon, "/"));
      assertThat(wrong.statusCode()).isEqualTo(405);
      assertThat(wrong.headers().firstValue("allow")).contains("GET, HEAD");
      assertThat(wrong.body()).contains("DELETE is not done here; use GET, HEAD");
    }
  }

  @Test
  void daemonThatDrainsIsAliveAndNotReady() throws Exception {
    var daemon = DaemonUnderTest.start(Optional.empty(), Map.of("--shutdown-drain", "10s"));
    var open = daemon.peer();
    try (var client = HttpClient.newHttpClient()) {
      // Waits for news of a process that has none, which keeps the daemon from ending.
      open.send(
          "{\"op\":\"call\",\"id\":1,\"to\":\"sys.processes\",\"timeout_ms\":20000,\"msg\":"
              + "{\"type\":\"trace\",\"process\":\"sys.connections\",\"after\":0}}");
      open.send("{\"op\":\"ping\"}");
      open.receive();
      var ending = CompletableFuture.runAsync(daemon::close);
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> send(client, "GET", url(daemon, "/readyz")).statusCode() == 503);
      assertThat(send(client, "GET", url(daemon, "/healthz")).statusCode()).isEqualTo(200);
      open.close();
      ending.join();
    }
  }

  @Test
  void speaksTlsWhereTheWireDoesAndRequiresNoCertificateToTellWhetherAllIsWell(@TempDir Path folder)
      throws Exception {
    DevelopmentCertificates.make(folder, List.of(), "shop");
    var flags =
        Map.of(
            "--tls-certificate", folder.resolve("server.crt").toString(),
            "--tls-key", folder.resolve("server.key").toString(),
            "--tls-client-ca", folder.resolve("ca.crt").toString(),
            "--auth", "certificate");
    try (var daemon = DaemonUnderTest.start(Optional.empty(), flags);
        var client =
            HttpClient.newBuilder().sslContext(ClientTls.of("TLSv1.3", folder, null)).build()) {
      var url = url(daemon, "/readyz").replace("http:", "https:");
      assertThat(send(client, "GET", url).body()).isEqualTo("ready\n");
    }
  }

  /// A health check may know nothing of TLS. Whoever else comes without it is told what to do.
  @Test
  void whereTlsIsSpokenHealthAloneIsToldInTheClear(@TempDir Path folder) throws Exception {
    DevelopmentCertificates.make(folder, List.of(), "shop");
    var flags =
        Map.of(
            "--tls-certificate", folder.resolve("server.crt").toString(),
            "--tls-key", folder.resolve("server.key").toString());
    try (var daemon = DaemonUnderTest.start(Optional.empty(), flags);
        var client = HttpClient.newHttpClient()) {
      assertThat(send(client, "GET", url(daemon, "/readyz")).body()).isEqualTo("ready\n");
      assertThat(send(client, "GET", url(daemon, "/healthz")).body()).isEqualTo("ok\n");
      for (var path : List.of("/", "/metrics", "/v1/live", "/v1/call/counter", "/nowhere")) {
        var answer = send(client, "POST", url(daemon, path));
        assertThat(answer.statusCode()).as(path).isEqualTo(400);
        assertThat(answer.body()).as(path).startsWith("this port speaks TLS; ask with https://");
      }
    }
  }

  @Test
  void whatIsNoHttpIsToldSoAndClosed() throws Exception {
    try (var daemon = DaemonUnderTest.start(Optional.empty(), Map.of());
        var peer = new Peer(daemon.daemon.adminAddress())) {
      peer.sendBytes(("GET /" + "x".repeat(10_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(peer.rest(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:6470,  127.0.0.1:6471",
    "127.0.0.1:7000,  127.0.0.1:7001",
    "127.0.0.1:0,     127.0.0.1:0",
    "127.0.0.1:65535, 127.0.0.1:0"
  })
  void itsPortFollowsThatOfTheWireUnlessItIsSaid(String listen, String admin) {
    var config = ConfigLoader.load(Optional.empty(), Map.of(), Map.of("--listen", listen));
    assertThat(config.admin()).hasToString(admin);
    var said =
        ConfigLoader.load(
            Optional.empty(), Map.of(), Map.of("--listen", listen, "--admin", "127.0.0.1:9"));
    assertThat(said.admin()).hasToString("127.0.0.1:9");
  }
}
