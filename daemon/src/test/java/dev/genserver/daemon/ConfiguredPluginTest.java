package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A plugin with a configuration, from the file to the answers of its processes.
@Timeout(120)
class ConfiguredPluginTest {

  private static final String PASSWORD = "open-sesame-4711";

  @TempDir private Path plugins;
  @TempDir private Path elsewhere;
  private Path config;
  private Path secret;

  @BeforeEach
  void writeTheSecret() throws IOException {
    config = elsewhere.resolve("genserverd.yaml");
    secret = Files.writeString(elsewhere.resolve("password"), PASSWORD + "\n");
  }

  private static PluginJar vault() {
    return PluginJar.of("vault", "1.0.0")
        .source(
            "example.Vault",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class Vault extends GenServer<Vault.State, Vault.Call, Void> {
              public record Settings(String owner, Secret password) {}
              public record State(Settings settings, Object given) {}
              public sealed interface Call {
                record Tell() implements Call {}
                record Open(String password) implements Call {}
                record Crash() implements Call {}
              }
              private final Settings settings;
              Vault(Settings settings) { this.settings = settings; }
              @Override public Init<State> init(Args args) {
                return ok(new State(settings, args.require("given")));
              }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                return switch (call) {
                  case Call.Tell() -> reply(Map.of("state", state, "list", List.of(settings.password())), state);
                  case Call.Open(String password) ->
                      reply(settings.password().equals(Secret.of(password)), state);
                  case Call.Crash() -> throw new IllegalStateException("as asked, with " + state);
                };
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
                var options = StartOptions.named("vault").args(Args.of("given", settings.password()));
                return List.of(ChildSpec.worker("vault", () -> new Vault(settings), options));
              }
            }
            """);
  }

  private void say(String password) throws IOException {
    Files.writeString(
        config,
        """
        plugins:
          config:
            vault:
              owner: ada
              password: %s
        """
            .formatted(password));
  }

  private DaemonUnderTest daemon() throws StartException {
    return DaemonUnderTest.start(Optional.of(config), Map.of("--plugins", plugins.toString()));
  }

  private static Map<String, Object> ask(Peer peer, String to, String msg) {
    return peer.send(
            "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s,\"timeout_ms\":60000}"
                .formatted(to, msg))
        .receive();
  }

  private static Map<String, Object> upload(Peer peer, Path jar, String act) throws Exception {
    var bytes = Files.readAllBytes(jar);
    var sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    var begun =
        ask(
            peer,
            "sys.plugins",
            "{\"type\":\"upload\",\"file\":\"vault.jar\",\"bytes\":%d,\"sha256\":\"%s\"}"
                .formatted(bytes.length, sum));
    var id = ((Map<?, ?>) begun.get("result")).get("upload");
    ask(
        peer,
        "sys.plugins",
        "{\"type\":\"chunk\",\"upload\":%s,\"offset\":0,\"data\":\"%s\"}"
            .formatted(id, Base64.getEncoder().encodeToString(bytes)));
    return ask(peer, "sys.plugins", "{\"type\":\"%s\",\"upload\":%s}".formatted(act, id));
  }

  @Test
  void aSecretReachesThePluginAndNothingElse() throws Exception {
    say("{file: " + secret + "}");
    vault().writeTo(plugins);
    var seen = new ArrayList<String>();
    try (var log = CapturedLog.of("dev.genserver");
        var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(ask(peer, "vault", "{\"type\":\"open\",\"password\":\"%s\"}".formatted(PASSWORD)))
          .containsEntry("result", true);

      var told = ask(peer, "vault", "\"tell\"");
      assertThat(told.get("result"))
          .isEqualTo(
              Map.of(
                  "state",
                  Map.of("settings", Map.of("owner", "ada", "password", "***"), "given", "***"),
                  "list",
                  List.of("***")));
      seen.add(told.toString());
      seen.add(ask(peer, "vault", "\"crash\"").toString());
      await("it is started anew").until(() -> ask(peer, "vault", "\"tell\"").containsKey("result"));
      for (var what : List.of("info", "get_state", "why", "describe", "statistics", "restart")) {
        var question = "{\"type\":\"%s\",\"process\":\"vault\"}".formatted(what);
        var answer = ask(peer, "sys.processes", question);
        assertThat(answer).as(what).containsKey("result");
        seen.add(answer.toString());
      }
      seen.add(ask(peer, "sys.processes", "\"tree\"").toString());
      seen.add(ask(peer, "sys.plugins", "\"list\"").toString());
      var settings = ask(peer, "sys.node", "\"config\"").toString();
      assertThat(settings)
          .contains("plugins.config.vault.password")
          .contains("{file: " + secret + "}");
      seen.add(settings);
      assertThat(log.lines()).anyMatch(line -> line.contains("Secret[***]"));
      seen.addAll(log.lines());
    }
    assertThat(seen).noneMatch(each -> each.contains(PASSWORD));
    assertThat(seen).anyMatch(each -> each.contains("***"));
  }

  @Test
  void aPluginIsRefusedUntilItsConfigurationIsRightAndReadAgain() throws Exception {
    say(PASSWORD);
    var jar = vault().writeTo(elsewhere);
    var literal =
        "config 'plugins.config.vault.password' (%s:5) is a secret, which must not stand here itself;"
            .formatted(config);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      for (var act : List.of("verify", "deploy")) {
        var refused = Peer.error(upload(peer, jar, act));
        assertThat(refused.get("message").toString())
            .startsWith("the plugin was refused: " + literal)
            .doesNotContain(PASSWORD);
      }
      say("{file: " + secret + "}");
      assertThat(ask(peer, "sys.node", "\"reload\"").toString()).contains("need_restart=[]");
      assertThat(upload(peer, jar, "verify")).containsKey("result");
      assertThat(upload(peer, jar, "deploy")).containsKey("result");
      assertThat(ask(peer, "sys.plugins", "\"list\"").toString()).contains("problems=[]");

      say("{env: NO_PASSWORD}");
      assertThat(ask(peer, "sys.node", "\"reload\"").toString())
          .contains("need_restart=[plugins.config.vault]");
      assertThat(ask(peer, "vault", "{\"type\":\"open\",\"password\":\"%s\"}".formatted(PASSWORD)))
          .containsEntry("result", true);
    }
  }

  @Test
  void theDaemonDoesNotStartWhereItIsToRefuseAndAConfigurationIsWrong() throws Exception {
    say("{env: GENSERVERD_TEST_THAT_NOBODY_SETS}");
    vault().writeTo(plugins);
    var flags =
        Map.of(
            "--plugins",
            plugins.toString(),
            "--listen",
            "127.0.0.1:0",
            "--plugins-on-problem",
            "refuse");
    var refused =
        catchThrowableOfType(
            StartException.class,
            () -> Daemon.start(ConfigLoader.load(Optional.of(config), Map.of(), flags)));
    assertThat(refused.problems())
        .startsWith(
            "plugin vault-1.0.0.jar refused: config 'plugins.config.vault.password' (%s:5) refers to the environment variable GENSERVERD_TEST_THAT_NOBODY_SETS, which is not set; set it where the daemon is started"
                .formatted(config));
  }
}
