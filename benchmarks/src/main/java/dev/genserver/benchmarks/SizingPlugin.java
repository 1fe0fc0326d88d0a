package dev.genserver.benchmarks;

import dev.genserver.testkit.PluginJar;

/// A plugin with a process `sizing` that starts small processes, works for a while at each value,
/// and tells long ones.
final class SizingPlugin {

  private SizingPlugin() {}

  static PluginJar jar() {
    return PluginJar.of("sizing", "1.0.0")
        .source(
            "sizing.Small",
            """
            package sizing;

            import dev.genserver.sdk.*;

            public final class Small extends GenServer<Small.State, Void, Void> {
              public record State(long total) {}

              public Init<State> init(Args args) {
                return ok(new State(0));
              }
            }
            """)
        .source(
            "sizing.Sizing",
            """
            package sizing;

            import dev.genserver.sdk.*;
            import java.util.concurrent.locks.LockSupport;

            public final class Sizing extends GenServer<Sizing.State, Sizing.Call, Void> {
              public record State(long started) {}

              public sealed interface Call {
                record Start(int count) implements Call {}
                record UsedHeap() implements Call {}
                record Take(String value) implements Call {}
                record Tell(int length) implements Call {}
              }

              public Init<State> init(Args args) {
                return ok(new State(0));
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Start(int count) -> start(count, state);
                  case Call.UsedHeap() -> reply(usedHeap(), state);
                  case Call.Take(String value) -> {
                    LockSupport.parkNanos(20_000_000);
                    yield reply(value.length(), state);
                  }
                  case Call.Tell(int length) -> reply("x".repeat(length), state);
                };
              }

              private static CallResult<State> start(int count, State state) {
                for (var i = 0; i < count; i++) {
                  process().start(new Small(), StartOptions.none()).pidOrThrow();
                }
                return reply(state.started() + count, new State(state.started() + count));
              }

              private static long usedHeap() {
                System.gc();
                return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
              }
            }
            """)
        .plugin(
            "sizing.SizingPlugin",
            """
            package sizing;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class SizingPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("sizing", Sizing.class, Sizing::new));
              }

              public List<ChildSpec> children() {
                return List.of(
                    ChildSpec.named("sizing", Sizing::new), ChildSpec.named("slow", Sizing::new));
              }
            }
            """);
  }
}
