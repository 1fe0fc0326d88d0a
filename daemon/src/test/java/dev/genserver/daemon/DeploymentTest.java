package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does with `sys.plugins`: plugins come and go while the daemon runs.
@Timeout(120)
class DeploymentTest {

  @TempDir Path plugins;
  @TempDir Path elsewhere;

  private DaemonUnderTest daemon() throws StartException {
    return daemon(Optional.empty());
  }

  private DaemonUnderTest daemon(Optional<Path> config) throws StartException {
    return DaemonUnderTest.start(config, Map.of("--plugins", plugins.toString()));
  }

  private static PluginJar counter(String id, String init) {
    return counter(id, "1.0.0", init);
  }

  private static PluginJar counter(String id, String version, String init) {
    return PluginJar.of(id, version)
        .source(
            "example.Counter",
            """
            package example;
            import dev.genserver.sdk.*;
            public final class Counter extends GenServer<Long, Counter.Call, Void> {
              public sealed interface Call {
                record Get() implements Call {}
                record Crash() implements Call {}
              }
              @Override public Init<Long> init(Args args) { %s return ok(args.longOr("start", 7)); }
              @Override public CallResult<Long> handleCall(Call call, From from, Long state) {
                return switch (call) {
                  case Call.Get() -> reply(state, state);
                  case Call.Crash() -> throw new Failure(this);
                };
              }
              static final class Failure extends RuntimeException {
                final Counter counter;
                Failure(Counter counter) { super("as asked"); this.counter = counter; }
              }
            }
            """
                .formatted(init))
        .plugin(
            "example.CounterPlugin",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class CounterPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("%s", Counter.class, Counter::new));
              }
              @Override public List<ChildSpec> children() {
                return List.of(ChildSpec.named("%s", Counter::new));
              }
            }
            """
                .formatted(id, id));
  }

  private static Map<String, Object> ask(Peer peer, String to, String msg) {
    return new Uploading(peer).ask(to, msg);
  }

  private static Map<String, Object> result(Map<String, Object> answer) {
    return Uploading.result(answer);
  }

  private static String sha256(byte[] bytes) {
    return Uploading.sha256(bytes);
  }

  private static long upload(Peer peer, Path jar, String sha256) throws IOException {
    return new Uploading(peer).upload(jar, sha256);
  }

  private static Map<String, Object> deploy(Peer peer, Path jar) throws Exception {
    var upload = upload(peer, jar, sha256(Files.readAllBytes(jar)));
    return ask(peer, "sys.plugins", "{\"type\":\"deploy\",\"upload\":%d}".formatted(upload));
  }

  private static Map<String, Object> remove(Peer peer, String id) {
    return ask(peer, "sys.plugins", "{\"type\":\"remove\",\"plugin\":\"%s\"}".formatted(id));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(plugins)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPluginIsDeployedServesAndIsRemovedWithoutATrace() throws Exception {
    var jar = counter("late", "").writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(result(deploy(peer, jar)))
          .isEqualTo(Map.of("id", "late", "version", "1.0.0", "processes", 1L, "kept", true));
      assertThat(ask(peer, "late", "\"get\"")).containsEntry("result", 7L);
      assertThat(Peer.error(ask(peer, "late", "\"crash\""))).containsEntry("code", "exit");
      Awaitility.await("it is restarted")
          .until(() -> ask(peer, "late", "\"get\"").containsKey("result"));
      assertThat(files()).containsExactly("late-1.0.0.jar");

      assertThat(result(remove(peer, "late")))
          .isEqualTo(Map.of("id", "late", "version", "1.0.0", "processes", 1L, "unloaded", true));
      assertThat(Peer.error(ask(peer, "late", "\"get\""))).containsEntry("code", "noproc");
      assertThat(result(ask(peer, "sys.plugins", "\"list\"")))
          .isEqualTo(Map.of("plugins", List.of(), "problems", List.of(), "leaking", List.of()));
      assertThat(files()).containsExactly("late-1.0.0.jar.removed");
    }
  }

  @Test
  void aDeployedPluginIsThereWhenTheDaemonStartsAgain() throws Exception {
    var jar = counter("late", "").writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      deploy(peer, jar);
    }
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(ask(peer, "late", "\"get\"")).containsEntry("result", 7L);
    }
  }

  @Test
  void aPluginThatIsPutIntoTheFolderIsDeployedOnceItIsWhole() throws Exception {
    var whole = Files.readAllBytes(counter("late", "").writeTo(elsewhere));
    var file = plugins.resolve("late.jar");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      Awaitility.await("half a jar is refused")
          .atMost(Duration.ofSeconds(20))
          .until(() -> list(peer, "problems").contains("late.jar is no readable jar"));
      Files.write(file, whole);
      Awaitility.await("the whole jar is deployed")
          .atMost(Duration.ofSeconds(20))
          .until(() -> list(peer, "plugins").contains("id=late"));
      assertThat(ask(peer, "late", "\"get\"")).containsEntry("result", 7L);
      assertThat(list(peer, "problems")).isEqualTo("[]");

      result(remove(peer, "late"));
      assertThat(files()).containsExactly("late.jar.removed");
      Files.move(plugins.resolve("late.jar.removed"), file);
      Awaitility.await("it is deployed again")
          .atMost(Duration.ofSeconds(20))
          .until(() -> list(peer, "plugins").contains("id=late"));
    }
  }

  @Test
  void aPluginThatIsRefusedIsAProblemUntilItsFileGoes() throws Exception {
    counter("first", "").writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      Files.copy(plugins.resolve("first-1.0.0.jar"), plugins.resolve("twin.jar"));
      Awaitility.await("the twin is refused")
          .atMost(Duration.ofSeconds(20))
          .until(() -> list(peer, "problems").contains("twin.jar refused: its id 'first'"));
      assertThat(ask(peer, "first", "\"get\"")).containsEntry("result", 7L);
      Files.delete(plugins.resolve("twin.jar"));
      Awaitility.await("nothing is wrong any more")
          .atMost(Duration.ofSeconds(20))
          .until(() -> list(peer, "problems").equals("[]"));
    }
  }

  private static String list(Peer peer, String what) {
    return result(ask(peer, "sys.plugins", "\"list\"")).get(what).toString();
  }

  @Test
  void processesOfTheConfigurationStartWithThePluginThatTheyAreOf() throws Exception {
    var config =
        Files.writeString(
            elsewhere.resolve("genserverd.yaml"),
            """
            plugins:
              on-problem: skip
            processes:
              - name: hits
                behaviour: late
                args:
                  start: 40
            """);
    var jar = counter("late", "").writeTo(elsewhere);
    try (var daemon = daemon(Optional.of(config));
        var peer = daemon.peer()) {
      assertThat(result(ask(peer, "sys.plugins", "\"list\"")).get("problems").toString())
          .contains("no plugin offers the behaviour 'late'");
      assertThat(result(deploy(peer, jar))).containsEntry("processes", 2L);
      assertThat(ask(peer, "hits", "\"get\"")).containsEntry("result", 40L);
      assertThat(result(ask(peer, "sys.plugins", "\"list\"")).get("problems")).isEqualTo(List.of());
      remove(peer, "late");
      assertThat(result(ask(peer, "sys.plugins", "\"list\"")).get("problems").toString())
          .contains("no plugin offers the behaviour 'late'");
      assertThat(result(deploy(peer, jar))).containsEntry("processes", 2L);
    }
  }

  @Test
  void restartBeginsAfreshAndIsRefusedOfAPluginThatIsUnknownOrOnProbation() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      deploy(peer, counter("late", "").writeTo(elsewhere));
      ask(peer, "sys.processes", "{\"type\":\"replace_state\",\"process\":\"late\",\"state\":9}");
      assertThat(ask(peer, "late", "\"get\"")).containsEntry("result", 9L);

      assertThat(result(restart(peer, "late"))).containsEntry("processes", 1L);
      assertThat(ask(peer, "late", "\"get\"")).containsEntry("result", 7L);

      assertThat(restart(peer, "lat").get("error").toString())
          .contains("no plugin has the id 'lat'; did you mean 'late'?");
      var next = counter("late", "2.0.0", "").writeTo(elsewhere);
      var upload = upload(peer, next, sha256(Files.readAllBytes(next)));
      ask(
          peer,
          "sys.plugins",
          "{\"type\":\"upgrade\",\"upload\":%d,\"probation\":60000}".formatted(upload));
      assertThat(restart(peer, "late").get("error").toString())
          .contains("plugin 'late' is on probation; wait for its end, or roll it back");
    }
  }

  private static Map<String, Object> restart(Peer peer, String id) {
    return ask(peer, "sys.plugins", "{\"type\":\"restart\",\"plugin\":\"%s\"}".formatted(id));
  }

  @Test
  void threadsAndProcessesThatAPluginHasLeftBehindEndWithIt() throws Exception {
    var jar =
        counter(
                "busy",
                """
                Thread.ofPlatform().daemon().start(() -> {
                  try { new java.util.concurrent.CountDownLatch(1).await(); }
                  catch (InterruptedException e) { }
                });
                process().spawn(() -> {
                  try { new java.util.concurrent.CountDownLatch(1).await(); }
                  catch (InterruptedException e) { }
                });
                """)
            .writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      deploy(peer, jar);
      assertThat(result(remove(peer, "busy")))
          .isEqualTo(Map.of("id", "busy", "version", "1.0.0", "processes", 2L, "unloaded", true));
    }
  }

  @Test
  void whatHoldsARemovedPluginIsNamedUntilItHasGone() throws Exception {
    var jar =
        counter(
                "leaky",
                """
                var thread = new Thread(() -> {
                  while (!Boolean.getBoolean("left.behind.may.end")) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                    Thread.interrupted();
                  }
                }, "left-behind");
                thread.setDaemon(true);
                thread.start();
                """)
            .writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      deploy(peer, jar);
      var removed = result(remove(peer, "leaky"));
      assertThat(removed).containsEntry("unloaded", false);
      assertThat(removed.get("held_by").toString()).contains("thread 'left-behind' runs at ");
      assertThat(leaking(peer)).contains("leaky", "1.0.0", "thread 'left-behind'");
      System.setProperty("left.behind.may.end", "true");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> {
            System.gc();
            return !leaking(peer).contains("thread 'left-behind'");
          });
    } finally {
      System.clearProperty("left.behind.may.end");
    }
  }

  private static String leaking(Peer peer) {
    return list(peer, "leaking");
  }

  @Test
  void aPieceThatDoesNotFollowTheOneBeforeEndsTheUpload() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var begin =
          "{\"type\":\"upload\",\"file\":\"late.jar\",\"bytes\":9,\"sha256\":\"%s\"}"
              .formatted("0".repeat(64));
      ask(peer, "sys.plugins", begin);
      var wrong = "{\"type\":\"chunk\",\"upload\":1,\"offset\":3,\"data\":\"AAAA\"}";
      assertThat(message(peer, wrong))
          .contains("a piece of 3 bytes came for offset 3, where 0 of 9 are there");
      assertThat(message(peer, wrong)).contains("there is no upload 1");
      assertThat(message(peer, begin.replace("late.jar", "../late.jar")))
          .contains("'../late.jar' is no name for a plugin's file");
      assertThat(message(peer, begin.replace(":9,", ":268435457,")))
          .contains("it has 268,435,457 bytes; 268,435,456 may be uploaded");
    }
  }

  @Test
  void thereAreFewUploadsAtATime() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var begin =
          "{\"type\":\"upload\",\"file\":\"late.jar\",\"bytes\":9,\"sha256\":\"%s\"}"
              .formatted("0".repeat(64));
      for (var i = 0; i < 4; i++) {
        result(ask(peer, "sys.plugins", begin));
      }
      assertThat(message(peer, begin)).contains("4 uploads are on their way already");
    }
  }

  private static String message(Peer peer, String request) {
    return Peer.error(ask(peer, "sys.plugins", request)).get("message").toString();
  }

  @Test
  void whatWasChangedOnItsWayIsNotLoaded() throws Exception {
    var jar = counter("late", "").writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var upload = upload(peer, jar, "0".repeat(64));
      var error =
          Peer.error(
              ask(peer, "sys.plugins", "{\"type\":\"deploy\",\"upload\":%d}".formatted(upload)));
      assertThat(error).containsEntry("code", "bad_message").containsEntry("executed", "no");
      assertThat(error.get("message").toString()).contains("it was changed on its way");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aPluginThatIsRefusedOrDoesNotStartLeavesNothing() throws Exception {
    counter("first", "").writeTo(plugins);
    var failing = counter("late", "if (true) throw new IllegalStateException(\"no\");");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var notStarted = Peer.error(deploy(peer, failing.writeTo(elsewhere)));
      assertThat(notStarted.get("message").toString())
          .startsWith("the plugin was refused: plugin late-1.0.0.jar did not start: ")
          .contains("no");
      var twin = Peer.error(deploy(peer, counter("first", "").writeTo(elsewhere)));
      assertThat(twin.get("message").toString())
          .contains("its id 'first' is taken by first-1.0.0.jar");
      assertThat(files()).containsExactly("first-1.0.0.jar");
      assertThat(ask(peer, "first", "\"get\"")).containsEntry("result", 7L);
      // Nor does it stand in the way of one that does start.
      assertThat(result(deploy(peer, counter("late", "").writeTo(elsewhere))))
          .containsEntry("processes", 1L);
    }
  }

  @Test
  void verifyTellsAllThatIsWrongAndLoadsNothing() throws Exception {
    var broken = PluginJar.of("broken", "1").service("example.Nothing").writeTo(elsewhere);
    var fine = counter("late", "").writeTo(elsewhere);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var upload = upload(peer, broken, sha256(Files.readAllBytes(broken)));
      var error =
          Peer.error(
              ask(peer, "sys.plugins", "{\"type\":\"verify\",\"upload\":%d}".formatted(upload)));
      assertThat(error.get("message").toString()).contains("example.Nothing not found");
      upload = upload(peer, fine, sha256(Files.readAllBytes(fine)));
      assertThat(
              result(
                  ask(
                      peer,
                      "sys.plugins",
                      "{\"type\":\"verify\",\"upload\":%d}".formatted(upload))))
          .isEqualTo(Map.of("id", "late", "version", "1.0.0"));
      assertThat(result(ask(peer, "sys.plugins", "\"list\"")).get("plugins")).isEqualTo(List.of());
      assertThat(files()).isEmpty();
    }
  }
}
