package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.access.TokenFile;
import dev.genserver.daemon.metrics.Exposition;
import dev.genserver.daemon.net.Peer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The wire over TLS, with the certificates that `genserverd tls self-signed` makes.
class TlsTest {

  private static final String PING = "{\"op\":\"ping\",\"id\":1}";

  @TempDir static Path folder;
  @TempDir static Path others;

  @BeforeAll
  static void makeCertificates() throws IOException {
    DevelopmentCertificates.make(folder, List.of("daemon.example", "10.0.0.7"), "shop");
    DevelopmentCertificates.make(others, List.of(), "shop");
  }

  private static Map<String, String> tls(String... more) {
    var flags =
        new HashMap<>(
            Map.of(
                "--tls-certificate", folder.resolve("server.crt").toString(),
                "--tls-key", folder.resolve("server.key").toString()));
    for (var i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return flags;
  }

  private static DaemonUnderTest daemon(String... more) throws StartException {
    return DaemonUnderTest.start(Optional.empty(), tls(more));
  }

  private static String ca() {
    return folder.resolve("ca.crt").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void everythingGoesOverTls(String version) throws Exception {
    try (var daemon = daemon();
        var peer = Peer.over(ClientTls.of(version, folder, null), daemon.daemon.address())) {
      assertThat(peer.send(PING).receive()).containsEntry("op", "pong");
      for (var i = 0; i < 1_000; i++) {
        peer.send(PING);
      }
      for (var i = 0; i < 1_000; i++) {
        assertThat(peer.receive()).containsEntry("op", "pong");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void daemonEndsATlsConnectionInOrder(String version) throws Exception {
    try (var daemon = daemon();
        var peer = Peer.over(ClientTls.of(version, folder, null), daemon.daemon.address())) {
      peer.sendLine("{\"op\":\"ping\",\"id\":1}");
      assertThat(peer.receiveLine()).containsEntry("op", "pong");
      peer.sendBytes(new byte[] {'x', '\n'});
      assertThat(peer.receiveLine()).containsEntry("op", "error");
      daemon.daemon.close();
      assertThat(peer.receiveLine()).containsEntry("op", "goodbye");
      assertThat(peer.rest()).isEmpty(); // and not an exception for a connection that is cut off
    }
  }

  @Test
  void metricsTellWhenTheCertificateRunsOut() throws Exception {
    try (var daemon = daemon();
        var client =
            HttpClient.newBuilder().sslContext(ClientTls.of("TLSv1.3", folder, null)).build()) {
      var url = "https://localhost:%d/metrics".formatted(daemon.daemon.adminAddress().getPort());
      var text =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(url)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(Exposition.of(text).value("genserverd_tls_certificate_expiry_seconds"))
          .isGreaterThan((double) Instant.now().plus(Duration.ofDays(10)).getEpochSecond());
    }
  }

  @Test
  void clientThatHalfClosesGetsItsAnswers() throws Exception {
    try (var daemon = daemon();
        var peer = Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address())) {
      peer.sendLine("{\"op\":\"call\",\"id\":1,\"to\":\"sys.processes\",\"msg\":\"list\"}")
          .endInput();
      assertThat(peer.receiveLine()).containsEntry("op", "reply");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void plainFramesAreToldThatTlsIsSpokenHere() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(peer.send(PING).receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "bad_frame")
          .containsEntry(
              "message",
              "this port speaks TLS; connect with tls://HOST:PORT, or your program's option for TLS");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void plainLinesAreToldSoInALine() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(peer.sendLine(PING).receiveLine()).containsEntry("code", "bad_frame");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void plainHttpIsToldSoInHttp() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      peer.sendBytes("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(peer.rest(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("this port speaks TLS");
    }
  }

  @Test
  void whoBeginsNoHandshakeIsClosedInTime() throws Exception {
    try (var daemon = daemon("--login-timeout", "200ms");
        var silent = daemon.peer();
        var slow = daemon.peer()) {
      slow.sendBytes(new byte[] {0x16, 3, 1});
      assertThat(slow.rest()).isEmpty();
      assertThat(silent.rest()).isEmpty();
    }
  }

  @Test
  void clientWithAnotherCaDoesNotTrustTheDaemon() throws Exception {
    try (var daemon = daemon();
        var peer = Peer.over(ClientTls.of("TLSv1.3", others, null), daemon.daemon.address())) {
      assertThatThrownBy(() -> peer.send(PING).receive()).hasMessageContaining("certificat");
      // The next one does not suffer from it.
      try (var next = Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address())) {
        assertThat(next.send(PING).receive()).containsEntry("op", "pong");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void certificateIsALogin(String version) throws Exception {
    try (var daemon = daemon("--auth", "certificate", "--tls-client-ca", ca());
        var peer = Peer.over(ClientTls.of(version, folder, folder), daemon.daemon.address())) {
      assertThat(peer.send(PING).receive()).containsEntry("op", "pong");
      assertThat(peer.send("{\"op\":\"hello\",\"id\":2,\"versions\":[1]}").receive())
          .containsEntry("op", "welcome")
          .containsEntry("principal", "shop");
      assertThat(
              Peer.error(
                  peer.send("{\"op\":\"call\",\"id\":3,\"to\":\"sys.processes\",\"msg\":\"list\"}")
                      .receive()))
          .containsEntry("code", "forbidden");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutACertificateOfTheClientCaTheHandshakeFails(boolean another) throws Exception {
    try (var daemon = daemon("--auth", "certificate", "--tls-client-ca", ca());
        var peer =
            Peer.over(
                ClientTls.of("TLSv1.3", folder, another ? others : null),
                daemon.daemon.address())) {
      assertThatThrownBy(() -> peer.send(PING).receive()).isNotNull();
    }
  }

  @Test
  void eitherTakesATokenFromWhoHasNoCertificate() throws Exception {
    var tokens = folder.resolve("tokens-" + System.nanoTime());
    var token = new TokenFile(tokens).create("ops", LocalDate.of(2026, 11, 23));
    try (var daemon =
            daemon(
                "--auth", "either", "--tls-client-ca", ca(), "--tokens-file", tokens.toString());
        var peer = Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address());
        var none = Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address())) {
      assertThat(
              peer.send(
                      "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"token\":\"%s\"}"
                          .formatted(token))
                  .receive())
          .containsEntry("principal", "ops");
      assertThat(Peer.error(none.send(PING).receive())).containsEntry("code", "unauthenticated");
    }
  }

  @Test
  void newCertificateIsUsedWithoutARestart(@TempDir Path live) throws Exception {
    for (var name : List.of("server.crt", "server.key")) {
      Files.copy(folder.resolve(name), live.resolve(name));
    }
    try (var daemon =
            daemon(
                "--tls-certificate",
                live.resolve("server.crt").toString(),
                "--tls-key",
                live.resolve("server.key").toString());
        var before = Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address())) {
      before.send(PING).receive();
      for (var name : List.of("server.key", "server.crt")) {
        Files.copy(others.resolve(name), live.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .ignoreExceptions()
          .untilAsserted(() -> {
            try (var after =
                Peer.over(ClientTls.of("TLSv1.3", others, null), daemon.daemon.address())) {
              assertThat(after.send(PING).receive()).containsEntry("op", "pong");
            }
          });
      assertThat(before.send(PING).receive()).containsEntry("op", "pong");
    }
  }

  @Test
  void keyOfAnotherCertificateIsToldAtTheStart() {
    assertThatThrownBy(() -> daemon("--tls-key", others.resolve("server.key").toString()))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "the key in tls.key %s is not that of the first certificate in tls.certificate %s; name the two that belong together",
            others.resolve("server.key"), folder.resolve("server.crt"));
  }

  @Test
  void fileThatIsNoKeyIsToldAtTheStart() {
    assertThatThrownBy(() -> daemon("--tls-key", ca()))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "tls.key %s holds no private key in the form '-----BEGIN PRIVATE KEY-----' (PKCS#8, not encrypted; RSA, EC or Ed25519); make one with 'openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW'",
            ca());
    assertThatThrownBy(() -> daemon("--tls-certificate", folder.resolve("gone").toString()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("tls.certificate")
        .hasMessageContaining("cannot be read");
  }
}
