package dev.genserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.testing.Certificates;
import dev.genserver.protocol.testing.Certificates.Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The client by TLS. What makes a certificate a good one is `TlsOptionsTest`'s.
@Timeout(60)
class TlsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir static Path folder;

  private static Identity ca;
  private static Identity otherCa;
  private static Identity daemon;
  private static Identity client;

  @BeforeAll
  static void changeKeysOftenAndMakeCertificates() throws Exception {
    // Read once, when TLS is first used: else it takes 128 GiB until keys are changed.
    Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^16");
    var certificates = new Certificates(folder);
    ca = certificates.authority("ca");
    otherCa = certificates.authority("other-ca");
    daemon = certificates.server("daemon", "ca");
    client = certificates.issue("client", "ca", "-keyalg", "EC");
  }

  private static ScriptedServer server(String version, ScriptedServer.Script script)
      throws Exception {
    return ScriptedServer.tls(
        daemon.context(),
        version,
        false,
        peer -> {
          peer.welcome(Framing.MAX_FRAME_CEILING);
          script.run(peer);
        });
  }

  private static TlsOptions trustingCa() {
    return TlsOptions.defaults().ca(ca.certificate());
  }

  private static ClientOptions options() {
    return ClientOptions.defaults().tls(trustingCa());
  }

  // Calls.

  @ParameterizedTest
  @CsvSource({"TLSv1.3, tls://localhost", "TLSv1.3, 127.0.0.1", "TLSv1.2, localhost"})
  void callsGoByTls(String version, String host) throws Exception {
    try (var server =
            server(
                version,
                peer -> {
                  peer.reply(peer.read(), "7");
                  peer.drain();
                });
        var client = GenServerClient.connect(host + ":" + server.port(), options())) {
      assertThat(client.call("counter", "get", Long.class)).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void messagesOfAllSizesPassWholeAndInOrder(String version) throws Exception {
    try (var server =
            server(
                version,
                peer -> {
                  for (ClientMessage message; (message = peer.read()) != null; ) {
                    peer.reply(message, ((ClientMessage.Call) message).msg().toString());
                  }
                });
        var client = GenServerClient.connect(server.address(), options())) {
      var texts = new ArrayList<String>();
      var replies = new ArrayList<CompletableFuture<String>>();
      // Around the sizes of a TLS record, of what it holds, and of the client's own buffers.
      for (int size : new int[] {0, 1, 16_000, 16_383, 16_384, 16_385, 33_000, 1 << 20, 4 << 20}) {
        for (int more = 0; more < 8; more++) {
          var text = size + "." + more + "x".repeat(size);
          texts.add(text);
          replies.add(
              client
                  .callAsync("echo", List.of(text), String[].class, LONG)
                  .thenApply(reply -> reply[0]));
        }
      }
      for (int i = 0; i < texts.size(); i++) {
        assertThat(replies.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(texts.get(i));
      }
    }
  }

  @Test
  void whatTheDaemonReadsLateIsWholeAndWhatWasGivenUpIsNotThere() throws Exception {
    var reads = new CountDownLatch(1);
    var received = new ArrayList<String>();
    var options = options().timeout(Duration.ofMillis(200)).closeTimeout(LONG);
    try (var server =
        server(
            "TLSv1.3",
            peer -> {
              reads.await();
              for (ClientMessage message; (message = peer.read()) != null; ) {
                received.add(((ClientMessage.Cast) message).msg().toString());
              }
            })) {
      var sent = new ArrayList<String>();
      var client = GenServerClient.connect(server.address(), options);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  var text = i + "x".repeat(20_000);
                  client.cast("counter", text);
                  sent.add("\"" + text + "\"");
                }
              })
          .isInstanceOf(CallTimeoutException.class);
      reads.countDown();
      client.close();
      server.awaitEnd();
      assertThat(received).isEqualTo(sent);
    }
  }

  @Test
  void closeLetsOpenCallsBeAnswered() throws Exception {
    try (var server =
        server(
            "TLSv1.3",
            peer -> {
              var call = peer.read();
              assertThat(peer.read()).isNull();
              peer.send(new ServerMessage.Ping());
              peer.reply(call, "7");
            })) {
      var client = GenServerClient.connect(server.address(), options());
      var reply = client.callAsync("counter", "get", Long.class, LONG);
      client.close();
      assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo(7);
    }
  }

  // Handshakes that fail.

  @Test
  void daemonOfAnotherCaIsNotConnectedTo() throws Exception {
    try (var server = server("TLSv1.3", peer -> {})) {
      var options = ClientOptions.defaults().tls(TlsOptions.defaults().ca(otherCa.certificate()));

      assertThatThrownBy(() -> GenServerClient.connect(server.address(), options))
          .isInstanceOfSatisfying(
              InsecureConnectionException.class,
              e -> assertThat(e.executed()).isEqualTo(Executed.NO))
          .hasMessage(
              "connecting to tls://"
                  + server.address()
                  + " failed: unavailable, the daemon's certificate is not signed by a CA that is"
                  + " trusted here; give the daemon's CA file, if you know it to be the daemon's");
    }
  }

  @Test
  void daemonOfAnotherNameIsNotConnectedTo() throws Exception {
    try (var server = server("TLSv1.3", peer -> {})) {
      var options = ClientOptions.defaults().tls(trustingCa().serverName("alpha.example"));

      assertThatThrownBy(() -> GenServerClient.connect(server.address(), options))
          .isInstanceOf(InsecureConnectionException.class)
          .hasMessageContaining("the daemon's certificate is not for 'alpha.example' (");
    }
  }

  @Test
  void caFileThatIsNotThereIsNamed() throws Exception {
    try (var server = server("TLSv1.3", peer -> {})) {
      var missing = folder.resolve("missing.crt");
      var options = ClientOptions.defaults().tls(TlsOptions.defaults().ca(missing));

      assertThatThrownBy(() -> GenServerClient.connect(server.address(), options))
          .isInstanceOf(InsecureConnectionException.class)
          .hasMessageEndingWith("CA file " + missing + " does not exist");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void daemonThatAsksForACertificateSeesIt(String version) throws Exception {
    try (var server =
        ScriptedServer.tls(
            daemon.context(ca),
            version,
            true,
            ScriptedServer.welcoming(ScriptedServer.Peer::drain))) {
      var tls = trustingCa().identity(client.certificate(), client.key());

      GenServerClient.connect(server.address(), ClientOptions.defaults().tls(tls)).close();
      server.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void clientWithoutTheCertificateThatIsAskedForIsToldSo(String version) throws Exception {
    try (var server =
        ScriptedServer.tls(daemon.context(ca), version, true, ScriptedServer.Peer::welcome)) {
      var failure =
          catchThrowableOfType(
              UnauthenticatedException.class,
              () -> GenServerClient.connect(server.address(), options()));

      assertThat(failure).hasMessageContaining("wants a client certificate; give one, and its key");
      assertThat(failure.executed()).isEqualTo(Executed.NO);
    }
  }

  @Test
  void daemonWithoutTlsIsToldOfAsSuch() throws Exception {
    try (var server = ScriptedServer.raw(peer -> peer.raw("no TLS here\n".getBytes(UTF_8)))) {
      assertThatThrownBy(() -> GenServerClient.connect("tls://" + server.address()))
          .isInstanceOf(InsecureConnectionException.class)
          .hasMessageContaining("what answers there does not speak TLS; if the daemon has none,");
    }
  }

  @Test
  void daemonWithTlsIsToldOfAsSuchWhereItIsSpokenToWithout() throws Exception {
    try (var server = server("TLSv1.3", peer -> {})) {
      assertThatThrownBy(() -> GenServerClient.connect(server.address()))
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining(
              server.address() + " speaks TLS; connect to it by tls://, or with ClientOptions.tls");
    }
  }

  @Test
  void handshakeThatStallsIsGivenUpInTime() throws Exception {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options = options().connectTimeout(Duration.ofMillis(200));
      long before = System.nanoTime();

      assertThatThrownBy(() -> GenServerClient.connect("127.0.0.1:" + deaf.getLocalPort(), options))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("no answer within 200 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
