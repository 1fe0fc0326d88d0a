package dev.genserver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.testing.Certificates;
import dev.genserver.protocol.testing.Certificates.Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command line by TLS.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SecureTest {

  @TempDir static Path folder;

  private static Identity ca;
  private static Identity otherCa;
  private static Identity host;
  private static Identity expired;
  private static Identity client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    var certificates = new Certificates(folder);
    ca = certificates.authority("ca");
    otherCa = certificates.authority("other-ca");
    host = certificates.server("daemon", "ca");
    expired =
        certificates.issue(
            "expired",
            "ca",
            "-keyalg",
            "EC",
            "-ext",
            Certificates.LOOPBACK,
            "-startdate",
            "-10d",
            "-validity",
            "5");
    client = certificates.issue("client", "ca", "-keyalg", "EC");
    // As whoever keeps a key should.
    assertThat(client.key().toFile().setReadable(false, false)).isTrue();
    assertThat(client.key().toFile().setReadable(true, true)).isTrue();
  }

  private static ScriptedDaemon daemon() throws Exception {
    return ScriptedDaemon.byTls(host.context(), false, "3");
  }

  private static Genserver run(ScriptedDaemon daemon, Identity trusted, String... args) {
    var environment =
        Map.of("GENSERVER_URL", daemon.url(), "GENSERVER_CA", trusted.certificate().toString());
    return Genserver.run("", environment, args);
  }

  // What works.

  @Test
  void callGoesByTlsWhereACaIsGiven() throws Exception {
    try (var daemon = daemon()) {
      assertThat(run(daemon, ca, "call", "counter", "get")).isEqualTo(new Genserver(0, "3\n", ""));
      assertThat(
              Genserver.run(
                  "",
                  Map.of(),
                  "call",
                  "counter",
                  "get",
                  "--url",
                  "tls://localhost:" + daemon.port(),
                  "--ca",
                  ca.certificate().toString()))
          .isEqualTo(new Genserver(0, "3\n", ""));
    }
  }

  @Test
  void largeMessageAndReplyPassWhole() throws Exception {
    var text = "\"" + "x".repeat(500_000) + "\"";
    try (var daemon = ScriptedDaemon.byTls(host.context(), false, text)) {
      var run =
          Genserver.run(
              text,
              Map.of("GENSERVER_URL", daemon.url(), "GENSERVER_CA", ca.certificate().toString()),
              "call",
              "counter",
              "-");

      assertThat(run).isEqualTo(new Genserver(0, text + "\n", ""));
      assertThat(((ClientMessage.Call) daemon.request()).msg()).hasToString(text);
    }
  }

  @Test
  void castThatIsNotConfirmedIsFollowedByAPingSoThatItArrives() throws Exception {
    try (var daemon = daemon()) {
      assertThat(run(daemon, ca, "cast", "counter", "reset", "--no-confirm"))
          .isEqualTo(new Genserver(0, "", ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Cast.class);
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Ping.class);
    }
  }

  @Test
  void daemonThatAsksForACertificateGetsIt() throws Exception {
    try (var daemon = ScriptedDaemon.byTls(host.context(ca), true, "3")) {
      var run =
          run(
              daemon,
              ca,
              "call",
              "counter",
              "get",
              "--cert",
              client.certificate().toString(),
              "--key",
              client.key().toString());

      assertThat(run).isEqualTo(new Genserver(0, "3\n", ""));
    }
  }

  // What does not.

  @Test
  void daemonOfAnotherCaIsNotSpokenTo() throws Exception {
    try (var daemon = daemon()) {
      assertThat(run(daemon, otherCa, "call", "counter", "get"))
          .isEqualTo(
              new Genserver(
                  76,
                  "",
                  "call to 'counter' failed: no secure connection to tls://"
                      + daemon.url()
                      + ": the daemon's certificate is not signed by a CA that is trusted here; give"
                      + " the daemon's CA file, if you know it to be the daemon's (not executed)\n"));
    }
  }

  @Test
  void daemonWithAnExpiredCertificateIsNotSpokenTo() throws Exception {
    try (var daemon = ScriptedDaemon.byTls(expired.context(), false, "3")) {
      var run = run(daemon, ca, "ping");

      assertThat(run.exitCode()).isEqualTo(76);
      assertThat(run.err()).contains("certificate has expired (");
    }
  }

  @Test
  void serverNameIsWhomTheCertificateMustBeFor() throws Exception {
    try (var daemon = daemon()) {
      var right = run(daemon, ca, "ping", "--server-name", "localhost");
      var wrong = run(daemon, ca, "ping", "--server-name", "alpha.example");

      assertThat(right.exitCode()).isZero();
      assertThat(wrong.exitCode()).isEqualTo(76);
      assertThat(wrong.err()).contains("the daemon's certificate is not for 'alpha.example' (");
    }
  }

  @Test
  void daemonThatAsksForACertificateIsToldOfAsSuch() throws Exception {
    try (var daemon = ScriptedDaemon.byTls(host.context(ca), true, "3")) {
      var run = run(daemon, ca, "call", "counter", "get");

      assertThat(run.exitCode()).isEqualTo(77);
      assertThat(run.err())
          .contains("the daemon wants a client certificate; give one, and its key (not executed)");
    }
  }

  @ParameterizedTest
  @CsvSource({"GENSERVER_CA, CA file", "GENSERVER_CERT, client certificate"})
  void fileThatCannotBeUsedIsNamed(String variable, String what) throws Exception {
    var missing = folder.resolve("missing").toString();
    try (var daemon = daemon()) {
      var environment =
          variable.equals("GENSERVER_CA")
              ? Map.of(variable, missing)
              : Map.of(variable, missing, "GENSERVER_KEY", client.key().toString());
      var run = Genserver.run("", environment, "ping", "--url", daemon.url());

      assertThat(run.exitCode()).isEqualTo(66);
      assertThat(run.err()).contains(what + " " + missing + " does not exist (not executed)");
    }
  }

  @Test
  void daemonWithoutTlsIsToldOfAsSuch() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var peer = Thread.ofVirtual().start(() -> refuse(listener));
      var url = "tls://127.0.0.1:" + listener.getLocalPort();
      var run = Genserver.run("", Map.of(), "ping", "--url", url);

      assertThat(run.exitCode()).isEqualTo(76);
      assertThat(run.err())
          .isEqualTo(
              "ping failed: no secure connection to "
                  + url
                  + ": what answers there does not speak TLS; if the daemon has none, connect to"
                  + " tcp://host:port (not executed)\n");
      peer.join();
    }
  }

  private static void refuse(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.getInputStream().read(new byte[4096]);
      socket.getOutputStream().write("this port speaks no TLS\n".getBytes(UTF_8));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void daemonWithTlsIsToldOfAsSuchWhereItIsSpokenToWithout() throws Exception {
    try (var daemon = daemon()) {
      var run = Genserver.run(daemon, "ping");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  76,
                  "",
                  "ping failed: what answers at %1$s speaks TLS; write tls://%1$s (not executed)\n"
                      .formatted(daemon.url())));
    }
  }

  @Test
  void handshakeThatStallsEndsAtTheTimeLimit() throws Exception {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var url = "tls://127.0.0.1:" + deaf.getLocalPort();
      var run =
          Genserver.run("", Map.of(), "call", "counter", "get", "--timeout", "100ms", "--url", url);

      assertThat(run.exitCode()).isEqualTo(69);
      assertThat(run.err()).contains("no daemon reached at " + url + ": no answer within 100 ms");
    }
  }
}
