package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the plugin commands ask `sys.plugins`, and what people read of its answers.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PluginCommandTest {

  @TempDir Path folder;

  /// What a daemon answers to requests about plugins; null to hang up.
  private interface Answers {
    ServerMessage to(String type, ClientMessage.Call call);
  }

  private static ScriptedDaemon daemon(int maxFrame, Answers answers) throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      switch (request) {
        case ClientMessage.Hello hello ->
            peer.say(
                new ServerMessage.Welcome(
                    idOf(hello),
                    1,
                    "scripted",
                    "test",
                    null,
                    new ServerMessage.Limits(maxFrame, 16, 3_600_000, 5_000, 90_000)));
        case ClientMessage.Call call -> {
          var answer = answers.to(message(call).text("type"), call);
          if (answer == null) {
            peer.hangUp();
          } else {
            peer.say(answer);
          }
        }
        default -> throw new AssertionError("unexpected " + request);
      }
    });
  }

  private static ScriptedDaemon daemon(Answers answers) throws IOException {
    return daemon(1 << 20, answers);
  }

  /// A daemon that takes uploads, and answers `last` to what comes after one.
  private static ScriptedDaemon thatTakesUploads(String last) throws IOException {
    return daemon((type, call) ->
        reply(
            call,
            switch (type) {
              case "upload" -> "{\"upload\":7}";
              case "chunk" -> "{\"bytes\":1}";
              default -> last;
            }));
  }

  private static Fields message(ClientMessage.Call call) {
    return Fields.of(call.msg().toValue());
  }

  private static ServerMessage reply(ClientMessage.Call call, String result) {
    return new ServerMessage.Reply(idOf(call), RawJson.of(result));
  }

  private static ServerMessage refusal(ClientMessage.Call call, String... problems) {
    return new ServerMessage.Failure(
        idOf(call),
        new WireError(
            ErrorCode.BAD_MESSAGE,
            "the plugin was refused: " + String.join("; ", problems),
            Executed.NO,
            Map.of("problems", List.of(problems))));
  }

  private Path jar(int bytes) throws IOException {
    var content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(folder.resolve("shop.jar"), content);
  }

  /// What a daemon has heard of `sys.plugins`, as long as a command ran.
  private static List<Fields> heard(ScriptedDaemon daemon, int calls) throws InterruptedException {
    var heard = new ArrayList<Fields>();
    while (heard.size() < calls) {
      if (daemon.request() instanceof ClientMessage.Call call) {
        assertThat(call.to()).isEqualTo("sys.plugins");
        heard.add(message(call));
      }
    }
    return heard;
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 300_000, 1_024})
  void aJarIsUploadedInPiecesThatFitAFrameWithItsChecksum(int maxFrame) throws Exception {
    var jar = jar(600_000);
    var content = Files.readAllBytes(jar);
    int piece = Math.min(256 * 1024, (maxFrame - 256) / 4 * 3);
    int pieces = Math.ceilDiv(content.length, piece);
    try (var daemon =
        daemon(
            maxFrame,
            (type, call) ->
                reply(
                    call,
                    switch (type) {
                      case "upload" -> "{\"upload\":7}";
                      case "chunk" -> "{\"bytes\":1}";
                      default ->
                          "{\"id\":\"shop\",\"version\":\"1.0.0\",\"processes\":2,\"kept\":true}";
                    }))) {
      var run = Genserver.run(daemon, "plugin", "deploy", jar.toString());

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("shop 1.0.0 deployed, 2 processes started\n");
      assertThat(run.exitCode()).isZero();
      var heard = heard(daemon, pieces + 2);
      var sha256 = MessageDigest.getInstance("SHA-256").digest(content);
      assertThat(heard.getFirst().values())
          .isEqualTo(
              Map.of(
                  "type",
                  "upload",
                  "file",
                  "shop.jar",
                  "bytes",
                  600_000L,
                  "sha256",
                  HexFormat.of().formatHex(sha256)));
      var arrived = new ByteArrayOutputStream();
      for (var chunk : heard.subList(1, pieces + 1)) {
        assertThat(chunk.text("data").length()).isLessThanOrEqualTo(maxFrame - 256);
        assertThat(chunk.number("offset")).isEqualTo(arrived.size());
        assertThat(chunk.number("upload")).isEqualTo(7);
        arrived.write(Base64.getDecoder().decode(chunk.text("data")));
      }
      assertThat(arrived.toByteArray()).isEqualTo(content);
      assertThat(heard.getLast().values()).isEqualTo(Map.of("type", "deploy", "upload", 7L));
    }
  }

  @Test
  void verifyTellsThatNothingIsWrong() throws Exception {
    try (var daemon = thatTakesUploads("{\"id\":\"shop\",\"version\":\"1.0.0\"}")) {
      var run = Genserver.run(daemon, "plugin", "verify", jar(10).toString());

      assertThat(run.out()).isEqualTo("shop 1.0.0 can be deployed\n");
      assertThat(heard(daemon, 3).getLast().text("type")).isEqualTo("verify");
    }
  }

  @Test
  void eachProblemOfARefusedPluginHasALine() throws Exception {
    try (var daemon =
        daemon((type, call) ->
            type.equals("verify")
                ? refusal(call, "it has no manifest", "Shop.Call\nis no record")
                : reply(call, "{\"upload\":7}"))) {
      var run = Genserver.run(daemon, "plugin", "verify", jar(10).toString());

      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              """
              verify of '%s' failed: bad_message, the plugin was refused: 2 problems (not executed)
                it has no manifest
                Shop.Call is no record
              """
                  .formatted(folder.resolve("shop.jar")));
      assertThat(run.exitCode()).isEqualTo(65);
    }
  }

  @Test
  void theOnlyProblemStandsInTheLineOfTheFailure() throws Exception {
    try (var daemon = daemon((_, call) -> refusal(call, "it is empty"))) {
      var run = Genserver.run(daemon, "plugin", "deploy", jar(0).toString());

      assertThat(run.err())
          .isEqualTo(
              "upload of '%s' failed: bad_message, the plugin was refused: it is empty (not executed)\n"
                  .formatted(folder.resolve("shop.jar")));
      assertThat(run.exitCode()).isEqualTo(65);
    }
  }

  @Test
  void aConnectionThatIsLostDuringTheUploadDeploysNothing() throws Exception {
    try (var daemon =
        daemon((type, call) ->
            message(call).number("offset") > 0 ? null : reply(call, "{\"upload\":7}"))) {
      var run = Genserver.run(daemon, "plugin", "deploy", jar(600_000).toString());

      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .startsWith("upload of '")
          .contains("closed the connection before it answered");
      assertThat(run.exitCode()).isEqualTo(69);
      assertThat(heard(daemon, 3))
          .extracting(call -> call.text("type"))
          .containsExactly("upload", "chunk", "chunk");
    }
  }

  @Test
  void theTimeLimitIsForAllOfIt() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var run =
          Genserver.run(daemon, "plugin", "deploy", "--timeout", "50ms", jar(600_000).toString());

      assertThat(run.err()).contains("timeout, ", "said nothing within 50 ms");
      assertThat(run.exitCode()).isEqualTo(124);
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var missing = Genserver.run(daemon, "plugin", "deploy", "nowhere.jar");
      assertThat(missing.err()).isEqualTo("'nowhere.jar' cannot be read: there is no such file\n");
      assertThat(missing.exitCode()).isEqualTo(66);

      var wrong = Genserver.run(daemon, "plugin", "verify", folder.toString());
      assertThat(wrong.err())
          .isEqualTo("'" + folder + "' cannot be read: it is a folder, and a jar is wanted\n");
      assertThat(wrong.exitCode()).isEqualTo(66);
    }
  }

  @Test
  void aPluginThatWillBeGoneAtTheNextStartIsWarnedOf() throws Exception {
    try (var daemon =
        thatTakesUploads(
            "{\"id\":\"shop\",\"version\":\"1.0.0\",\"processes\":1,\"kept\":false}")) {
      var run = Genserver.run(daemon, "plugin", "deploy", jar(10).toString());

      assertThat(run.out()).isEqualTo("shop 1.0.0 deployed, 1 process started\n");
      assertThat(run.err()).startsWith("warning: shop 1.0.0 is gone when the daemon starts again");
      assertThat(run.exitCode()).isZero();
      assertThat(Genserver.run(daemon, "plugin", "deploy", "-q", jar(10).toString()).err())
          .isEmpty();
    }
  }

  @Test
  void restartTellsHowManyProcessesWereStarted() throws Exception {
    var reply = "{\"id\":\"shop\",\"version\":\"1.0.0\",\"processes\":2}";
    try (var daemon = ScriptedDaemon.thatReplies(reply)) {
      assertThat(Genserver.run(daemon, "plugin", "restart", "shop").out())
          .isEqualTo("shop 1.0.0 restarted, 2 processes started\n");
      var call = (ClientMessage.Call) daemon.request();
      assertThat(call.msg()).isEqualTo(RawJson.of("{\"type\":\"restart\",\"plugin\":\"shop\"}"));
      assertThat(Genserver.run(daemon, "plugin", "restart", "shop", "--json").out())
          .isEqualTo(reply + "\n");
    }
  }

  @Test
  void removeTellsThatTheClassesAreGone() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            "{\"id\":\"shop\",\"version\":\"1.0.0\",\"processes\":2,\"unloaded\":true}")) {
      var run = Genserver.run(daemon, "plugin", "remove", "shop");

      assertThat(run.out())
          .isEqualTo("shop 1.0.0 removed, 2 processes stopped, its classes are gone\n");
      assertThat(run.err()).isEmpty();
      var call = (ClientMessage.Call) daemon.request();
      assertThat(call.msg()).isEqualTo(RawJson.of("{\"type\":\"remove\",\"plugin\":\"shop\"}"));
      assertThat(call.timeoutMs()).isBetween(110_000L, 120_000L);
    }
  }

  @Test
  void removeWarnsOfWhatHoldsTheClasses() throws Exception {
    var reply =
        "{\"id\":\"shop\",\"version\":\"1.0.0\",\"processes\":1,\"unloaded\":false,"
            + "\"held_by\":[\"thread 'poller'\",\"a shutdown hook\"]}";
    try (var daemon = ScriptedDaemon.thatReplies(reply)) {
      var run = Genserver.run(daemon, "plugin", "remove", "shop");

      assertThat(run.out()).isEqualTo("shop 1.0.0 removed, 1 process stopped\n");
      assertThat(run.err())
          .isEqualTo(
              "warning: shop 1.0.0 was removed, but its classes are in memory still, held by"
                  + " thread 'poller', a shutdown hook\n");
      assertThat(run.exitCode()).isZero();

      var json = Genserver.run(daemon, "plugin", "remove", "shop", "--json", "--quiet");
      assertThat(json.out()).isEqualTo(reply + "\n");
      assertThat(json.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plugin", "plugin list"})
  void pluginsAreATableAndThenWhatIsWrong(String line) throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"plugins":[{"id":"shop","version":"1.0.0","file":"shop.jar","behaviours":["cart","till"]}],
             "problems":["plugin bad.jar refused: it is no readable jar"],
             "leaking":[{"id":"old","version":"2","held_by":["thread 'poller'"]}]}
            """)) {
      assertThat(Genserver.run(daemon, line.split(" ")).out())
          .isEqualTo(
              """
              ID    VERSION  FILE      BEHAVIOURS
              shop  1.0.0    shop.jar  cart, till
              plugin bad.jar refused: it is no readable jar
              old 2 was removed; its classes are in memory still, held by thread 'poller'
              """);
      assertThat(daemon.request())
          .isInstanceOfSatisfying(
              ClientMessage.Call.class,
              call -> assertThat(call.msg()).isEqualTo(RawJson.of("{\"type\":\"list\"}")));
    }
  }

  @Test
  void tabKeyOffersThePluginsThatCanBeRemoved() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies("{\"plugins\":[{\"id\":\"shop\"},{\"id\":\"counter\"}]}")) {
      assertThat(Genserver.run(daemon, "__complete", "plugin", "remove", "").out())
          .isEqualTo("counter\nshop\n");
      assertThat(Genserver.run(daemon, "__complete", "plugin", "restart", "").out())
          .isEqualTo("counter\nshop\n");
      assertThat(Genserver.run(daemon, "__complete", "plugin", "de").out()).isEqualTo("deploy\n");
    }
  }

  @Test
  void pluginsThatWereUpgradedHaveAPreviousVersionAndMayBeOnProbation() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"plugins":[{"id":"kv","version":"3","file":"kv.jar","behaviours":["kv"]},
              {"id":"shop","version":"2.0.0","previous":"1.0.0","probation_ms":61000,
               "file":"shop.jar","behaviours":["till"]}],
             "problems":[],"leaking":[]}
            """)) {
      assertThat(Genserver.run(daemon, "plugin").out())
          .isEqualTo(
              """
              ID    VERSION  PREVIOUS  FILE      BEHAVIOURS
              kv    3        -         kv.jar    kv
              shop  2.0.0    1.0.0     shop.jar  till
              shop 2.0.0 is on probation for another 1 min 1 s
              """);
    }
  }

  @Test
  void tabKeyOffersThePluginsThatCanBeRolledBack() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            "{\"plugins\":[{\"id\":\"shop\",\"previous\":\"1.0.0\"},{\"id\":\"counter\"}]}")) {
      assertThat(Genserver.run(daemon, "__complete", "plugin", "rollback", "").out())
          .isEqualTo("shop\n");
      assertThat(Genserver.run(daemon, "__complete", "plugin", "up").out()).isEqualTo("upgrade\n");
    }
  }
}
