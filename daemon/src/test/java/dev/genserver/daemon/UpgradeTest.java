package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A plugin is upgraded under its running processes, and rolled back.
@Timeout(180)
class UpgradeTest {

  @TempDir Path plugins;
  @TempDir Path elsewhere;

  private DaemonUnderTest daemon() throws StartException {
    return daemon(Map.of());
  }

  private DaemonUnderTest daemon(Map<String, String> flags) throws StartException {
    var all = new HashMap<>(flags);
    all.put("--plugins", plugins.toString());
    return DaemonUnderTest.start(Optional.empty(), all);
  }

  /// A shop's stock: the server of one version, in a plugin with these processes of it.
  private static PluginJar stock(String version, String server, String... names) {
    var children =
        Stream.of(names)
            .map("ChildSpec.named(\"%s\", Stock::new)"::formatted)
            .collect(Collectors.joining(", "));
    return PluginJar.of("stock", version)
        .source(
            "shop.Stock",
            "package shop; import dev.genserver.sdk.*; import java.util.*;\n" + server)
        .plugin(
            "shop.StockPlugin",
            """
            package shop;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class StockPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("stock", Stock.class, Stock::new));
              }
              @Override public List<ChildSpec> children() { return List.of(%s); }
            }
            """
                .formatted(children));
  }

  /// What both versions have; `more` is what differs.
  private static PluginJar stockOf(String version, String state, String first, String more) {
    return stock(
        version,
        """
        public final class Stock extends GenServer<Stock.State, Stock.Call, Stock.Cast> {
          public record State(%s) {}
          public sealed interface Call {
            record Get() implements Call {}
            record Crash() implements Call {}
          }
          public sealed interface Cast { record Add(long by) implements Cast {} }
          @Override public Init<State> init(Args args) { return ok(%s); }
          @Override public CallResult<State> handleCall(Call call, From from, State state) {
            return switch (call) {
              case Call.Get() -> reply(state, state);
              case Call.Crash() -> throw new IllegalStateException("as asked");
            };
          }
          %s
        }
        """
            .formatted(state, first, more),
        "apples",
        "pears");
  }

  private static PluginJar first() {
    return stockOf(
        "1.0.0",
        "long total",
        "new State(0)",
        """
        @Override public Result<State> handleCast(Cast cast, State state) {
          return switch (cast) { case Cast.Add(long by) -> noReply(new State(state.total() + by)); };
        }
        """);
  }

  private static PluginJar second() {
    return stockOf(
        "2.0.0",
        "long pieces, int changes",
        "new State(0, 0)",
        """
        @Override public Result<State> handleCast(Cast cast, State state) {
          return switch (cast) { case Cast.Add(long by) -> noReply(new State(state.pieces() + by, state.changes() + 1)); };
        }
        @Override public CodeChanged<State> codeChange(CodeChange<State> change) {
          var fields = change.fields();
          fields.put("pieces", fields.remove("total"));
          fields.put("changes", 0);
          return changed(change.bind(fields));
        }
        @Override public Object handOver(State state, String toVersion) {
          return toVersion.startsWith("1") ? Map.of("total", state.pieces()) : state;
        }
        """);
  }

  private Path write(PluginJar jar) {
    return jar.writeTo(elsewhere);
  }

  private static String got(Uploading client, String process) {
    return String.valueOf(client.ask(process, "\"get\"").get("result"));
  }

  private static void add(Uploading client, String process, int times) {
    for (var i = 0; i < times; i++) {
      client
          .peer()
          .send(
              "{\"op\":\"cast\",\"to\":\"%s\",\"msg\":{\"type\":\"add\",\"by\":1}}"
                  .formatted(process));
    }
  }

  private Map<String, Object> upgrade(Uploading client, PluginJar jar, String options) {
    return client.sys(
        "{\"type\":\"upgrade\",\"upload\":%d%s}".formatted(client.upload(write(jar)), options));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(plugins)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void statesGoOnInTheNewVersionAndBackInTheOld() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 3);

      var report = Uploading.result(upgrade(client, second(), ""));

      assertThat(report)
          .containsEntry("id", "stock")
          .containsEntry("from", "1.0.0")
          .containsEntry("to", "2.0.0")
          .containsEntry("processes", 2L)
          .containsEntry("kept", true)
          .containsKey("pause_us");
      assertThat(got(client, "apples")).isEqualTo("{pieces=3, changes=0}");
      assertThat(files()).containsExactly("stock-1.0.0.jar.previous", "stock-2.0.0.jar");
      assertThat(client.sys("\"list\"").toString())
          .contains("version=2.0.0", "previous=1.0.0")
          .doesNotContain("probation");
      add(client, "apples", 2);
      client.ask("pears", "\"crash\"");
      await("it is restarted, in the new version")
          .until(() -> got(client, "pears").equals("{pieces=0, changes=0}"));

