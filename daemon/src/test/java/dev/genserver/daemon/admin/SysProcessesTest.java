package dev.genserver.daemon.admin;

import static dev.genserver.daemon.admin.Hosted.list;
import static dev.genserver.daemon.admin.Hosted.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SysProcessesTest {

  @TempDir private Path folder;
  private Hosted hosted;

  @BeforeEach
  void start() throws StartException {
    hosted = Hosted.start(folder);
  }

  @AfterEach
  void close() {
    hosted.close();
  }

  @Test
  void listHasALineForEachProcess() {
    hosted.tell("subject", "{\"type\":\"add\",\"by\":3}");

    assertThat(list(hosted.ask("\"list\"")))
        .extracting(line -> line.get("name"))
        .contains("sys.processes", "subject", "inner.one")
        .doesNotContain("shy");
    assertThat(line("subject"))
        .containsEntry("kind", "server")
        .containsEntry("server", "subjects.Subject")
        .containsEntry("status", "idle")
        .containsEntry("queued", 0L)
        .containsEntry("received", 1L)
        .containsEntry("restarts", 0L)
        .containsKeys("pid", "parent", "busy_ms");
  }

  @Test
  void listIsTakenPageByPage() {
    var all = list(hosted.ask("\"list\""));

    var first = list(hosted.ask("{\"type\":\"list\",\"limit\":3}"));
    var rest =
        list(
            hosted.ask(
                "{\"type\":\"list\",\"after\":\"%s\"}".formatted(first.getLast().get("pid"))));

    assertThat(first).hasSize(3);
    assertThat(Stream.concat(first.stream(), rest.stream()).flatMap(SysProcessesTest::lasting))
        .containsExactlyElementsOf(all.stream().flatMap(SysProcessesTest::lasting).toList());
  }

  /// The pid, unless it is that of a process which works on a request and may just be about to end.
  private static Stream<Object> lasting(Map<?, ?> line) {
    return line.get("kind").equals("function") ? Stream.empty() : Stream.of(line.get("pid"));
  }

  @Test
  void processThatAnswersForTheOthersIsNotShown() {
    assertThat(list(hosted.ask("\"list\"")))
        .extracting(line -> line.get("kind"))
        .doesNotContain("function");
    assertThat(child(map(hosted.ask("\"tree\"")), "sys.processes")).doesNotContainKey("children");
  }

  @Test
  void infoTellsMoreOfOneByNameOrPid() {
    var byName = map(hosted.ask(about("info", "subject")));

    assertThat(byName)
        .containsEntry("name", "subject")
        .containsEntry("max_queue", 10_000L)
        .containsEntry("traps_exits", false)
        .containsEntry("cpu_bound", false)
        .containsEntry("links", 1L);
    assertThat(map(hosted.ask(about("info", (String) byName.get("pid")))))
        .containsEntry("name", "subject");
  }

  @Test
  void describeTellsTheMessagesThatAProcessTakesAndWhoseItIs() {
    var description = map(hosted.ask(about("describe", "subject")));

    assertThat(description)
        .containsEntry("name", "subject")
        .containsEntry("server", "subjects.Subject")
        .containsEntry("behaviour", "subject")
        .containsEntry("plugin", "subjects")
        .containsEntry("version", "1.0.0")
        .containsEntry("casts", Map.of("add", Map.of("by", "integer")));
    assertThat(map(description.get("calls")))
        .containsOnlyKeys("get", "add", "sleep", "crash")
        .containsEntry("sleep", Map.of("millis", "integer"));
    assertThat(map(hosted.ask(about("describe", (String) description.get("pid")))))
        .isEqualTo(description);
  }

  @Test
  void describeTellsTheMessagesAsJsonSchemaWhereThatIsAskedFor() {
    var asked = "{\"type\":\"describe\",\"process\":\"subject\",\"schema\":true}";
    var schema = map(map(hosted.ask(asked)).get("schema"));

    assertThat(schema).containsOnlyKeys("calls", "casts");
    assertThat(map(schema.get("casts")))
        .containsEntry("$schema", "https://json-schema.org/draft/2020-12/schema")
        .containsOnlyKeys("$schema", "oneOf");
    assertThat(map(hosted.ask(about("describe", "subject")))).doesNotContainKey("schema");
  }

  @Test
  void describeTellsOfTheDaemonsOwnProcessesThatTheyAreOfNoPlugin() {
    var description = map(hosted.ask(about("describe", "sys.node")));

    assertThat(description).doesNotContainKeys("behaviour", "plugin", "version");
    assertThat(map(description.get("calls")))
        .containsOnlyKeys("info", "config", "reload", "log_level", "events", "drain");
  }

  @Test
  void describeTellsOfASupervisorThatItTakesAnything() {
    var supervisor = (String) map(hosted.ask(about("info", "subject"))).get("parent");

    assertThat(map(hosted.ask(about("describe", supervisor))))
        .containsEntry("calls", "any")
        .doesNotContainKey("name");
  }

  @Test
  void describeOfNobodySuggestsWhoIsMeant() {
    assertThat(map(hosted.refusal(about("describe", "subjct"))))
        .containsEntry("code", "noproc")
        .containsEntry("details", Map.of("did_you_mean", "subject"));
  }

  @Test
  void treeHasTheChildrenInTheirOrderAndThoseThatDoNotRun() {
    var root = map(hosted.ask("\"tree\""));

    assertThat(root).containsEntry("id", "genserverd").containsEntry("kind", "supervisor");
    var plugin = child(root, "subjects");
    assertThat(plugin).containsEntry("kind", "supervisor").containsEntry("restart", "temporary");
    assertThat(list(plugin.get("children")))
        .extracting(node -> node.get("id"))
        .containsExactly("subject", "inner", "shy");
    assertThat(child(plugin, "subject"))
        .containsEntry("name", "subject")
        .containsEntry("status", "idle")
        .containsEntry("restart", "permanent")
        .doesNotContainKey("children");
    assertThat(child(child(plugin, "inner"), "inner.one")).containsEntry("kind", "server");
    assertThat(child(plugin, "shy"))
        .containsEntry("status", "not_running")
        .containsEntry("kind", "worker")
        .doesNotContainKey("pid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info",
        "why",
        "get_state",
        "suspend",
        "resume",
        "statistics",
        "trace",
        "stop",
        "restart"
      })
  void unknownProcessIsNoprocWithTheNameThatIsMeant(String type) {
    assertThat(hosted.refusal(about(type, "subjet")))
        .satisfies(error -> {
          assertThat(error.get("code")).isEqualTo("noproc");
          assertThat(error.get("executed")).isEqualTo("no");
          assertThat(error.get("details")).isEqualTo(Map.of("did_you_mean", "subject"));
          assertThat(error.get("message"))
              .isEqualTo("no process has the name 'subjet'; did you mean 'subject'?");
        });
  }

  @Test
  void stuckProcessIsExplainedWhileOthersAreLookedAt() {
    var slept = sleeping(20_000);

    var why = map(hosted.ask(about("why", "subject")));
    assertThat(why).containsEntry("status", "running");
    assertThat(map(why.get("now")).get("message")).asString().contains("sleep");
    assertThat(map(why.get("now")).get("stack"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .anySatisfy(frame -> assertThat((String) frame).contains("subjects.Subject.sleep"));

    var timeout = Hosted.error(hosted.call("sys.processes", about("get_state", "subject"), 1_000));
    assertThat(timeout.get("code")).isEqualTo("timeout");
    assertThat(timeout.get("executed")).isEqualTo("maybe");
    assertThat(timeout.get("message"))
        .asString()
        .startsWith("process 'subject' did not come to it within ");

    assertThat(hosted.ask(about("get_state", "inner.one"))).isEqualTo(Map.of("total", 0L));
    assertThat(hosted.ask(about("restart", "subject"))).isInstanceOf(Map.class);
    assertThat(slept.join().get("error")).isInstanceOf(Map.class);
  }

  @Test
  void lastCrashIsRemembered() {
    hosted.tell("subject", "{\"type\":\"add\",\"by\":3}");
    hosted.call("subject", "\"crash\"", 5_000);
    await("it is there again").until(() -> hosted.tell("subject", "\"get\"") != null);

    assertThat(line("subject")).containsEntry("restarts", 1L);
    assertThat(map(map(hosted.ask(about("why", "subject"))).get("last_crash")))
        .containsEntry("reason", "java.lang.IllegalStateException: told to")
        .containsEntry("state", "State[total=3]")
        .containsKeys("ago_ms", "message", "stack");
  }

  @Test
  void stateIsReadAndReplacedInTheFormOfItsType() {
    hosted.tell("subject", "{\"type\":\"add\",\"by\":3}");

    assertThat(hosted.ask(about("get_state", "subject"))).isEqualTo(Map.of("total", 3L));
    assertThat(hosted.ask(replaceState("{\"total\":40}"))).isEqualTo(Map.of("total", 40L));
    assertThat(hosted.tell("subject", "{\"type\":\"add\",\"by\":2}")).isEqualTo(42L);
  }

  @Test
  void whatIsNoStateOfTheProcessIsRefusedAndLeavesTheOldOne() {
    var error = hosted.refusal(replaceState("{\"totl\":40}"));

    assertThat(error.get("code")).isEqualTo("bad_message");
    assertThat(error.get("message"))
        .isEqualTo(
            "process 'subject': state refused: 'state' has no field 'totl', its fields: total;"
                + " did you mean 'total'?");
    assertThat(hosted.refusal(replaceState("7")).get("code")).isEqualTo("bad_message");
    assertThat(hosted.tell("subject", "\"get\"")).isEqualTo(0L);
  }

  @Test
  void suspendedProcessTakesNothingUntilItIsResumed() {
    assertThat(hosted.ask(about("suspend", "subject"))).isEqualTo("ok");
    assertThat(line("subject")).containsEntry("status", "suspended");

    var error = Hosted.error(hosted.call("subject", "\"get\"", 300));
    assertThat(error.get("executed")).isEqualTo("no");
    assertThat(error.get("code")).isEqualTo("unavailable");

    assertThat(hosted.ask(about("get_state", "subject"))).isEqualTo(Map.of("total", 0L));
    assertThat(hosted.ask(about("resume", "subject"))).isEqualTo("ok");
    assertThat(hosted.tell("subject", "\"get\"")).isEqualTo(0L);
  }

  @Test
  void statisticsCountFromWhereTheyWereSwitchedOn() {
    hosted.tell("subject", "\"get\"");
    assertThat(hosted.ask(about("statistics", "subject"))).isNull();
    assertThat(hosted.ask(switchStatistics(true))).isEqualTo("ok");
    hosted.tell("subject", "\"get\"");

    assertThat(map(hosted.ask(about("statistics", "subject"))))
        .containsEntry("messages_in", 1L)
        .containsEntry("messages_out", 1L)
        .containsKeys("since_ms", "busy_ms");
    assertThat(hosted.ask(switchStatistics(false))).isEqualTo("ok");
    assertThat(hosted.ask(about("statistics", "subject"))).isNull();
  }

  @Test
  void traceWaitsForEventsAndFollowsANameFromOneLifeToTheNext() {
    assertThat(map(hosted.ask(about("trace", "subject"))))
        .isEqualTo(Map.of("events", List.of(), "next", 0L));

    var events = hosted.asking(traceAfter(0));
    hosted.tell("subject", "{\"type\":\"add\",\"by\":3}");
    var first = list(map(events.join()).get("events"));
    assertThat(first.getFirst())
        .containsEntry("seq", 1L)
        .containsEntry("kind", "call")
        .hasEntrySatisfying(
            "text", text -> assertThat((String) text).matches("call Add\\[by=3] from <[\\d.]+>"));
    var second = list(map(hosted.ask(traceAfter(1))).get("events")).getFirst();
    assertThat(second)
        .containsEntry("kind", "reply")
        .hasEntrySatisfying(
            "text",
            text ->
                assertThat((String) text)
                    .matches("replied 3 to <[\\d.]+>, state State\\[total=3]"));

    hosted.call("subject", "\"crash\"", 5_000);
    await("it is there again").until(() -> hosted.tell("subject", "\"get\"") != null);
    hosted.ask(traceAfter(2));
    hosted.tell("subject", "\"get\"");
    await("the next life is traced")
        .untilAsserted(() ->
            assertThat(list(map(hosted.ask(traceAfter(2))).get("events")))
                .extracting(event -> event.get("kind"))
                .startsWith("call", "down", "started", "call"));
  }

  @Test
  void pluginsAreListedWithWhatTheyOffer() {
    var list = map(hosted.call("sys.plugins", "\"list\"", 5_000).get("result"));

    assertThat(list.get("problems")).isEqualTo(List.of());
    assertThat(map(((List<?>) list.get("plugins")).getFirst()))
        .containsEntry("id", "subjects")
        .containsEntry("version", "1.0.0")
        .containsKeys("file", "behaviours");
  }

  @Test
  void traceWithoutNewsIsAnsweredBeforeTheDeadline() {
    hosted.ask(about("trace", "subject"));

    var answer = hosted.call("sys.processes", traceAfter(0), 2_000);
    var sooner =
        hosted.call(
            "sys.processes",
            "{\"type\":\"trace\",\"process\":\"subject\",\"after\":0,\"wait_ms\":1}",
            60_000);

    assertThat(map(answer.get("result"))).isEqualTo(Map.of("events", List.of(), "next", 0L));
    assertThat(map(sooner.get("result"))).isEqualTo(Map.of("events", List.of(), "next", 0L));
  }

  @Test
  void stoppedProcessStaysDownUntilItIsRestarted() {
    assertThat(hosted.ask(about("stop", "subject"))).isEqualTo("ok");
    assertThat(Hosted.error(hosted.call("subject", "\"get\"", 1_000)).get("code"))
        .isEqualTo("noproc");
    assertThat(child(child(map(hosted.ask("\"tree\"")), "subjects"), "subject"))
        .containsEntry("status", "not_running");

    assertThat(map(hosted.ask(about("restart", "subject")))).containsKey("pid");
    assertThat(hosted.tell("subject", "\"get\"")).isEqualTo(0L);
  }

  @Test
  void restartOfARunningProcessBeginsAfresh() {
    hosted.tell("inner.one", "{\"type\":\"add\",\"by\":3}");
    var before = line("inner.one").get("pid");

    var pid = map(hosted.ask(about("restart", "inner.one"))).get("pid");

    assertThat(pid).isNotEqualTo(before).isEqualTo(line("inner.one").get("pid"));
    assertThat(hosted.tell("inner.one", "\"get\"")).isEqualTo(0L);
  }

  @Test
  void processStartedByHandIsSupervisedByThePluginOfItsBehaviour() {
    hosted.ask(start("subject", "third", "{\"start\":7}"));
    assertThat(hosted.tell("third", "{\"type\":\"add\",\"by\":1}")).isEqualTo(8L);

    hosted.call("third", "\"crash\"", 5_000);
    await("it is restarted").until(() -> Long.valueOf(7).equals(hosted.tell("third", "\"get\"")));
    assertThat(child(child(map(hosted.ask("\"tree\"")), "subjects"), "third"))
        .containsEntry("restart", "permanent");
  }

  @Test
  void startThatCannotBeIsRefusedWithItsReason() {
    var unknown = hosted.refusal(start("subjet", "third", "{}"));
    assertThat(unknown.get("code")).isEqualTo("bad_message");
    assertThat(unknown.get("message"))
        .isEqualTo("no plugin offers the behaviour 'subjet'; did you mean 'subject'?");

    assertThat(hosted.refusal(start("subject", "sys.third", "{}")).get("message"))
        .isEqualTo(
            "the name 'sys.third' begins with 'sys.', which is kept for the daemon; choose"
                + " another");
    assertThat(hosted.refusal(start("subject", "<1.2>", "{}")).get("message"))
        .asString()
        .startsWith("'<1.2>' is no name");
    assertThat(hosted.refusal(start("subject", "inner.one", "{}")).get("message"))
        .asString()
        .startsWith("the name 'inner.one' is taken by the process <");
    assertThat(hosted.refusal(start("subject", "third", "{\"shy\":true}")).get("message"))
        .isEqualTo("process 'third' did not start: its init said ignore");

    var broken = hosted.refusal(start("subject", "third", "{\"broken\":true}"));
    assertThat(broken.get("code")).isEqualTo("exit");
    assertThat(broken.get("message"))
        .isEqualTo("process 'third' did not start: java.lang.IllegalStateException: broken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspend", "stop", "restart", "trace"})
  void theDaemonsOwnProcessesAreNotToBeTouched(String type) {
    assertThat(hosted.refusal(about(type, "sys.processes")).get("code")).isEqualTo("forbidden");
    var root = (String) map(hosted.ask("\"tree\"")).get("pid");
    assertThat(hosted.refusal(about(type, root)).get("code")).isEqualTo("forbidden");
  }

  @Test
  void processIsBoundLikeAnyOther() {
    assertThat(hosted.refusal("\"lst\""))
        .satisfies(error -> {
          assertThat(error.get("code")).isEqualTo("bad_message");
          assertThat(error.get("message")).asString().contains("did you mean 'list'?");
        });
  }

  /// Has the subject asleep, and comes back when it is.
  private CompletableFuture<Map<?, ?>> sleeping(long millis) {
    var slept =
        CompletableFuture.<Map<?, ?>>supplyAsync(() ->
            hosted.call(
                "subject", "{\"type\":\"sleep\",\"millis\":" + millis + "}", millis + 5_000));
    await("it sleeps").until(() -> line("subject").get("status").equals("running"));
    return slept;
  }

  private static String about(String type, String process) {
    return "{\"type\":\"%s\",\"process\":\"%s\"}".formatted(type, process);
  }

  private static String traceAfter(long after) {
    return "{\"type\":\"trace\",\"process\":\"subject\",\"after\":%d}".formatted(after);
  }

  private static String replaceState(String state) {
    return "{\"type\":\"replace_state\",\"process\":\"subject\",\"state\":%s}".formatted(state);
  }

  private static String switchStatistics(boolean on) {
    return "{\"type\":\"statistics\",\"process\":\"subject\",\"enabled\":%b}".formatted(on);
  }

  private static String start(String behaviour, String name, String args) {
    return "{\"type\":\"start\",\"behaviour\":\"%s\",\"name\":\"%s\",\"args\":%s}"
        .formatted(behaviour, name, args);
  }

  private Map<String, Object> line(String name) {
    return list(hosted.ask("\"list\"")).stream()
        .filter(line -> name.equals(line.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> child(Map<String, Object> node, String id) {
    return list(node.get("children")).stream()
        .filter(child -> id.equals(child.get("id")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no child '" + id + "' in " + node));
  }
}
