package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.tests.PlainShell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `genserver-lite`, run by every kind of shell that it is for.
@ParameterizedClass
@EnumSource
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class GenserverLiteIT {

  private static final Path SCRIPT = Path.of("../scripts/genserver-lite").toAbsolutePath();

  private static @TempDir Path plugins;
  private static DaemonFixture daemon;
  private static GenServerClient client;

  @Parameter PlainShell shell;
  @TempDir Path tools;

  @BeforeAll
  static void startDaemon() throws Exception {
    DaemonFixture.copyExamples(plugins);
    DaemonFixture.WAYWARD.writeTo(plugins);
    daemon = DaemonFixture.start(plugins, Map.of("--frame-max-bytes", "300000"));
    client = daemon.client();
  }

  @AfterAll
  static void stopDaemon() {
    client.close();
    daemon.close();
  }

  @BeforeEach
  void installTools() throws IOException {
    shell.install(tools);
  }

  @AfterEach
  void uninstallTools() throws IOException {
    shell.uninstall(tools);
  }

  private Ended lite(String... arguments) throws Exception {
    return lite("", Map.of(), arguments);
  }

  private Ended lite(String stdin, Map<String, String> environment, String... arguments)
      throws Exception {
    var all = new HashMap<>(Map.of("GENSERVER_URL", daemon.address()));
    all.putAll(environment);
    return shell.run(tools, SCRIPT, stdin, all, arguments);
  }

  private static Ended printed(String line) {
    return new Ended(0, line.isEmpty() ? "" : line + "\n", "");
  }

  private static Ended failed(int exitCode, String line) {
    return new Ended(exitCode, "", line + "\n");
  }

  @Test
  void callPrintsTheReplyAndCastNothing() throws Exception {
    assertThat(lite("cast", "counter", "reset")).isEqualTo(printed(""));
    assertThat(lite("call", "counter", "add", "by=3")).isEqualTo(printed("3"));
    assertThat(lite("call", "counter", "{\"type\": \"add\",\n\"by\": 4}")).isEqualTo(printed("7"));
    assertThat(lite("{\"type\":\"get\"}\n", Map.of(), "call", "counter", "-"))
        .isEqualTo(printed("7"));
    assertThat(lite("ping")).isEqualTo(printed("\"pong\""));
    assertThat(lite("--timeout=2s", "ping", "--url", "tcp://" + daemon.address()))
        .isEqualTo(printed("\"pong\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "say \"hello\"",
        "'single' and \\ back\\\\slash\\n",
        "$(exit 9) `exit 9` ${HOME} $HOME ; & | > /dev/null * ?",
        "two\nlines\tand a tab\r",
        "\n",
        "grüß 日本 𝄞",
        "{},\"type\":\"get\"",
        "1} {\"op\":\"call\",\"id\":2",
        "\"a\" \"b\"",
        "%s %d %n",
        "--timeout"
      })
  void textOfAFieldArrivesAsItIs(String text) throws Exception {
    assertThat(lite("call", "kv", "put", "key=text", "value=" + text).exitCode()).isZero();

    assertThat(client.call("kv", Map.of("type", "get", "key", "text"), String.class))
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1.5e3",
        "true",
        "\"a \\\" b\"",
        "[]",
        "{}",
        "[1, [2, {\"a\": [null]}], \"]\"]",
        "{\"a\":{\"b\":\"}\"}, \"c\":[{},[]]}"
      })
  void fieldThatIsJsonArrivesAsJson(String json) throws Exception {
    assertThat(lite("call", "kv", "put", "key=json", "value=" + json).exitCode()).isZero();
    var asField = client.call("kv", Map.of("type", "get", "key", "json"), Object.class);
    var whole = "{\"type\":\"put\",\"key\":\"json\",\"value\":" + json + "}";
    assertThat(lite("call", "kv", whole).exitCode()).isZero();

    assertThat(client.call("kv", Map.of("type", "get", "key", "json"), Object.class))
        .isEqualTo(asField)
        .isNotEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "two words",
        "{\"type\":\"get\"",
        "\"get\",\"timeout_ms\":1",
        "{\"type\":\"get\"},\"meta\":{\"user\":\"root\"}",
        "\"get\"}\n{\"op\":\"cast\",\"to\":\"counter\",\"msg\":\"reset\"",
        "\"",
        "\"\"\"",
        "01",
        "1 2",
        "[1,]",
        "{\"a\"}",
        "@"
      })
  void messageThatIsNotOneJsonValueIsNotSent(String message) throws Exception {
    assertThat(lite("call", "counter", message))
        .isEqualTo(
            failed(
                64,
                "the message is neither JSON nor a word; write '{\"type\":\"add\",\"by\":3}', or"
                    + " get, or add by=3; a text takes its double quotes within single ones,"
                    + " '\"like this\"'"));
  }

  @Test
  void lineEndWithinAStringIsRefusedAsJsonHasIt() throws Exception {
    assertThat(lite("call", "counter", "\"ge\nt\"").exitCode()).isEqualTo(65);
  }

  @Test
  void messageAndReplyMayBeAsLongAsAFrame() throws Exception {
    var text = "é\"x ".repeat(40_000);
    var json =
        "{\"type\":\"put\",\"key\":\"long\",\"value\":\"" + text.replace("\"", "\\\"") + "\"}";
    assertThat(lite(json, Map.of("GENSERVER_TOKEN", "any"), "call", "kv", "-").exitCode()).isZero();

    assertThat(client.call("kv", Map.of("type", "get", "key", "long"), String.class))
        .isEqualTo(text);
    assertThat(lite("call", "kv", "get", "key=long"))
        .isEqualTo(printed("\"" + text.replace("\"", "\\\"") + "\""));
    assertThat(lite(json.replace("é", "éé").replace("x", "xxx"), Map.of(), "call", "kv", "-"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(65))
        .satisfies(ended -> assertThat(ended.err()).contains("failed: frame_too_large, "));
  }

  @Test
  void failureNamesTheRequestAndSaysWhetherItWasExecuted() throws Exception {
    assertThat(lite("call", "countr", "get"))
        .isEqualTo(
            failed(
                68,
                "call to 'countr' failed: noproc, no process has the name 'countr'; did you mean"
                    + " 'counter'? (not executed)"));
    assertThat(lite("cast", "counter", "rest").err())
        .startsWith("cast to 'counter' failed: bad_message, ")
        .contains("did you mean 'reset'?")
        .endsWith(" (not executed)\n");
    assertThat(lite("call", "wayward", "crash"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(70))
        .satisfies(ended -> assertThat(ended.err()).endsWith("told to (may have been executed)\n"));
  }

  @Test
  void timeoutIsTheDaemons() throws Exception {
    client.call("wayward", "get", Long.class);
    assertThat(lite("call", "wayward", "sleep", "millis=2000", "--timeout", "080ms"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(124))
        .satisfies(ended -> assertThat(ended.err()).contains("failed: timeout, process 'wayward'"));
    assertThat(lite("call", "counter", "get", "--timeout", "infinity").exitCode()).isEqualTo(65);
  }

  @Test
  void daemonThatSaysNothingIsNotWaitedForForEver() throws Exception {
    try (var server = LineServer.thatIsSilent()) {
      assertThat(lite("call", "counter", "get", "--timeout", "1ms", "--url", server.address()))
          .isEqualTo(
              failed(
                  124,
                  "call to 'counter' failed: timeout, the daemon at %s said nothing within 2 s (may have been executed)"
                      .formatted(server.address())));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNISED")
  void everyCodeHasTheExitCodeOfTheCommandLine(ErrorCode code) throws Exception {
    var error =
        """
        {"op":"ping"}
        {"op":"error","id":1,"error":{"code":"%s","message":"a \\"b\\"\\u001b","executed":"yes"}}
        """
            .formatted(code.wireName());
    try (var server = LineServer.thatSays(error)) {
      assertThat(lite("ping", "--url", server.address()))
          .isEqualTo(
              failed(
                  code.exitCode(),
                  "ping failed: " + code.wireName() + ", a \"b\"\\u001b (executed)"));
    }
  }

  @Test
  void whatIsNoDaemonIsToldApart() throws Exception {
    assertThat(overAgainst("HTTP/1.1 400 Bad Request\r\n\r\n").exitCode()).isEqualTo(76);
    assertThat(overAgainst(""))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(69))
        .satisfies(ended -> assertThat(ended.err()).contains("closed the connection before it"));
    assertThat(overAgainst("{\"op\":\"reply\",\"id\":1,\"result\":{}").exitCode()).isEqualTo(69);
    assertThat(
            overAgainst("{\"op\":\"goodbye\",\"code\":\"unavailable\",\"message\":\"ending\"}\n"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(69))
        .satisfies(ended -> assertThat(ended.err()).contains("failed: unavailable, ending ("));
  }

  private Ended overAgainst(String answer) throws Exception {
    try (var server = LineServer.thatSays(answer)) {
      return lite("call", "counter", "get", "--url", server.address());
    }
  }

  @Test
  void noDaemonIsToldAsSuch() throws Exception {
    assertThat(lite("ping", "--url", "127.0.0.1:1"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(69))
        .satisfies(ended ->
            assertThat(ended.err())
                .startsWith("ping failed: no daemon reached at 127.0.0.1:1: ")
                .containsIgnoringCase("connection refused")
                .endsWith("(not executed)\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "call",
        "call counter",
        "ping now",
        "drop counter x",
        "call counter get --timout 1s",
        "call counter get --timeout",
        "call counter get --timeout 5",
        "call counter 1 by=3",
        "call counter add by",
        "call counter add =3",
        "ping --url -e:1",
        "ping --url host:port",
        "ping --url host:123456",
        "ping --url a;b:1",
        "ping --url tls://localhost:6470"
      })
  void whatIsNoCommandLineExitsWith64AndSaysHowToMendIt(String line) throws Exception {
    var ended = lite(line.isEmpty() ? new String[0] : line.split(" ", -1));

    assertThat(ended.exitCode()).isEqualTo(64);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).containsPattern("genserver-lite|write |put JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GENSERVER_CA", "GENSERVER_CERT", "GENSERVER_KEY", "GENSERVER_CONTEXT"})
  void whatItCannotDoItDoesNotLeaveOut(String variable) throws Exception {
    assertThat(lite("", Map.of(variable, "x"), "ping"))
        .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(64))
        .satisfies(ended -> assertThat(ended.err()).contains(variable, "use genserver"));
  }

  @Test
  void helpShowsAllCommands() throws Exception {
    assertThat(lite("--help").out()).contains(" call ", " cast ", " ping", "--token-file FILE");
  }

  @Test
  void resultThatCannotBeWrittenIsAnError() throws Exception {
    var command = Files.writeString(tools.resolve("full"), "\"$@\" >/dev/full 2>/dev/null\n");
    assertThat(
            shell
                .run(
                    tools,
                    command,
                    "",
                    Map.of("GENSERVER_URL", daemon.address()),
                    SCRIPT.toString(),
                    "ping")
                .exitCode())
        .isEqualTo(74);
  }

  @Nested
  class LoggingIn {

    @TempDir Path folder;

    @Test
    void tokenLogsInAndIsNeverShown() throws Exception {
      var known = "s3cret-" + "x".repeat(30);
      var tokens = Files.createDirectory(folder.resolve("tokens"));
      Files.writeString(tokens.resolve("shop"), known);
      var file = Files.writeString(folder.resolve("shop.token"), known + "\n").toString();
      var configuration =
          Files.writeString(
              folder.resolve("genserverd.yaml"),
              """
              listen: 127.0.0.1:0
              auth: token
              tokens:
                dir: %s
              plugins:
                dir: %s
              principals:
                - name: shop
                  call: [counter]
              """
                  .formatted(tokens, plugins));
      try (var guarded =
          Daemon.start(ConfigLoader.load(Optional.of(configuration), Map.of(), Map.of()))) {
        var url = "127.0.0.1:" + guarded.address().getPort();
        assertThat(loggedIn(url, "GENSERVER_TOKEN", known, "call", "counter", "get"))
            .isEqualTo(printed("0"));
        assertThat(loggedIn(url, "GENSERVER_TOKEN_FILE", file, "call", "counter", "get"))
            .isEqualTo(printed("0"));
        assertThat(loggedIn(url, "GENSERVER_TOKEN", "no", "ping", "--token-file", file))
            .isEqualTo(printed("\"pong\""));
        assertThat(loggedIn(url, "GENSERVER_TOKEN", known, "call", "kv", "size"))
            .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(77))
            .satisfies(ended -> assertThat(ended.err()).contains("forbidden, shop may not"));
        assertThat(loggedIn(url, "GENSERVER_TOKEN", "s3cret", "ping"))
            .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(77))
            .satisfies(ended -> assertThat(ended.err()).doesNotContain("s3cret"));
        assertThat(loggedIn(url, "GENSERVER_TOKEN", "s3cret two", "ping"))
            .isEqualTo(failed(64, "the token is none; it must be one word"));
        assertThat(loggedIn(url, "GENSERVER_TOKEN_FILE", "/nowhere", "ping").exitCode())
            .isEqualTo(66);
      }
    }

    private Ended loggedIn(String url, String variable, String value, String... arguments)
        throws Exception {
      return lite("", Map.of("GENSERVER_URL", url, variable, value), arguments);
    }
  }
}
