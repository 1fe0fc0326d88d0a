package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.protocol.TlsException.Fault;
import dev.genserver.protocol.testing.Certificates;
import dev.genserver.protocol.testing.Certificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Handshakes with a server of the JDK's; and files of which no handshake comes.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsOptionsTest {

  @TempDir static Path folder;

  private static Identity ca;
  private static Identity otherCa;
  private static Identity server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    var certificates = new Certificates(folder);
    ca = certificates.authority("ca");
    otherCa = certificates.authority("other-ca");
    server = certificates.server("server", "ca");
  }

  private static TlsOptions trustingCa() {
    return TlsOptions.defaults().ca(ca.certificate());
  }

  // Whom the client trusts.

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "::1"})
  void daemonWithACertificateForTheHostIsTrusted(String host) throws Exception {
    assertThat(greeting(server.context(), "TLSv1.3", trustingCa(), host)).isEqualTo("TLSv1.3 -");
  }

  @Test
  void olderDaemonIsSpokenToByTls12() throws Exception {
    assertThat(greeting(server.context(), "TLSv1.2", trustingCa(), "localhost"))
        .isEqualTo("TLSv1.2 -");
  }

  @Test
  void anyCertificateOfTheCaFileIsTrusted() throws Exception {
    var bundle = folder.resolve("bundle.crt");
    Files.writeString(
        bundle,
        "# the old one -- goes soon\n"
            + Files.readString(otherCa.certificate())
            + "\r\n# the new one\r\n"
            + Files.readString(ca.certificate()).replace("\n", "\r\n"));

    var options = TlsOptions.defaults().ca(bundle);
    assertThat(greeting(server.context(), "TLSv1.3", options, "localhost")).isEqualTo("TLSv1.3 -");
  }

  @Test
  void certificateOfAnotherCaIsNot() throws Exception {
    var failure = failure(server.context(), TlsOptions.defaults().ca(otherCa.certificate()));

    assertThat(failure)
        .hasMessage(
            "the daemon's certificate is not signed by a CA that is trusted here; give the daemon's"
                + " CA file, if you know it to be the daemon's");
    assertThat(failure.fault()).isEqualTo(Fault.DAEMON);
  }

  @Test
  void certificateOfAnotherCaOfTheSameNameIsNot() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    var namesake = new Certificates(elsewhere).authority("ca");

    assertThat(failure(server.context(), TlsOptions.defaults().ca(namesake.certificate())))
        .hasMessageContaining("is not signed by a CA that is trusted here");
  }

  @Test
  void withoutACaFileTheCasOfTheJvmCount() throws Exception {
    assertThat(failure(server.context(), TlsOptions.defaults()))
        .hasMessageContaining("not signed by a CA that is trusted here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dns:example.org", "ip:127.0.0.2", "dns:localhost.example"})
  void certificateForAnotherHostIsNot(String name) throws Exception {
    var certificates = new Certificates(folder);
    var wrong =
        certificates.issue(
            "for " + name.replace(':', ' '), "ca", "-keyalg", "EC", "-ext", "san=" + name);

    assertThat(failure(wrong.context(), trustingCa()))
        .hasMessageContaining("the daemon's certificate is not for 'localhost' (")
        .hasMessageEndingWith("connect by a name that it is for, or give that as the server name");
  }

  @Test
  void certificateForAnotherAddressIsNot() throws Exception {
    var certificates = new Certificates(folder);
    var wrong = certificates.issue("named", "ca", "-keyalg", "EC", "-ext", "san=dns:localhost");

    assertThatThrownBy(() -> greeting(wrong.context(), "TLSv1.3", trustingCa(), "127.0.0.1"))
        .hasMessageContaining("the daemon's certificate is not for '127.0.0.1' (");
  }

  @Test
  void serverNameIsWhomTheCertificateMustBeFor() throws Exception {
    var certificates = new Certificates(folder);
    var elsewhere =
        certificates.issue("elsewhere", "ca", "-keyalg", "RSA", "-ext", "san=dns:alpha.example");

    var right = trustingCa().serverName("alpha.example");
    assertThat(greeting(elsewhere.context(), "TLSv1.3", right, "127.0.0.1")).isEqualTo("TLSv1.3 -");
    // The address would do, but it is not asked for.
    var wrong = trustingCa().serverName("beta.example");
    assertThat(failure(server.context(), wrong))
        .hasMessageContaining("the daemon's certificate is not for 'beta.example' (");
  }

  @Test
  void expiredCertificateIsNot() throws Exception {
    var certificates = new Certificates(folder);
    var expired =
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

    assertThat(failure(expired.context(), trustingCa()))
        .hasMessageMatching("the daemon's certificate has expired \\(.+\\); it must be renewed");
  }

  @Test
  void certificateOfTheFutureIsNot() throws Exception {
    var certificates = new Certificates(folder);
    var early =
        certificates.issue(
            "early", "ca", "-keyalg", "EC", "-ext", Certificates.LOOPBACK, "-startdate", "+10d");

    assertThat(failure(early.context(), trustingCa()))
        .hasMessageContaining("is not valid yet (")
        .hasMessageEndingWith("look at the clock of this machine");
  }

  // Who the client is.

  @ParameterizedTest
  @CsvSource({"TLSv1.3, EC", "TLSv1.3, RSA", "TLSv1.3, Ed25519", "TLSv1.2, EC", "TLSv1.2, RSA"})
  void daemonSeesTheClientsCertificate(String version, String algorithm) throws Exception {
    var client = new Certificates(folder).issue(algorithm + version, "ca", "-keyalg", algorithm);

    var options = trustingCa().identity(client.certificate(), client.key());
    assertThat(greeting(server.context(ca), true, version, options, "localhost"))
        .isEqualTo(version + " CN=" + algorithm + version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void daemonThatWantsACertificateIsToldOfAsSuch(String version) {
    var failure =
        catchThrowableOfType(
            TlsException.class,
            () -> greeting(server.context(ca), true, version, trustingCa(), "localhost"));

    // By TLS 1.2 some daemons do not say so.
    assertThat(failure).hasMessageContaining("wants a client certificate; give one, and its key");
    assertThat(failure.fault()).isEqualTo(Fault.CLIENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void certificateThatTheDaemonRefusesIsToldOfAsSuch(String version) throws Exception {
    // The daemon trusts another authority of the same name, so that the client shows the
    // certificate.
    var imitation = Files.createDirectories(folder.resolve("imitation-" + version));
    var impostor = new Certificates(imitation);
    impostor.authority("ca");
    var client = impostor.issue("client", "ca", "-keyalg", "EC");
    var options = trustingCa().identity(client.certificate(), client.key());

    var failure =
        catchThrowableOfType(
            TlsException.class,
            () -> greeting(server.context(ca), true, version, options, "localhost"));

    assertThat(failure)
        .hasMessageStartingWith(
            "the daemon does not accept the client certificate " + client.certificate() + " (");
    assertThat(failure.fault()).isEqualTo(Fault.CLIENT);
  }

  // What is no TLS.

  @ParameterizedTest
  @ValueSource(strings = {"this port speaks no TLS\n", "HTTP/1.1 400 Bad Request\r\n\r\n"})
  void peerThatDoesNotSpeakTlsIsToldOfAsSuch(String answer) throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var peer = new Thread(() -> answer(listener, answer));
      peer.start();
      assertThatThrownBy(() -> greet(listener, trustingCa(), "localhost"))
          .isInstanceOf(TlsException.class)
          .hasMessage(
              "what answers there does not speak TLS; if the daemon has none, connect to"
                  + " tcp://host:port");
      peer.join();
    }
  }

  @Test
  void peerThatHangsUpIsToldOfAsSuch() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var peer = new Thread(() -> answer(listener, ""));
      peer.start();
      assertThatThrownBy(() -> greet(listener, trustingCa(), "localhost"))
          .isInstanceOf(TlsException.class)
          .hasMessageContaining("the connection was closed before TLS was agreed on");
      peer.join();
    }
  }

  // Files that cannot be used.

  @Test
  void caFileThatIsNoneIsRefused() throws Exception {
    var missing = folder.resolve("missing.crt");
    assertFileProblem(TlsOptions.defaults().ca(missing), "CA file " + missing + " does not exist");
    assertFileProblem(
        TlsOptions.defaults().ca(server.key()),
        "CA file "
            + server.key()
            + " holds no certificate; it needs a PEM block 'BEGIN CERTIFICATE'");
    var damaged = write("damaged.crt", Certificates.pem("CERTIFICATE", new byte[100]));
    assertFileProblem(
        TlsOptions.defaults().ca(damaged),
        "CA file " + damaged + " holds a certificate that is damaged: ");
    assertFileProblem(TlsOptions.defaults().ca(folder), "CA file " + folder + " cannot be read: ");
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, is encrypted",
    "RSA PRIVATE KEY,       'is an ''RSA PRIVATE KEY'', an older form; convert it by ''openssl pkcs8"
        + " -topk8 -nocrypt -in FILE -out NEW'''",
    "EC PRIVATE KEY,        'is an ''EC PRIVATE KEY'', an older form'",
    "PUBLIC KEY,            holds no private key; it needs a PEM block 'BEGIN PRIVATE KEY'",
    "PRIVATE KEY,           'is damaged, or is not of the same kind, EC, as the certificate''s'"
  })
  void keyFileThatIsNoneIsRefused(String label, String problem) throws Exception {
    var key = write(label + ".key", Certificates.pem(label, new byte[40]));

    assertFileProblem(
        TlsOptions.defaults().identity(server.certificate(), key),
        "client key " + key + " " + problem);
  }

  @Test
  void oldEncryptedKeyIsRefusedAsEncrypted() throws Exception {
    var key =
        write(
            "old.key",
            """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-256-CBC,00

            AAAA
            -----END RSA PRIVATE KEY-----
            """);

    assertFileProblem(
        TlsOptions.defaults().identity(server.certificate(), key),
        "client key " + key + " is encrypted, and nobody is asked for its password");
  }

  @Test
  void keyOfAnotherCertificateIsRefused() {
    assertFileProblem(
        TlsOptions.defaults().identity(server.certificate(), ca.key()),
        "client key " + ca.key() + " is not the key of the certificate " + server.certificate());
  }

  @Test
  void certificateWithoutItsKeyIsNoIdentity() {
    assertThatThrownBy(() -> new TlsOptions(null, server.certificate(), null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a client's certificate and its key belong together; give both or none");
  }

  private static void assertFileProblem(TlsOptions options, String message) {
    assertThatThrownBy(() -> options.engine("localhost", 1))
        .isInstanceOfSatisfying(
            TlsException.class, e -> assertThat(e.fault()).isEqualTo(Fault.FILE))
        .hasMessageStartingWith(message);
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static TlsException failure(SSLContext context, TlsOptions options) {
    return catchThrowableOfType(
        TlsException.class, () -> greeting(context, "TLSv1.3", options, "localhost"));
  }

  /// The version that both speak and whom the daemon sees, as the daemon tells them over TLS.
  private static String greeting(
      SSLContext context, String version, TlsOptions options, String host) throws Exception {
    return greeting(context, false, version, options, host);
  }

  private static String greeting(
      SSLContext context, boolean knowsClient, String version, TlsOptions options, String host)
      throws Exception {
    try (var listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setEnabledProtocols(new String[] {version});
      listener.setNeedClientAuth(knowsClient);
      var daemon = new Thread(() -> greet(listener));
      daemon.start();
      try {
        return greet(listener, options, host);
      } finally {
        daemon.join();
      }
    }
  }

  private static void greet(SSLServerSocket listener) {
    try (var socket = (SSLSocket) listener.accept()) {
      socket.startHandshake();
      var session = socket.getSession();
      var client = listener.getNeedClientAuth() ? session.getPeerPrincipal().getName() : "-";
      socket.getOutputStream().write((session.getProtocol() + " " + client).getBytes(UTF_8));
    } catch (IOException e) {
      // The handshake failed, of which the client tells.
    }
  }

  private static String greet(ServerSocket listener, TlsOptions options, String host)
      throws IOException {
    try (var plain = SocketChannel.open(listener.getLocalSocketAddress());
        var selector = Selector.open()) {
      plain.configureBlocking(false);
      var channel = TlsChannel.connect(plain, options, host, TimeUnit.SECONDS.toNanos(20));
      plain.register(selector, SelectionKey.OP_READ);
      var greeting = ByteBuffer.allocate(100);
      while (channel.read(greeting) >= 0) {
        selector.select(20_000);
        selector.selectedKeys().clear();
      }
      return UTF_8.decode(greeting.flip()).toString();
    }
  }

  private static void answer(ServerSocket listener, String text) {
    try (var socket = listener.accept()) {
      socket.getInputStream().read(new byte[4096]);
      socket.getOutputStream().write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
