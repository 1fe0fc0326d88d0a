package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.genserver.daemon.access.TokenFile;
import dev.genserver.daemon.log.LineEncoder;
import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nothing secret is in the log, not at the level at which everything is logged.
@Isolated("it sets how the whole JVM logs")
@Timeout(120)
class SecretsInLogsTest {

  private static final String PLUGIN_SECRET = "plugin-secret-0815";
  private static final String PASSWORD = "message-password-4711";
  private static final String BAD_TOKEN =
      "gsd_badbadbadbadbadbadbadbadbadbadbadbadbadbadbadbadbadb";

  /// A plugin whose process `vault` has a secret, and takes messages that have one.
  static final PluginJar VAULT =
      PluginJar.of("vault", "1.0.0")
          .source(
              "example.Vault",
              """
              package example;
              import dev.genserver.sdk.*;
              public final class Vault extends GenServer<Vault.State, Vault.Call, Vault.Call> {
                public record Settings(Secret key) {}
                public record State(Settings settings) {}
                public sealed interface Call {
                  record Open(String password) implements Call {}
                  record Count(long number) implements Call {}
                  record Crash(String password) implements Call {
                    @Override public String toString() { return "Crash[...]"; }
                  }
                }
                private final Settings settings;
                Vault(Settings settings) { this.settings = settings; }
                @Override public Init<State> init(Args args) {
                  System.getLogger("example.Vault").log(System.Logger.Level.INFO, "vault opens settings={0}", settings);
                  return ok(new State(settings));
                }
                @Override public CallResult<State> handleCall(Call call, From from, State state) {
                  return switch (call) {
                    case Call.Open(String password) -> reply(password.length(), state);
                    case Call.Count(long number) -> reply(number, state);
                    case Call.Crash _ -> throw new IllegalStateException("as asked, with " + state);
                  };
                }
                @Override public Result<State> handleCast(Call call, State state) {
                  return noReply(state);
                }
              }
              """)
          .plugin(
              "example.VaultPlugin",
              """
              package example;
              import dev.genserver.sdk.*;
              import java.util.*;
              public final class VaultPlugin implements ConfiguredPlugin<Vault.Settings> {
                @Override public List<Behaviour<?>> behaviours(Vault.Settings settings) {
                  return List.of(Behaviour.of("vault", Vault.class, () -> new Vault(settings)));
                }
                @Override public List<ChildSpec> children(Vault.Settings settings) {
                  return List.of(ChildSpec.named("vault", () -> new Vault(settings)));
                }
              }
              """);

  @TempDir Path folder;

  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        private final LineEncoder text = encoder("text");
        private final LineEncoder json = encoder("json");

        @Override
        protected void append(ILoggingEvent event) {
          log.add(new String(text.encode(event), StandardCharsets.UTF_8));
          log.add(new String(json.encode(event), StandardCharsets.UTF_8));
        }
      };

  private static LineEncoder encoder(String format) {
    var encoder = new LineEncoder();
    encoder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    encoder.setFormat(format);
    encoder.start();
    return encoder;
  }

  @AfterEach
  void asBefore() throws StartException {
    root().detachAppender(appender);
    DaemonUnderTest.start(Optional.empty(), Map.of()).close();
  }

  private static ch.qos.logback.classic.Logger root() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  @Test
  void tokensKeysSecretsAndMessagesAreNowhereInTheLog() throws Exception {
    DevelopmentCertificates.make(folder, List.of(), "shop");
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    VAULT.writeTo(plugins);
    Files.writeString(folder.resolve("secret"), PLUGIN_SECRET + "\n");
    var token = new TokenFile(folder.resolve("tokens")).create("ops", LocalDate.of(2026, 11, 29));
    var config =
        Files.writeString(
            folder.resolve("genserverd.yaml"),
            """
            auth: token
            tokens: {file: %1$s/tokens}
            tls: {certificate: %1$s/server.crt, key: %1$s/server.key}
            principals: [{name: ops, call: '*', cast: '*', admin: true}]
            plugins: {dir: %1$s/plugins, config: {vault: {key: {file: %1$s/secret}}}}
            log: {level: trace, levels: io.netty=trace}
            """
                .formatted(folder));
    root().addAppender(appender);
    appender.setContext(root().getLoggerContext());
    appender.start();
    try (var daemon = DaemonUnderTest.start(Optional.of(config), Map.of())) {
      try (var peer = peer(daemon)) {
        peer.send(hello(BAD_TOKEN)).receive();
      }
      try (var peer = peer(daemon)) {
        assertThat(peer.send(hello(token)).receive()).containsEntry("principal", "ops");
        for (var msg : messages()) {
          peer.send(
                  "{\"op\":\"call\",\"id\":1,\"to\":\"vault\",\"msg\":%s,\"meta\":{\"p\":\"%s\"}}"
                      .formatted(msg, PASSWORD))
              .receive();
          peer.send("{\"op\":\"cast\",\"to\":\"vault\",\"msg\":%s}".formatted(msg));
          peer.send("{\"op\":\"cast\",\"id\":2,\"to\":\"nobody\",\"msg\":%s}".formatted(msg))
              .receive();
        }
        for (var msg : messages()) {
          overHttp(daemon, token, msg);
        }
        overHttp(daemon, BAD_TOKEN, messages().getFirst()); // each further one has to wait longer
        for (var act : List.of("config", "reload", "events", "info")) {
          peer.send("{\"op\":\"call\",\"id\":3,\"to\":\"sys.node\",\"msg\":\"%s\"}".formatted(act))
              .receive();
        }
        peer.send("{\"op\":\"call\",\"id\":4,\"token\":\"" + token + PASSWORD).receive();
      }
    }
    assertThat(String.join("", log))
        .contains("vault opens settings=")
        .contains("login failed peer=")
        .contains("login peer=")
        .contains("connection closed peer=")
        .contains("process crashed name=")
        .contains("principal=ops");
    for (var secret : secrets(token)) {
      assertThat(log.stream().filter(line -> line.contains(secret))).isEmpty();
    }
  }

  private List<String> secrets(String token) throws Exception {
    var secrets = new ArrayList<>(List.of(PLUGIN_SECRET, PASSWORD, BAD_TOKEN, token));
    Files.readAllLines(folder.resolve("server.key")).stream()
        .filter(line -> !line.startsWith("-----"))
        .forEach(secrets::add);
    return secrets;
  }

  /// What a process takes, what it does not, and what makes it crash.
  private static List<String> messages() {
    return Arrays.stream(
            new String[] {
              "{'type':'open','password':'PW'}",
              "{'type':'open','pasword':'PW'}",
              "{'type':'open','password':{'a':'PW'}}",
              "{'type':'count','number':'PW'}",
              "{'type':'PW'}",
              "'PW'",
              "['PW']",
              "{'type':'crash','password':'PW'}"
            })
        .map(json -> json.replace('\'', '"').replace("PW", PASSWORD))
        .toList();
  }

  private static String hello(String token) {
    return "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"token\":\"" + token + "\"}";
  }

  private void overHttp(DaemonUnderTest daemon, String token, String msg) throws Exception {
    try (var http =
        Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.adminAddress())) {
      http.sendBytes(
          "POST /v1/%s/vault HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(msg.length() % 2 == 0 ? "call" : "cast", token, msg.length(), msg)
              .getBytes(StandardCharsets.UTF_8));
      assertThat(http.rest()).isNotEmpty();
    }
  }

  private Peer peer(DaemonUnderTest daemon) throws Exception {
    return Peer.over(ClientTls.of("TLSv1.3", folder, null), daemon.daemon.address());
  }
}
