package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.ConnectionLostException;
import dev.genserver.client.ForbiddenException;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.InsecureConnectionException;
import dev.genserver.client.UnauthenticatedException;
import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.protocol.TlsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A daemon that knows its clients, and is known by them: called by the Java client and by the
/// command line as it is shipped, with the certificates and tokens that `genserverd` makes.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecureClientsIT {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir static Path folder;

  private static Path tokens;
  private static Daemon daemon;
  private static String token;

  @BeforeAll
  static void startDaemon() throws Exception {
    tokens = folder.resolve("tokens");
    genserverd("tls", "self-signed", folder.resolve("tls").toString());
    token = tokenOf("shop");
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    DaemonFixture.copyExamples(plugins);
    DaemonFixture.WAYWARD.writeTo(plugins);
    var configuration =
        """
        listen: 127.0.0.1:0
        auth: either
        tokens:
          file: FOLDER/tokens
        tls:
          certificate: FOLDER/tls/server.crt
          key: FOLDER/tls/server.key
          client-ca: FOLDER/tls/ca.crt
        plugins:
          dir: FOLDER/plugins
        principals:
          - name: shop
            call: [counter, wayward]
            cast: [counter]
          - name: guest
            call: [counter]
          - name: client
            call: ['*']
            admin: true
        """;
    var file = folder.resolve("genserverd.yaml");
    Files.writeString(file, configuration.replace("FOLDER", folder.toString()));
    daemon = Daemon.start(ConfigLoader.load(Optional.of(file), Map.of(), Map.of()));
  }

  @AfterAll
  static void stopDaemon() {
    daemon.close();
  }

  // The Java client.

  @Test
  void clientLogsInByATokenAndIsKnownByItsName() {
    try (var client = connect(byTls().token(token))) {
      assertThat(client.principal()).contains("shop");
      assertThat(client.call("wayward", "get", Long.class)).isZero();
    }
  }

  @Test
  void clientLogsInByACertificate() {
    var tls = trustingCa().identity(file("client.crt"), file("client.key"));
    try (var client = connect(ClientOptions.defaults().tls(tls))) {
      assertThat(client.principal()).contains("client");
      assertThat(client.call("sys.processes", "list", Object.class)).isNotNull();
    }
  }

  @Test
  void clientThatShowsNothingIsNotLetIn() {
    assertThatThrownBy(() -> connect(byTls())).isInstanceOf(UnauthenticatedException.class);
    assertThatThrownBy(() -> connect(byTls().token("gsd_1_wrong")))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("the token is not known here");
  }

  @Test
  void whatIsForbiddenIsNotDoneAndTheConnectionLivesOn() {
    try (var client = connect(byTls().token(token))) {
      assertThatThrownBy(() -> client.call("sys.processes", "list", Object.class))
          .isInstanceOf(ForbiddenException.class);
      assertThat(client.call("wayward", "get", Long.class)).isZero();
    }
  }

  @Test
  void daemonOfAnotherCaIsNotLoggedInTo() throws Exception {
    var other = folder.resolve("other");
    genserverd("tls", "self-signed", other.toString());
    var tls = TlsOptions.defaults().ca(other.resolve("ca.crt"));

    assertThatThrownBy(() -> connect(ClientOptions.defaults().tls(tls).token(token)))
        .isInstanceOf(InsecureConnectionException.class)
        .hasMessageContaining("not signed by a CA that is trusted here");
    var command =
        genserver(
            Map.of("GENSERVER_CA", other.resolve("ca.crt").toString(), "GENSERVER_TOKEN", token),
            "ping");
    assertThat(command).startsWith("76 ping failed: no secure connection to tls://127.0.0.1:");
  }

  @Test
  void clientThatSpeaksNoTlsIsToldSo() {
    assertThatThrownBy(() -> GenServerClient.connect(address()))
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("this port speaks TLS");
  }

  @Test
  void clientOfADaemonWithoutTlsIsToldSo() throws Exception {
    var plugins = Files.createDirectory(folder.resolve("no-plugins"));
    try (var plain = DaemonFixture.start(plugins)) {
      assertThatThrownBy(() -> GenServerClient.connect(plain.address(), byTls()))
          .isInstanceOf(InsecureConnectionException.class)
          .hasMessageContaining("what answers there does not speak TLS");
    }
  }

  @Test
  void closeLetsOpenCallsBeAnswered() throws Exception {
    var client = connect(byTls().token(token));
    var slept =
        client.callAsync("wayward", Map.of("type", "sleep", "millis", 500), String.class, LONG);
    client.close();
    assertThat(slept.get(20, TimeUnit.SECONDS)).isEqualTo("slept");
  }

  @Test
  void revokedTokenEndsItsConnectionAndLetsNobodyIn() throws Exception {
    var options = byTls().token(tokenOf("guest"));
    // The daemon reads the file when it sees that it has changed.
    var client =
        Awaitility.await("the new token is known")
            .atMost(LONG)
            .ignoreException(UnauthenticatedException.class)
            .until(() -> connect(options), connected -> true);
    try (client) {
      assertThat(client.call("counter", "get", Long.class)).isNotNull();
      genserverd("token", "revoke", "guest", "--tokens-file", tokens.toString());

      Awaitility.await("the connection is closed, and none is made again")
          .atMost(LONG)
          .untilAsserted(() ->
              assertThatThrownBy(() -> client.call("counter", "get", Long.class))
                  .isInstanceOf(UnauthenticatedException.class)
                  .hasMessageContaining("the token is not known here"));
    }
    assertThatThrownBy(() -> connect(options)).isInstanceOf(UnauthenticatedException.class);
  }

  // The command line.

  @Test
  void commandLineLogsInByATokenAndDoesWhatItMay() throws Exception {
    var tokenFile = Files.writeString(folder.resolve("shop.token"), token + "\n");
    assertThat(tokenFile.toFile().setReadable(false, false)).isTrue();
    assertThat(tokenFile.toFile().setReadable(true, true)).isTrue();
    var environment =
        Map.of(
            "GENSERVER_CA",
            file("ca.crt").toString(),
            "GENSERVER_TOKEN_FILE",
            tokenFile.toString());

    assertThat(genserver(environment, "cast", "counter", "reset")).isEqualTo("0");
    assertThat(genserver(environment, "cast", "counter", "{\"type\":\"reset\"}", "--no-confirm"))
        .isEqualTo("0");
    assertThat(genserver(environment, "call", "counter", "add", "by=3")).isEqualTo("0 3");
    assertThat(genserver(environment, "ps")).startsWith("77 ").contains("forbidden");
    assertThat(genserver(Map.of("GENSERVER_CA", file("ca.crt").toString()), "ping"))
        .startsWith("77 ")
        .contains("unauthenticated");
  }

  @Test
  void commandLineLogsInByACertificate() throws Exception {
    var seen =
        genserver(
            Map.of(),
            "ps",
            "--ca",
            file("ca.crt").toString(),
            "--cert",
            file("client.crt").toString(),
            "--key",
            file("client.key").toString());

    assertThat(seen).startsWith("0 NAME").contains("counter");
  }

  private static ClientOptions byTls() {
    return ClientOptions.defaults().tls(trustingCa());
  }

  private static TlsOptions trustingCa() {
    return TlsOptions.defaults().ca(file("ca.crt"));
  }

  private static Path file(String name) {
    return folder.resolve("tls").resolve(name);
  }

  private static GenServerClient connect(ClientOptions options) {
    return GenServerClient.connect(address(), options);
  }

  private static String address() {
    return "127.0.0.1:" + daemon.address().getPort();
  }

  private static String tokenOf(String principal) throws Exception {
    return genserverd("token", "create", principal, "--tokens-file", tokens.toString());
  }

  private static String genserverd(String... arguments) throws Exception {
    return DaemonProgram.genserverd(arguments);
  }

  /// The exit code, and all that a person sees.
  private static String genserver(Map<String, String> environment, String... arguments)
      throws Exception {
    var command = program("../cli/target/genserver.jar", arguments).redirectErrorStream(true);
    command.environment().put("GENSERVER_URL", "tls://" + address());
    command.environment().putAll(environment);
    return DaemonProgram.output(command.start());
  }

  private static ProcessBuilder program(String jar, String... arguments) {
    var command = new ArrayList<>(List.of(DaemonProgram.JAVA, "-jar", jar));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
