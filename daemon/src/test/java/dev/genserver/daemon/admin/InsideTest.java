package dev.genserver.daemon.admin;

import static dev.genserver.daemon.admin.Hosted.list;
import static dev.genserver.daemon.admin.Hosted.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.StartException;
import dev.genserver.testkit.PluginJar;
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
import org.junit.jupiter.params.provider.ValueSource;

/// What the requests `get_status` and `relations` give.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InsideTest {

  /// Its process `vault` hides its secret, watches `subject`, and answers `wait` when it is told
  /// `open`; `broken` cannot show its state.
  private static final PluginJar VAULTS =
      PluginJar.of("vaults", "1.0.0")
          .source(
              "vaults.Vault",
              """
              package vaults;
              import dev.genserver.sdk.*;
              import java.util.*;
              public final class Vault extends GenServer<Vault.State, Vault.Call, Vault.Cast> {
                public record State(String owner, String secret, List<From> waiting) {}
                public record Shown(String owner, String secret) {}
                public sealed interface Call {
                  record Wait() implements Call {}
                }
                public sealed interface Cast {
                  record Open() implements Cast {}
                }
                private final boolean broken;
                public Vault(boolean broken) { this.broken = broken; }
                @Override public Init<State> init(Args args) {
                  process().monitor(ServerRef.named("subject"));
                  return ok(new State("ann", "hunter2", List.of()));
                }
                @Override public CallResult<State> handleCall(Call request, From from, State state) {
                  var waiting = new ArrayList<>(state.waiting());
                  waiting.add(from);
                  return noReply(new State(state.owner(), state.secret(), List.copyOf(waiting)));
                }
                @Override public Result<State> handleCast(Cast message, State state) {
                  state.waiting().forEach(from -> from.reply("open"));
                  return noReply(new State(state.owner(), state.secret(), List.of()));
                }
                @Override public Object formatStatus(State state) {
                  if (broken) { throw new IllegalStateException("no"); }
                  return new Shown(state.owner(), "***");
                }
              }
              """)
          .plugin(
              "vaults.VaultsPlugin",
              """
              package vaults;
              import dev.genserver.sdk.*;
              import java.util.List;
              public final class VaultsPlugin implements Plugin {
                @Override public List<Behaviour<?>> behaviours() { return List.of(); }
                @Override public List<ChildSpec> children() {
                  return List.of(
                      ChildSpec.named("vault", () -> new Vault(false)),
                      ChildSpec.named("broken", () -> new Vault(true)));
                }
              }
              """);

  @TempDir private Path folder;
  private Hosted hosted;

  @BeforeEach
  void start() throws StartException {
    VAULTS.writeTo(folder);
    hosted = Hosted.start(folder);
  }

  @AfterEach
  void close() {
    hosted.close();
  }

  @Test
  void statusHasOfTheStateWhatTheServerLetsBeSeen() {
    assertThat(map(hosted.ask(about("get_status", "vault"))))
        .containsEntry("name", "vault")
        .containsEntry("server", "vaults.Vault")
        .containsEntry("suspended", false)
        .containsEntry("debug", List.of())
        .containsEntry("state", Map.of("owner", "ann", "secret", "***"))
        .containsKeys("pid", "parent");
  }

  @Test
  void statusOfASuspendedProcessIsToldAheadOfItsMailbox() {
    hosted.ask(about("suspend", "subject"));

    assertThat(map(hosted.ask(about("get_status", "subject"))))
        .containsEntry("suspended", true)
        .containsEntry("state", Map.of("total", 0L));
  }

  @Test
  void stateThatCannotBeShownIsNotShown() {
    assertThat(map(hosted.ask(about("get_status", "broken"))).get("state"))
        .isEqualTo("? (cannot be shown: java.lang.IllegalStateException)");
  }

  @Test
  void supervisorHasAStatusToo() {
    var supervisor = (String) map(hosted.ask(about("get_status", "vault"))).get("parent");

    assertThat(map(hosted.ask(about("get_status", supervisor))))
        .containsEntry("pid", supervisor)
        .containsEntry("suspended", false)
        .containsKey("state")
        .doesNotContainKey("name");
  }

  @Test
  void relationsNameThoseWithWhomAProcessHasToDo() {
    var vault = map(hosted.ask(about("relations", "vault")));
    var subject = map(hosted.ask(about("relations", "subject")));

    assertThat(list(vault.get("monitoring")))
        .containsExactly(Map.of("name", "subject", "pid", subject.get("pid")));
    assertThat(list(vault.get("links"))).containsExactly(map(vault.get("parent")));
    assertThat(vault).containsEntry("monitored_by", List.of()).containsEntry("owes", List.of());
    assertThat(list(subject.get("monitored_by")))
        .extracting(peer -> peer.get("name"))
        .containsExactlyInAnyOrder("vault", "broken");
    assertThat(vault).containsEntry("name", "vault");
  }

  @Test
  void relationsTellTheCallsThatAreStillToBeAnswered() {
    var opened = CompletableFuture.supplyAsync(() -> hosted.call("vault", "\"wait\"", 20_000));

    await("it is owed an answer")
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> map(hosted.ask(about("relations", "vault"))).get("owes_in_all").equals(1L));
    assertThat(list(map(hosted.ask(about("relations", "vault"))).get("owes")))
        .singleElement()
        .satisfies(call ->
            assertThat(call)
                .containsEntry("kind", "call")
                .containsEntry("message", "\"wait\"")
                .containsKey("age_ms"));

    hosted.cast("vault", "\"open\"");
    assertThat(opened.join().get("result")).isEqualTo("open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get_status", "relations"})
  void unknownProcessIsNoprocWithTheNameThatIsMeant(String type) {
    assertThat(Hosted.map(hosted.refusal(about(type, "vaul"))))
        .containsEntry("code", "noproc")
        .containsEntry("details", Map.of("did_you_mean", "vault"));
  }

  private static String about(String type, String process) {
    return "{\"type\":\"%s\",\"process\":\"%s\"}".formatted(type, process);
  }
}
