package dev.genserver.tests;

import dev.genserver.client.GenServerClient;
import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.StartException;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A daemon of this JVM on a free port, with plugins from real jars.
final class DaemonFixture implements AutoCloseable {

  private static final Path EXAMPLES = Path.of("../examples");

  final Daemon daemon;

  private DaemonFixture(Daemon daemon) {
    this.daemon = daemon;
  }

  /// A daemon with the plugins of a folder.
  ///
  /// @param flags further settings, such as `--plugins-on-problem` and `refuse`
  static DaemonFixture start(Path plugins, Map<String, String> flags) throws StartException {
    var all = new HashMap<>(flags);
    all.putIfAbsent("--listen", "127.0.0.1:0");
    all.putIfAbsent("--admin", "127.0.0.1:0");
    all.put("--plugins", plugins.toString());
    return new DaemonFixture(Daemon.start(ConfigLoader.load(Optional.empty(), Map.of(), all)));
  }

  static DaemonFixture start(Path plugins) throws StartException {
    return start(plugins, Map.of());
  }

  static DaemonFixture startOn(Path plugins, String address) throws StartException {
    return start(plugins, Map.of("--listen", address));
  }

  /// A daemon with the example plugins, as `scripts/run` starts it.
  static DaemonFixture withExamples(Path folder) throws StartException {
    copyExamples(folder);
    return start(folder);
  }

  /// A daemon with the plugin [WAYWARD] alone.
  static DaemonFixture withWayward(Path folder) throws StartException {
    WAYWARD.writeTo(folder);
    return start(folder);
  }

  static void copyExamples(Path folder) {
    try {
      for (var example : new String[] {"chat", "counter", "jobs", "kv", "ratelimiter"}) {
        Files.copy(
            EXAMPLES.resolve(example + "/target/" + example + ".jar"),
            folder.resolve(example + ".jar"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + daemon.address().getPort();
  }

  String adminAddress() {
    return "127.0.0.1:" + daemon.adminAddress().getPort();
  }

  /// Where the dashboard is.
  String adminUrl() {
    return "http://" + adminAddress();
  }

  GenServerClient client() {
    return GenServerClient.connect(address());
  }

  @Override
  public void close() {
    daemon.close();
  }

  /// A plugin whose process `wayward` counts, sleeps and crashes as it is told.
  static final PluginJar WAYWARD = wayward("1.0.0");

  static PluginJar wayward(String version) {
    return PluginJar.of("wayward", version)
        .source(
            "wayward.Wayward",
            """
            package wayward;

            import dev.genserver.sdk.*;

            public final class Wayward extends GenServer<Wayward.State, Wayward.Call, Wayward.Cast> {
              public record State(long total) {}
              public sealed interface Call {
                record Get() implements Call {}
                record Add(long by) implements Call {}
                record Sleep(long millis) implements Call {}
                record Crash() implements Call {}
              }
              public sealed interface Cast {
                record Add(long by) implements Cast {}
                record Sleep(long millis) implements Cast {}
              }
              public Init<State> init(Args args) {
                return ok(new State(0));
              }
              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Get() -> reply(state.total(), state);
                  case Call.Add(long by) -> reply(state.total() + by, new State(state.total() + by));
                  case Call.Sleep(long millis) -> { sleep(millis); yield reply("slept", state); }
                  case Call.Crash() -> throw new IllegalStateException("told to");
                };
              }
              public Result<State> handleCast(Cast message, State state) {
                return switch (message) {
                  case Cast.Add(long by) -> noReply(new State(state.total() + by));
                  case Cast.Sleep(long millis) -> { sleep(millis); yield noReply(state); }
                };
              }
              private static void sleep(long millis) {
                try {
                  Thread.sleep(millis);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            }
            """)
        .plugin(
            "wayward.WaywardPlugin",
            """
            package wayward;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class WaywardPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("wayward", Wayward.class, Wayward::new));
              }
              public List<ChildSpec> children() {
                return List.of(ChildSpec.named("wayward", Wayward::new));
              }
            }
            """);
  }
}
