package dev.genserver.benchmarks;

import dev.genserver.testkit.PluginJar;

/// A plugin whose process works for two milliseconds at each message and remembers which it ran.
final class OverloadPlugin {

  private OverloadPlugin() {}

  /// @param maxQueue the bound of the process's mailbox
  static PluginJar jar(int maxQueue) {
    return PluginJar.of("slow", "1.0.0")
        .source(
            "slow.Slow",
            """
            package slow;

            import dev.genserver.sdk.*;
            import java.util.List;
            import java.util.concurrent.locks.LockSupport;
            import java.util.stream.LongStream;

            public final class Slow extends GenServer<Slow.State, Slow.Call, Slow.Cast> {

              // One process alone writes to it: copying it for each message would be the benchmark.
              public record State(java.util.BitSet ran) {}

              public sealed interface Call {
                record Work(int seq) implements Call {}
                record TakeRan() implements Call {}
                record UsedMemory() implements Call {}
              }

              public sealed interface Cast {
                record Work(int seq) implements Cast {}
              }

              public Init<State> init(Args args) {
                return ok(new State(new java.util.BitSet()));
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Work(int seq) -> { work(seq, state); yield reply(seq, state); }
                  case Call.TakeRan() ->
                      reply(state.ran().stream().boxed().toList(), new State(new java.util.BitSet()));
                  case Call.UsedMemory() -> reply(usedMemory(), state);
                };
              }

              public Result<State> handleCast(Cast request, State state) {
                return switch (request) {
                  case Cast.Work(int seq) -> { work(seq, state); yield noReply(state); }
                };
              }

              private static void work(int seq, State state) {
                state.ran().set(seq);
                var end = System.nanoTime() + 2_000_000;
                for (long left; (left = end - System.nanoTime()) > 0; ) {
                  LockSupport.parkNanos(left);
                }
              }

              private static long usedMemory() {
                System.gc();
                return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
              }
            }
            """)
        .plugin(
            "slow.SlowPlugin",
            """
            package slow;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class SlowPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("slow", Slow.class, Slow::new));
              }
              public List<ChildSpec> children() {
                return List.of(
                    ChildSpec.worker("slow", Slow::new, StartOptions.named("slow").maxQueue(MAX_QUEUE)));
              }
            }
            """
                .replace("MAX_QUEUE", Integer.toString(maxQueue)));
  }
}
