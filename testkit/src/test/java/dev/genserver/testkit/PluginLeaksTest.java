package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.ServerRef;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluginLeaksTest {

  private static final ServerRef ECHO = ServerRef.named("echo");

  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.getProperties().remove("test.pool");
  }

  /// A plugin with a server that replies the text it is called with, and does something before.
  private List<Path> echo(String before) {
    return List.of(
        PluginJar.of("echo", "1.0.0")
            .source(
                "example.Echo",
                """
                package example;
                import dev.genserver.sdk.*;
                import java.util.concurrent.*;
                public final class Echo extends GenServer<Echo.State, String, Void> {
                  public record State(String last) {}
                  static final ThreadLocal<State> LOCAL = new ThreadLocal<>();
                  @Override public Init<State> init(Args args) { return ok(new State("")); }
                  @Override public CallResult<State> handleCall(String text, From from, State state) {
                    var next = new State(text);
                    %s
                    return reply(text, next);
                  }
                }
                """
                    .formatted(before))
            .plugin(
                "example.EchoPlugin",
                """
                package example;
                import dev.genserver.sdk.*;
                import java.util.*;
                public final class EchoPlugin implements Plugin {
                  @Override public List<Behaviour<?>> behaviours() { return List.of(); }
                  @Override public List<ChildSpec> children() {
                    return List.of(ChildSpec.named("echo", Echo::new));
                  }
                }
                """)
            .writeTo(folder));
  }

  @Test
  void aPluginThatLeavesNothingPasses() {
    var jars =
        echo(
            """
            process().sendAfter(ServerRef.named("nobody"), next, java.time.Duration.ofHours(1));
            process().start(Agent.server(() -> next), StartOptions.none());
            Thread.ofPlatform().daemon().start(() -> {
              try { new CountDownLatch(1).await(); } catch (InterruptedException e) { }
            });
            """);
    assertThatCode(() ->
            PluginLeaks.assertUnloads(
                jars,
                node -> {
                  assertThat(node.call(ECHO, "tea", String.class)).isEqualTo("tea");
                  node.exit(node.awaitName(ECHO), dev.genserver.sdk.ExitReason.KILL);
                }))
        .doesNotThrowAnyException();
  }

  @Test
  void whatHoldsAPluginIsTold() throws Exception {
    try (var pool = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("pool").factory())) {
      pool.submit(() -> {}).get(); // its thread must not be started by the plugin
      System.getProperties().put("test.pool", pool);
      var jars =
          echo(
              """
              var pool = (Executor) System.getProperties().get("test.pool");
              CompletableFuture.runAsync(() -> LOCAL.set(next), pool).join();
              """);
      assertThatThrownBy(
              () -> PluginLeaks.assertUnloads(jars, node -> node.call(ECHO, "tea", String.class)))
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              "the plugin of echo-1.0.0.jar stays in memory, held by:%n- thread 'pool' has a thread local with example.Echo$State"
                  .formatted());
    }
  }

  @Test
  void aUseThatFailsSaysHow() {
    var jars = echo("");
    assertThatThrownBy(() ->
            PluginLeaks.assertUnloads(
                jars,
                node -> {
                  throw new java.io.IOException("no tea");
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("the use of the plugin failed: java.io.IOException: no tea");
  }

  @Test
  void jarsWithoutAPluginAreRefused() {
    var jar = PluginJar.of("empty", "1.0.0").writeTo(folder);
    assertThatThrownBy(() -> PluginLeaks.assertUnloads(List.of(jar), _ -> {}))
        .hasMessage("0 services dev.genserver.sdk.Plugin are in [%s]; a plugin has one", jar);
  }

  @Test
  void theUseIsLoadedAnewAndSeesThePluginsClasses() {
    PluginLeaks.assertUnloads(echo(""), ByName.class);
  }

  static final class ByName implements PluginUse {
    @Override
    public void use(TestNode node) throws Exception {
      var mine = getClass().getClassLoader();
      assertThat(mine).isNotSameAs(PluginUse.class.getClassLoader());
      assertThat(mine.loadClass("example.Echo").getClassLoader()).isSameAs(mine.getParent());
      assertThat(node.call(ECHO, "tea", String.class)).isEqualTo("tea");
    }
  }
}