      var back = Uploading.result(client.sys("{\"type\":\"rollback\",\"plugin\":\"stock\"}"));

      assertThat(back).containsEntry("to", "1.0.0").containsEntry("reverted", 0L);
      assertThat(got(client, "apples")).isEqualTo("{total=5}");
      assertThat(files()).containsExactly("stock-1.0.0.jar", "stock-2.0.0.jar.removed");
      assertThat(Peer.error(client.sys("{\"type\":\"rollback\",\"plugin\":\"stock\"}")).toString())
          .contains("there is no version of plugin 'stock' to roll back to");
    }
  }

  @Test
  void versionsFollowEachOtherAndTheOldOnesLeaveMemory() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      var classes = ManagementFactory.getClassLoadingMXBean();
      var unloadedBefore = classes.getUnloadedClassCount();
      for (var round = 0; round < 5; round++) {
        add(client, "apples", 1);
        Uploading.result(upgrade(client, second(), ""));
        Uploading.result(client.sys("{\"type\":\"rollback\",\"plugin\":\"stock\"}"));
      }
      assertThat(got(client, "apples")).isEqualTo("{total=5}");
      await("the classes of five second versions, eight each, leave memory")
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            System.gc();
            return classes.getUnloadedClassCount() - unloadedBefore >= 5 * 8;
          });
      assertThat(client.sys("\"list\"").toString()).contains("leaking=[]");
    }
  }

  @Test
  void dryRunTellsWhatWouldBeAndChangesNothing() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 1);

      var report = Uploading.result(upgrade(client, second(), ",\"dry_run\":true"));

      assertThat(report).containsEntry("dry_run", true).containsEntry("processes", 2L);
      assertThat(got(client, "apples")).isEqualTo("{total=1}");
      assertThat(files()).containsExactly("stock-1.0.0.jar");
      assertThat(client.sys("\"list\"").toString()).contains("version=1.0.0");
    }
  }

  @Test
  void stateThatDoesNotFitIsNamedAndTheOldVersionRunsOn() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 4);

      var error = Peer.error(upgrade(client, withoutCodeChange(), ""));

      assertThat(error).containsEntry("code", "bad_message").containsEntry("executed", "no");
      assertThat(error.toString())
          .contains(
              "'apples'",
              "cannot go on with version 3.0.0",
              "Stock.State.unit (String) is new, so the old state has none; give it a value in codeChange",
              "everything goes on as before");
      assertThat(got(client, "apples")).isEqualTo("{total=4}");
      assertThat(files()).containsExactly("stock-1.0.0.jar");
    }
  }

  /// Adds a field to the state and says nothing of it.
  private static PluginJar withoutCodeChange() {
    return stockOf("3.0.0", "long total, String unit", "new State(0, \"kg\")", "");
  }

  /// Takes fewer messages than the first.
  private static PluginJar narrower() {
    return stock(
        "2.1.0",
        """
        public final class Stock extends GenServer<Stock.State, Stock.Call, Void> {
          public record State(long total) {}
          public sealed interface Call { record Get() implements Call {} }
          @Override public Init<State> init(Args args) { return ok(new State(0)); }
          @Override public CallResult<State> handleCall(Call call, From from, State state) {
            return reply(state, state);
          }
        }
        """,
        "apples");
  }

  @Test
  void brokenContractIsRefusedUnlessForced() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 2);

      var refused = Peer.error(upgrade(client, narrower(), ""));
      assertThat(refused.toString())
          .contains(
              "behaviour 'stock': calls no longer take 'crash'",
              "callers may still send that; if none does, force the upgrade");
      assertThat(got(client, "apples")).isEqualTo("{total=2}");

      var forced = Uploading.result(upgrade(client, narrower(), ",\"force\":true"));
      assertThat(forced.get("broken").toString()).contains("calls no longer take 'crash'");
      assertThat(forced).containsEntry("ended", List.of("pears"));
      assertThat(got(client, "apples")).isEqualTo("{total=2}");
      assertThat(Peer.error(client.ask("pears", "\"get\""))).containsEntry("code", "noproc");
    }
  }

  @Test
  void versionThatCrashesOnProbationIsRolledBackWithTheStatesFromBefore() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 3);
      add(client, "pears", 7);
      assertThat(got(client, "pears")).isEqualTo("{total=7}");

      var report =
          Uploading.result(upgrade(client, second(), ",\"probation\":60000,\"crashes\":1"));
      assertThat(report).containsEntry("probation_ms", 60000L);
      add(client, "apples", 1);
      client.ask("pears", "\"crash\"");
      await().until(() -> got(client, "pears").equals("{pieces=0, changes=0}"));
      client.ask("pears", "\"crash\"");

      var outcome =
          Uploading.result(client.sys("{\"type\":\"await_probation\",\"plugin\":\"stock\"}"));
      assertThat(outcome)
          .containsEntry("outcome", "rolled_back")
          .containsEntry("to", "1.0.0")
          .containsEntry("reverted", 1L)
          .containsEntry("reason", "2 of its processes crashed, and 1 may");
      assertThat(got(client, "apples")).isEqualTo("{total=4}");
      assertThat(got(client, "pears")).isEqualTo("{total=7}");
    }
  }

  @Test
  void versionWhoseSupervisorGivesUpOnProbationIsRolledBack() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "pears", 7);
      assertThat(got(client, "pears")).isEqualTo("{total=7}");
      Uploading.result(upgrade(client, second(), ",\"probation\":60000,\"crashes\":100"));
      for (var i = 0; i < 4; i++) {
        await().until(() -> client.ask("apples", "\"get\"").containsKey("result"));
        client.ask("apples", "\"crash\"");
      }

      var outcome =
          Uploading.result(client.sys("{\"type\":\"await_probation\",\"plugin\":\"stock\"}"));
      assertThat(outcome)
          .containsEntry("outcome", "rolled_back")
          .containsEntry("reason", "its supervisor has ended, as restarts came too fast");
      assertThat(got(client, "pears")).isEqualTo("{total=7}");
    }
  }

  @Test
  void probationThatIsPassedIsTold() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      Uploading.result(upgrade(client, second(), ",\"probation\":100"));
      assertThat(
              Uploading.result(client.sys("{\"type\":\"await_probation\",\"plugin\":\"stock\"}")))
          .isEqualTo(Map.of("outcome", "passed"));
      assertThat(client.sys("\"list\"").toString()).contains("previous=1.0.0");
    }
  }

  @Test
  void fileThatIsReplacedInTheFolderUpgradesThePlugin() throws Exception {
    var file = first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      add(client, "apples", 3);

      Files.copy(write(withoutCodeChange()), file, StandardCopyOption.REPLACE_EXISTING);
      await("the bad one is refused")
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.sys("\"list\"").toString().contains("cannot go on with version"));
      assertThat(got(client, "apples")).isEqualTo("{total=3}");
      Files.copy(write(second()), file, StandardCopyOption.REPLACE_EXISTING);
      await("the good one is upgraded to")
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.sys("\"list\"").toString().contains("version=2.0.0"));

      assertThat(got(client, "apples")).isEqualTo("{pieces=3, changes=0}");
      assertThat(client.sys("\"list\"").toString())
          .contains("problems=[]", "previous=1.0.0", "probation_ms=");
    }
  }

  @Test
  void fileOfAnotherNameUpgradesThePluginWhoseFileHasGone() throws Exception {
    var file = first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      second().writeTo(plugins);
      await("two of one id are a problem")
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              client.sys("\"list\"").toString().contains("its id 'stock' is taken by stock-1.0.0"));
      Files.delete(file);
      Files.setLastModifiedTime(plugins.resolve("stock-2.0.0.jar"), FileTime.fromMillis(1));
      await("with the old file gone it is an upgrade")
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.sys("\"list\"").toString().contains("version=2.0.0"));
    }
  }

  @Test
  void upgradeOfWhatIsNotLoadedSaysToDeployIt() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(Peer.error(upgrade(new Uploading(peer), first(), "")).toString())
          .contains("no plugin with the id 'stock' is loaded that it could replace; deploy it");
    }
  }

  @Test
  void newVersionIsThereWhenTheDaemonStartsAgain() throws Exception {
    first().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      Uploading.result(upgrade(new Uploading(peer), second(), ""));
    }
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(got(new Uploading(peer), "apples")).isEqualTo("{pieces=0, changes=0}");
    }
  }

  /// Rooms that are opened at run time.
  private static PluginJar rooms(String version, String state, String first, String more) {
    return PluginJar.of("rooms", version)
        .source(
            "shop.Room",
            """
            package shop;
            import dev.genserver.sdk.*;
            public final class Room extends GenServer<Room.State, Room.Call, Void> {
              public record State(%s) {}
              public sealed interface Call {
                record Said() implements Call {}
                record Say() implements Call {}
                record Crash() implements Call {}
              }
              @Override public Init<State> init(Args args) { return ok(new State(%s)); }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                return switch (call) {
                  case Call.Said() -> reply("%s " + state.said(), state);
                  case Call.Say() -> reply(null, new State(%s));
                  case Call.Crash() -> throw new IllegalStateException("as asked");
                };
              }
            }
            """
                .formatted(state, first, version, more))
        .source(
            "shop.Doors",
            """
            package shop;
            import dev.genserver.sdk.*;
            public final class Doors extends GenServer<Doors.State, Doors.Call, Void> {
              public record State(int rooms) {}
              public sealed interface Call { record Open(String room) implements Call {} }
              @Override public Init<State> init(Args args) { return ok(new State(0)); }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                var name = ((Call.Open) call).room();
                process().dynamicSupervisor(ServerRef.named("rooms")).startChild(ChildSpec.named(name, Room::new));
                return reply(null, new State(state.rooms() + 1));
              }
            }
            """)
        .plugin(
            "shop.RoomsPlugin",
            """
            package shop;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class RoomsPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() { return List.of(); }
              @Override public List<ChildSpec> children() {
                return List.of(
                    ChildSpec.supervisor("rooms", DynamicSupervisorSpec.create(), StartOptions.named("rooms")),
                    ChildSpec.named("doors", Doors::new));
              }
            }
            """);
  }

  private static PluginJar firstRooms() {
    return rooms("1.0.0", "int said", "0", "state.said() + 1");
  }

  private static PluginJar secondRooms() {
    return rooms("2.0.0", "long said", "0", "state.said() + 1");
  }

  private static void open(Uploading client, int from, int to) {
    for (var i = from; i < to; i++) {
      assertThat(client.ask("doors", "{\"type\":\"open\",\"room\":\"r%d\"}".formatted(i)))
          .containsKey("result");
      client.ask("r" + i, "\"say\"");
    }
  }

  private static List<String> said(Uploading client, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> String.valueOf(client.ask("r" + i, "\"said\"").get("result")))
        .toList();
  }

  private static long running(List<String> said, String version) {
    return said.stream().filter(version.concat(" 1")::equals).count();
  }

  @Test
  void canaryTakesItsPartOfNewChildrenThenOfThoseThatRunAndIsPromoted() throws Exception {
    firstRooms().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      open(client, 0, 20);

      var report =
          Uploading.result(upgrade(client, secondRooms(), ",\"canary\":25,\"settle\":1500"));
      assertThat(report).containsEntry("canary", 25L).containsEntry("processes", 0L);
      open(client, 20, 28);

      assertThat(running(said(client, 0, 20), "1.0.0")).isEqualTo(20);
      assertThat(running(said(client, 20, 28), "2.0.0")).isEqualTo(2);
      await("children that run follow")
          .atMost(Duration.ofSeconds(20))
          .until(() -> running(said(client, 0, 28), "2.0.0") == 7);
      assertThat(running(said(client, 0, 28), "1.0.0")).isEqualTo(21);
      assertThat(client.sys("\"list\"").toString())
          .contains("version=1.0.0", "canary={", "percent=25", "processes=7");
      assertThat(Peer.error(upgrade(client, secondRooms(), "")).toString())
          .contains("some processes of plugin 'rooms' try version 2.0.0; promote that");

      var promoted = Uploading.result(client.sys("{\"type\":\"promote\",\"plugin\":\"rooms\"}"));

      assertThat(promoted).containsEntry("to", "2.0.0").containsEntry("kept", true);
      assertThat(running(said(client, 0, 28), "2.0.0")).isEqualTo(28);
      assertThat(client.sys("\"list\"").toString())
          .contains("version=2.0.0", "previous=1.0.0")
          .doesNotContain("canary");
      assertThat(files()).containsExactly("rooms-1.0.0.jar.previous", "rooms-2.0.0.jar");
    }
  }

  @Test
  void canaryThatCrashesIsRolledBackByItself() throws Exception {
    firstRooms().writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var client = new Uploading(peer);
      open(client, 0, 4);
      Uploading.result(upgrade(client, secondRooms(), ",\"canary\":50,\"settle\":0,\"crashes\":0"));
      await("half of them try it")
          .atMost(Duration.ofSeconds(20))
          .until(() -> running(said(client, 0, 4), "2.0.0") == 2);
      var trying = said(client, 0, 4).indexOf("2.0.0 1");

      client.ask("r" + trying, "\"crash\"");

      assertThat(
              Uploading.result(client.sys("{\"type\":\"await_probation\",\"plugin\":\"rooms\"}")))
          .containsEntry("outcome", "rolled_back")
          .containsEntry("reason", "1 of its processes crashed, and 0 may");
      assertThat(running(said(client, 0, 4), "1.0.0")).isEqualTo(4);
      assertThat(client.sys("\"list\"").toString()).doesNotContain("canary");
      open(client, 4, 8);
      assertThat(running(said(client, 4, 8), "1.0.0")).isEqualTo(4);
    }
  }
}
