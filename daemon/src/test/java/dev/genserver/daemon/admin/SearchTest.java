package dev.genserver.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the request `find` gives.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SearchTest {

  @TempDir private Path folder;
  private Hosted hosted;

  @BeforeEach
  void start() throws StartException {
    hosted = Hosted.start(folder);
    for (var name : List.of("beta", "Alpha", "gamma")) {
      hosted.ask("{\"type\":\"start\",\"behaviour\":\"subject\",\"name\":\"%s\"}".formatted(name));
    }
  }

  @AfterEach
  void close() {
    hosted.close();
  }

  @Test
  void withoutConditionsAllAreFoundByAge() {
    var found = find("");

    assertThat(found.get("matching")).isEqualTo(found.get("total"));
    assertThat(lasting(lines(found)))
        .containsExactlyElementsOf(lasting(Hosted.list(hosted.ask("\"list\""))));
  }

  /// The pids, without those that work on a request and may just be about to end.
  private static List<Object> lasting(List<Map<String, Object>> lines) {
    return lines.stream()
        .filter(line -> !line.get("kind").equals("function"))
        .map(line -> line.get("pid"))
        .toList();
  }

  @Test
  void processThatLooksIsNotFound() {
    await("only those that worked on the requests before could be, until they have ended")
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> lines(find("\"kind\":\"function\"")).isEmpty());
  }

  @Test
  void lineIsThatOfTheList() {
    hosted.tell("beta", "{\"type\":\"add\",\"by\":3}");

    var line = lines(find("\"text\":\"beta\"")).getFirst();

    assertThat(line)
        .containsEntry("name", "beta")
        .containsEntry("kind", "server")
        .containsEntry("server", "subjects.Subject")
        .containsEntry("status", "idle")
        .containsEntry("received", 1L)
        .containsKeys("pid", "parent", "queued", "restarts", "busy_ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpha", "ALPHA", " lph "})
  void textIsFoundInNamesInWhateverCase(String text) {
    assertThat(names(find("\"text\":\"%s\"".formatted(text)))).containsExactly("Alpha");
  }

  @Test
  void textIsFoundInClassesAndPidsToo() {
    var beta = lines(find("\"text\":\"beta\"")).getFirst().get("pid");

    assertThat(names(find("\"text\":\"s.subJ\"")))
        .containsExactly("subject", "inner.one", "beta", "Alpha", "gamma");
    assertThat(names(find("\"text\":\"%s\"".formatted(beta)))).containsExactly("beta");
    assertThat(find("\"text\":\"nowhere\"")).containsEntry("matching", 0L);
    assertThat((long) find("\"text\":\"nowhere\"").get("total")).isPositive();
    var all = find("\"text\":\" \""); // in one answer: what looks for them is a process, too
    assertThat(all.get("matching")).isEqualTo(all.get("total"));
  }

  @Test
  void conditionsHoldAllAtOnce() {
    hosted.ask("{\"type\":\"suspend\",\"process\":\"beta\"}");

    assertThat(names(find("\"status\":\"suspended\""))).containsExactly("beta");
    assertThat(names(find("\"kind\":\"server\",\"text\":\"a\",\"plugin\":\"subjects\"")))
        .contains("beta", "Alpha", "gamma")
        .doesNotContain("sys.processes");
    assertThat(names(find("\"status\":\"suspended\",\"text\":\"gamma\""))).isEmpty();
    assertThat(lines(find("\"kind\":\"supervisor\",\"plugin\":\"subjects\"")))
        .allMatch(line -> line.get("kind").equals("supervisor"));
  }

  @Test
  void childrenOfOneAreFoundByTheirParent() {
    var parent = lines(find("\"text\":\"inner.one\"")).getFirst().get("parent");

    assertThat(names(find("\"parent\":\"%s\"".formatted(parent)))).containsExactly("inner.one");
  }

  @ParameterizedTest
  @CsvSource({
    "name, false, 'Alpha, beta, gamma'",
    "name, true, 'gamma, beta, Alpha'",
    "age, false, 'beta, Alpha, gamma'",
    "age, true, 'gamma, Alpha, beta'",
    "received, true, 'gamma, Alpha, beta'",
    "received, false, 'beta, Alpha, gamma'",
    "restarts, true, 'beta, Alpha, gamma'",
    "status, true, 'Alpha, beta, gamma'",
    "server, true, 'beta, Alpha, gamma'"
  })
  void linesStandInTheOrderThatIsAskedForAndThoseThatAreEqualByAge(
      String sort, boolean descending, String expected) {
    for (var name : List.of("Alpha", "Alpha", "gamma", "gamma", "gamma")) {
      hosted.tell(name, "\"get\"");
    }
    hosted.ask("{\"type\":\"suspend\",\"process\":\"Alpha\"}");

    var found = find("\"sort\":\"%s\",\"descending\":%b".formatted(sort, descending));

    assertThat(names(found).stream().filter(List.of(expected.split(", "))::contains))
        .containsExactly(expected.split(", "));
  }

  @Test
  void longestQueueStandsFirstWhereThatIsAskedFor() {
    hosted.ask("{\"type\":\"suspend\",\"process\":\"gamma\"}");
    var waits = CompletableFuture.supplyAsync(() -> hosted.call("gamma", "\"get\"", 20_000));

    await("it waits in the mailbox")
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> longest().get("queued").equals(1L));
    assertThat(longest()).containsEntry("name", "gamma");

    hosted.ask("{\"type\":\"resume\",\"process\":\"gamma\"}");
    assertThat(waits.join().get("result")).isEqualTo(0L);
  }

  private Map<String, Object> longest() {
    return lines(find("\"sort\":\"queued\",\"descending\":true,\"limit\":1")).getFirst();
  }

  @Test
  void thoseWithoutANameStandBehindThoseWithOne() {
    assertThat(names(find("\"sort\":\"name\""))).startsWith("Alpha", "beta").endsWith("(none)");
  }

  @Test
  void windowIsCutFromThoseThatMatch() {
    var all = names(find("\"sort\":\"name\",\"plugin\":\"subjects\""));

    var window = find("\"sort\":\"name\",\"plugin\":\"subjects\",\"offset\":2,\"limit\":3");

    assertThat(names(window)).hasSize(3).isEqualTo(all.subList(2, 5));
    assertThat(window).containsEntry("matching", (long) all.size());
    assertThat(names(find("\"offset\":1000"))).isEmpty();
    assertThat(names(find("\"offset\":-1,\"limit\":1"))).hasSize(1);
    assertThat(names(find("\"limit\":-1"))).isEmpty();
  }

  @Test
  void unknownPluginIsRefusedWithTheOneThatIsMeant() {
    assertThat(hosted.refusal("{\"type\":\"find\",\"plugin\":\"subject\"}"))
        .satisfies(error -> {
          assertThat(error.get("code")).isEqualTo("bad_message");
          assertThat(error.get("message"))
              .isEqualTo("no plugin has the id 'subject'; did you mean 'subjects'?");
        });
  }

  private Map<String, Object> find(String conditions) {
    return Hosted.map(
        hosted.ask(
            "{\"type\":\"find\"%s}".formatted(conditions.isEmpty() ? "" : "," + conditions)));
  }

  private static List<Map<String, Object>> lines(Map<String, Object> found) {
    return Hosted.list(found.get("lines"));
  }

  private static List<String> names(Map<String, Object> found) {
    return lines(found).stream().map(line -> (String) line.getOrDefault("name", "(none)")).toList();
  }
}
