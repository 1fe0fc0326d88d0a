package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `plugin upgrade` and `plugin rollback` ask `sys.plugins`, what people read of its answers,
/// and what scripts learn from the exit code.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PluginUpgradeTest {

  private static final String UPGRADED = report("\"kept\":true");
  private static final String ON_PROBATION = report("\"kept\":true,\"probation_ms\":60000");

  @TempDir Path folder;
  private String jar;

  @BeforeEach
  void write() throws IOException {
    jar = Files.write(folder.resolve("stock.jar"), new byte[10]).toString();
  }

  private static String report(String more) {
    return """
    {"id":"stock","from":"1.0.0","to":"2.0.0","processes":2,"pause_us":1234,\
    "started":[],"ended":[],"broken":[],"reverted":0,%s}\
    """
        .formatted(more);
  }

  /// A daemon that takes uploads, and then gives these answers in turn: a result, or an error.
  private static ScriptedDaemon daemon(Object... answers) throws IOException {
    var left = new ArrayDeque<>(List.of(answers));
    return ScriptedDaemon.that((request, peer) -> {
      switch (request) {
        case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(idOf(hello)));
        case ClientMessage.Call call -> {
          var answer =
              switch (message(call).text("type")) {
                case "upload" -> "{\"upload\":7}";
                case "chunk" -> "{\"bytes\":10}";
                default -> left.remove();
              };
          peer.say(
              answer instanceof WireError error
                  ? new ServerMessage.Failure(idOf(call), error)
                  : new ServerMessage.Reply(idOf(call), RawJson.of(answer.toString())));
        }
        default -> throw new AssertionError("unexpected " + request);
      }
    });
  }

  private static WireError refusal(String... problems) {
    return new WireError(
        ErrorCode.BAD_MESSAGE,
        "the plugin was refused: " + String.join("; ", problems),
        Executed.NO,
        Map.of("problems", List.of(problems)));
  }

  private static WireError failure(ErrorCode code, String message) {
    return new WireError(code, message, Executed.MAYBE, Map.of());
  }

  private static Fields message(ClientMessage.Call call) {
    return Fields.of(call.msg().toValue());
  }

  private Genserver upgrade(ScriptedDaemon daemon, String... options) {
    var line = Stream.concat(Stream.of("plugin", "upgrade", jar), Stream.of(options));
    return Genserver.run(daemon, line.toArray(String[]::new));
  }

  /// The calls that a daemon has heard, as long as a command ran, but those of the upload.
  private static List<ClientMessage.Call> heard(ScriptedDaemon daemon, int calls)
      throws InterruptedException {
    var heard = new ArrayList<ClientMessage.Call>();
    while (heard.size() < calls) {
      if (daemon.request() instanceof ClientMessage.Call call
          && !List.of("upload", "chunk").contains(message(call).text("type"))) {
        assertThat(call.to()).isEqualTo("sys.plugins");
        heard.add(call);
      }
    }
    return heard;
  }

  @Test
  void upgradeTellsTheVersionsTheProcessesAndThePause() throws Exception {
    try (var daemon = daemon(UPGRADED)) {
      var run = upgrade(daemon);

      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .isEqualTo("stock upgraded from 1.0.0 to 2.0.0: 2 processes, paused for 1.3 ms\n");
      assertThat(run.exitCode()).isZero();
      var call = heard(daemon, 1).getFirst();
      assertThat(call.msg()).isEqualTo(RawJson.of("{\"type\":\"upgrade\",\"upload\":7}"));
      assertThat(call.timeoutMs()).isBetween(110_000L, 120_000L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          40      | 0.1 ms
          1200    | 1.2 ms
          999900  | 999.9 ms
          3250000 | 3.2 s
          """)
  void pauseIsSaidInWordsThatFitItsLength(long micros, String words) throws Exception {
    try (var daemon = daemon(UPGRADED.replace("1234", "" + micros))) {
      assertThat(upgrade(daemon).out()).endsWith(", paused for " + words + "\n");
    }
  }

  @Test
  void pluginWithoutProcessesHasNoPause() throws Exception {
    try (var daemon =
        daemon(UPGRADED.replace("\"processes\":2,\"pause_us\":1234", "\"processes\":0"))) {
      assertThat(upgrade(daemon).out())
          .isEqualTo("stock upgraded from 1.0.0 to 2.0.0: no process ran\n");
    }
  }

  @Test
  void whatElseHasChangedIsBelow() throws Exception {
    try (var daemon =
        daemon(
            UPGRADED
                .replace("\"started\":[]", "\"started\":[\"figs\",\"plums\"]")
                .replace("\"ended\":[]", "\"ended\":[\"pears\"]")
                .replace("\"broken\":[]", "\"broken\":[\"Stock: calls no longer take 'crash'\"]")
                .replace("\"processes\":2", "\"processes\":1"))) {
      var run = upgrade(daemon, "--force");

      assertThat(run.out())
          .isEqualTo(
              """
              stock upgraded from 1.0.0 to 2.0.0: 1 process, paused for 1.3 ms
                started: figs, plums
                ended: pears
                broken: Stock: calls no longer take 'crash'
              """);
      assertThat(run.exitCode()).isZero();
      assertThat(heard(daemon, 1).getFirst().msg())
          .isEqualTo(RawJson.of("{\"type\":\"upgrade\",\"upload\":7,\"force\":true}"));
    }
  }

  @Test
  void dryRunTellsWhatWouldBe() throws Exception {
    try (var daemon =
        daemon(report("\"dry_run\":true").replace("\"started\":[]", "\"started\":[\"figs\"]"))) {
      // A script may leave its other options as they are.
      var run = upgrade(daemon, "--dry-run", "--probation", "1m");

      assertThat(run.out())
          .isEqualTo(
              """
              stock could be upgraded from 1.0.0 to 2.0.0: 2 processes, paused for 1.3 ms; nothing was changed
                would be started: figs
              """);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(message(heard(daemon, 1).getFirst()).values())
          .isEqualTo(
              Map.of("type", "upgrade", "upload", 7L, "dry_run", true, "probation", 60_000L));
    }
  }

  @Test
  void eachReasonWhyItCannotBeHasALine() throws Exception {
    try (var daemon = daemon(refusal("'apples' cannot go on", "everything goes on as before"))) {
      var run = upgrade(daemon, "--probation", "1m");

      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              """
              upgrade of '%s' failed: bad_message, the plugin was refused: 2 problems (not executed)
                'apples' cannot go on
                everything goes on as before
              """
                  .formatted(jar));
      assertThat(run.exitCode()).isEqualTo(65);
    }
  }

  @Test
  void versionThatTheDaemonWillNotStartWithIsWarnedOf() throws Exception {
    var reply = UPGRADED.replace("\"kept\":true", "\"kept\":false");
    try (var daemon = daemon(reply, reply, reply)) {
      var run = upgrade(daemon);
      assertThat(run.err())
          .startsWith("warning: the daemon does not start with stock 2.0.0 the next time");
      assertThat(run.exitCode()).isZero();

      assertThat(upgrade(daemon, "--quiet").err()).isEmpty();
      assertThat(Genserver.run(daemon, "plugin", "rollback", "stock").err())
          .startsWith("warning: the daemon does not start with stock 2.0.0 the next time");
    }
  }

  @Test
  void probationIsWaitedForAfterTheUpgradeIsTold() throws Exception {
    try (var daemon = daemon(ON_PROBATION, "{\"outcome\":\"passed\"}")) {
      var run = upgrade(daemon, "--probation", "1m", "--crashes", "0", "--timeout", "10s");

      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .isEqualTo(
              """
              stock upgraded from 1.0.0 to 2.0.0: 2 processes, paused for 1.3 ms
              stock 2.0.0 passed its probation of 1 min 0 s
              """);
      assertThat(run.exitCode()).isZero();
      var heard = heard(daemon, 2);
      assertThat(message(heard.getFirst()).values())
          .isEqualTo(Map.of("type", "upgrade", "upload", 7L, "probation", 60_000L, "crashes", 0L));
      assertThat(heard.getLast().msg())
          .isEqualTo(RawJson.of("{\"type\":\"await_probation\",\"plugin\":\"stock\"}"));
      assertThat(heard.getLast().timeoutMs()).isBetween(65_000L, 70_000L);
    }
  }

  @Test
  void probationThatIsLongerThanACallMayBeIsAskedForAgain() throws Exception {
    var timeout = failure(ErrorCode.TIMEOUT, "no reply in time");
    try (var daemon = daemon(ON_PROBATION, timeout, timeout, "{\"outcome\":\"passed\"}")) {
      var run = upgrade(daemon, "--probation", "1m");

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).endsWith("passed its probation of 1 min 0 s\n");
      assertThat(heard(daemon, 4)).hasSize(4);
    }
  }

  @Test
  void waitThatFailsIsNamedAndHasItsOwnExitCode() throws Exception {
    try (var daemon =
        daemon(
            ON_PROBATION.replace("60000", "1"), failure(ErrorCode.OVERLOADED, "too many calls"))) {
      var run = upgrade(daemon, "--probation", "1ms");

      assertThat(run.out()).hasLineCount(1);
      assertThat(run.err())
          .startsWith("wait for the probation of plugin 'stock' failed: overloaded");
      assertThat(run.exitCode()).isEqualTo(75);
    }
  }

  @Test
  void versionThatWasRolledBackExitsWith70AndSaysWhy() throws Exception {
    var outcome =
        """
        {"id":"stock","from":"2.0.0","to":"1.0.0","processes":2,"pause_us":800,"started":["pears"],\
        "ended":[],"broken":[],"reverted":1,"outcome":"rolled_back",\
        "reason":"2 of its processes crashed, and 1 may"}\
        """;
    try (var daemon = daemon(ON_PROBATION, outcome, ON_PROBATION, outcome)) {
      var run = upgrade(daemon, "--probation", "1m", "--crashes", "1");

      assertThat(run.out()).hasLineCount(1).startsWith("stock upgraded from 1.0.0 to 2.0.0");
      assertThat(run.err())
          .isEqualTo(
              """
              upgrade of '%s' failed: stock 2.0.0 did not pass its probation: 2 of its processes crashed, and 1 may
                stock rolled back from 2.0.0 to 1.0.0: 2 processes, paused for 0.8 ms
                  started: pears
                  back at the state from before the upgrade: 1 process
              """
                  .formatted(jar));
      assertThat(run.exitCode()).isEqualTo(70);

      var json = upgrade(daemon, "--probation", "1m", "--json", "--quiet");
      assertThat(json.out()).isEqualTo(ON_PROBATION + "\n" + outcome + "\n");
      assertThat(json.err()).isEqualTo(run.err());
      assertThat(json.exitCode()).isEqualTo(70);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"outcome":"stuck","reason":"3 crashed","problem":"'apples' cannot go back"} | \
          did not pass its probation: 3 crashed; it cannot be rolled back, so upgrade it to a version that works: 'apples' cannot go back
          {"outcome":"superseded"} | \
          was upgraded, rolled back or removed before its probation was over
          {"outcome":"adjourned"} | did not pass its probation: adjourned
          """,
      quoteCharacter = '`')
  void everyOtherEndExitsWith70Too(String outcome, String said) throws Exception {
    try (var daemon = daemon(ON_PROBATION, outcome)) {
      var run = upgrade(daemon, "--probation", "1m");

      assertThat(run.err())
          .isEqualTo("upgrade of '%s' failed: stock 2.0.0 %s\n".formatted(jar, said));
      assertThat(run.exitCode()).isEqualTo(70);
    }
  }

  @Test
  void programsGetALineForTheUpgradeAndOneForTheProbation() throws Exception {
    try (var daemon = daemon(ON_PROBATION, "{\"outcome\":\"passed\"}")) {
      var run = upgrade(daemon, "--probation", "1m", "--json");

      assertThat(run.out()).isEqualTo(ON_PROBATION + "\n{\"outcome\":\"passed\"}\n");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --crashes 1                 | --crashes is for a probation or a canary; give --probation or --canary too
          --settle 1m                 | --settle is for a canary; give --canary too
          --probation infinity        | --probation must not be infinity
          --probation 1m --crashes -1 | --crashes -1 must be 0 or more
          --probation soon            | 'soon' is not a time limit
          """,
      quoteCharacter = '`')
  void choicesThatMakeNoSenseAreToldBeforeAnythingIsSent(String options, String said)
      throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var run = upgrade(daemon, options.split(" "));

      assertThat(run.err()).startsWith(said);
      assertThat(run.exitCode()).isEqualTo(64);
    }
  }

  @Test
  void rollbackTellsTheVersionsAndTheStatesFromBefore() throws Exception {
    var reply =
        """
        {"id":"stock","from":"2.0.0","to":"1.0.0","processes":2,"pause_us":800,"started":[],\
        "ended":["figs"],"broken":[],"reverted":2,"kept":true}\
        """;
    try (var daemon = daemon(reply, reply)) {
      var run = Genserver.run(daemon, "plugin", "rollback", "stock", "--force");

      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .isEqualTo(
              """
              stock rolled back from 2.0.0 to 1.0.0: 2 processes, paused for 0.8 ms
                ended: figs
                back at the state from before the upgrade: 2 processes
              """);
      assertThat(run.exitCode()).isZero();
      var json = Genserver.run(daemon, "plugin", "rollback", "stock", "--json");
      assertThat(json.out()).isEqualTo(reply + "\n");
      assertThat(heard(daemon, 2))
          .extracting(ClientMessage.Call::msg)
          .containsExactly(
              RawJson.of("{\"type\":\"rollback\",\"plugin\":\"stock\",\"force\":true}"),
              RawJson.of("{\"type\":\"rollback\",\"plugin\":\"stock\"}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollback", "upgrade"})
  void daemonThatSaysNothingIsATimeout(String command) throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var run = Genserver.run(daemon, "plugin", command, "--timeout", "50ms", jar);

      assertThat(run.err()).contains("timeout, ", "said nothing within 50 ms");
      assertThat(run.exitCode()).isEqualTo(124);
    }
  }

  @Test
  void rollbackOfWhatWasNotUpgradedIsRefused() throws Exception {
    try (var daemon = daemon(refusal("there is no version of plugin 'stock' to roll back to"))) {
      var run = Genserver.run(daemon, "plugin", "rollback", "stock");

      assertThat(run.err())
          .isEqualTo(
              "rollback of plugin 'stock' failed: bad_message, the plugin was refused: there is no"
                  + " version of plugin 'stock' to roll back to (not executed)\n");
      assertThat(run.exitCode()).isEqualTo(65);
    }
  }

  @Test
  void canaryIsAskedForAndPromoted() throws Exception {
    try (var daemon = daemon(report("\"canary\":10"), report("\"kept\":true"))) {
      var run =
          Genserver.run(
              daemon,
              "plugin",
              "upgrade",
              jar,
              "--canary",
              "10%",
              "--settle",
              "1m",
              "--rest",
              "30s");
      assertThat(run.out())
          .isEqualTo("stock 2.0.0 is tried by 10% of the children that start; 1.0.0 runs on\n");
      assertThat(run.exitCode()).isZero();

      var promoted = Genserver.run(daemon, "plugin", "promote", "stock");
      assertThat(promoted.out())
          .isEqualTo("stock upgraded from 1.0.0 to 2.0.0: 2 processes, paused for 1.3 ms\n");
      assertThat(heard(daemon, 2))
          .extracting(ClientMessage.Call::msg)
          .contains(
              RawJson.of(
                  "{\"type\":\"upgrade\",\"upload\":7,\"canary\":10,\"settle\":60000,\"rest\":30000}"),
              RawJson.of("{\"type\":\"promote\",\"plugin\":\"stock\"}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0%", "101%", "half", "-1"})
  void partOfACanaryIsAPercentage(String part) throws Exception {
    try (var daemon = daemon()) {
      var run = Genserver.run(daemon, "plugin", "upgrade", jar, "--canary=" + part);
      assertThat(run.exitCode()).isEqualTo(64);
      assertThat(run.err()).contains("--canary '" + part + "' must be 1% to 100%, such as 10%");
    }
  }
}
