package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.StartException;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.PluginJar;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a plugin may try against the daemon's own supervisor, whose pid is easily guessed, and that
/// the plugins beside it do not notice.
class HostilePluginIT {

  @TempDir Path plugins;

  @Test
  void everyAttackOnTheDaemonsOwnSupervisorIsRefused() throws StartException {
    HOSTILE.writeTo(plugins);
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      client.call("counter", Map.of("type", "add", "by", 3), Long.class);
      for (var attack :
          new String[] {
            "kill", "exit", "stop", "link", "terminate_child", "start_child", "suspend"
          }) {
        assertThat(client.call("hostile", attack, String.class))
            .as(attack)
            .contains("is a process of the daemon itself");
      }
      client.call("hostile", "confuse", String.class);
      assertThat(client.call("counter", "get", Long.class)).as("not restarted").isEqualTo(3);
    }
  }

  @Test
  void pluginThatCrashesUntilItIsGivenUpStaysDownAlone() throws StartException {
    HOSTILE.writeTo(plugins);
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      client.call("counter", Map.of("type", "add", "by", 3), Long.class);
      await().until(() -> crashed(daemon));
      assertThat(client.call("counter", "get", Long.class)).as("not restarted").isEqualTo(3);
    }
  }

  /// Crashes the hostile process if it runs.
  ///
  /// @return whether its plugin's supervisor has given up
  private static boolean crashed(DaemonFixture daemon) {
    var node = daemon.daemon.node();
    node.whereis(ServerRef.named("hostile")).ifPresent(pid -> node.cast(pid, "boo"));
    var root = new Pid(node.whereis(ServerRef.named("counter")).orElseThrow().node(), 1);
    return node.supervisor(root).whichChildren().stream()
        .noneMatch(plugin -> "hostile".equals(plugin.id()));
  }

  private static final PluginJar HOSTILE =
      PluginJar.of("hostile", "1.0.0")
          .source(
              "hostile.Hostile",
              """
              package hostile;

              import dev.genserver.sdk.*;
              import java.time.Duration;
              import java.util.List;

              public final class Hostile extends GenServer<Boolean, Hostile.Call, Hostile.Cast> {
                public sealed interface Call {
                  record Kill() implements Call {}
                  record Exit() implements Call {}
                  record Stop() implements Call {}
                  record Link() implements Call {}
                  record TerminateChild() implements Call {}
                  record StartChild() implements Call {}
                  record Suspend() implements Call {}
                  record Confuse() implements Call {}
                }
                public sealed interface Cast {
                  record Crash() implements Cast {}
                }
                public Init<Boolean> init(Args args) {
                  return ok(true);
                }
                public CallResult<Boolean> handleCall(Call request, From from, Boolean state) {
                  try {
                    attack(request, new Pid(self().node(), 1));
                    return reply("nothing stopped it", state);
                  } catch (IllegalArgumentException e) {
                    return reply(e.getMessage(), state);
                  }
                }
                private static void attack(Call request, Pid root) {
                  switch (request) {
                    case Call.Kill() -> process().exit(root, ExitReason.KILL);
                    case Call.Exit() -> process().exit(root, ExitReason.SHUTDOWN);
                    case Call.Stop() -> process().stop(root);
                    case Call.Link() -> process().link(root);
                    case Call.TerminateChild() -> process().supervisor(root).terminateChild("counter");
                    case Call.StartChild() ->
                        process().supervisor(root).startChild(ChildSpec.named("x", Hostile::new));
                    case Call.Suspend() -> process().sys().suspend(root);
                    case Call.Confuse() -> {
                      process().cast(root, "boo");
                      process().send(root, "boo");
                      try {
                        process().call(root, "boo", Object.class);
                      } catch (CallException e) {
                        process().spawn(() -> { throw new IllegalStateException("boo"); });
                      }
                    }
                  }
                }
              }
              """)
          .plugin(
              "hostile.HostilePlugin",
              """
              package hostile;

              import dev.genserver.sdk.*;
              import java.time.Duration;
              import java.util.List;

              public final class HostilePlugin implements Plugin {
                public List<Behaviour<?>> behaviours() {
                  return List.of();
                }
                public List<ChildSpec> children() {
                  var tree =
                      SupervisorSpec.oneForAll(List.of(ChildSpec.named("hostile", Hostile::new)))
                          .intensity(0, Duration.ofSeconds(5));
                  return List.of(
                      ChildSpec.supervisor("tree", tree, StartOptions.named("hostile-tree")));
                }
              }
              """);
}
