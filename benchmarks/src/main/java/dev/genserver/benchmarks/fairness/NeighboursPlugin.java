package dev.genserver.benchmarks.fairness;

import dev.genserver.testkit.PluginJar;

/// A plugin with one process that answers at once, and others that can be told to keep busy. As
/// many again are declared to compute.
final class NeighboursPlugin {

  static final String QUIET = "quiet";
  static final int NEIGHBOURS = 64;

  /// What the names of those begin with that can be told to keep busy.
  static final String BUSY = "busy-";

  static final String DECLARED = "declared-";

  private NeighboursPlugin() {}

  static PluginJar jar() {
    return PluginJar.of("neighbours", "1.0.0")
        .source(
            "neighbours.Quiet",
            """
            package neighbours;

            import dev.genserver.sdk.*;

            public final class Quiet extends GenServer<Quiet.State, Quiet.Call, Quiet.Cast> {

              public record State() {}

              public sealed interface Call {
                record Ping() implements Call {}
              }

              public sealed interface Cast {
                record Nothing() implements Cast {}
              }

              public Init<State> init(Args args) {
                return ok(new State());
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return reply("pong", state);
              }
            }
            """)
        .source(
            "neighbours.Busy",
            """
            package neighbours;

            import dev.genserver.sdk.*;

            public final class Busy extends GenServer<Busy.State, Busy.Call, Busy.Cast> {

              public record State() {}

              public sealed interface Call {
                record AreYouDone() implements Call {}
              }

              /// Each is for until then, in milliseconds since 1970.
              public sealed interface Cast {
                /// Computes, so long at each message.
                record Compute(long until, long ms) implements Cast {}

                /// Keeps so many messages in its own mailbox.
                record Flood(long until, int messages) implements Cast {}

                record Again(long until) implements Cast {}
              }

              public Init<State> init(Args args) {
                return ok(new State());
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return reply(true, state);
              }

              public Result<State> handleCast(Cast message, State state) {
                switch (message) {
                  case Cast.Compute(long until, long ms) -> {
                    var end = Math.min(until, System.currentTimeMillis() + ms);
                    while (System.currentTimeMillis() < end) {}
                    again(message, until);
                  }
                  case Cast.Flood(long until, int messages) -> {
                    for (var i = 0; i < messages; i++) {
                      again(new Cast.Again(until), until);
                    }
                  }
                  case Cast.Again(long until) -> again(message, until);
                }
                return noReply(state);
              }

              private static void again(Cast message, long until) {
                if (System.currentTimeMillis() < until) {
                  process().cast(self(), message);
                }
              }
            }
            """)
        .plugin(
            "neighbours.NeighboursPlugin",
            """
            package neighbours;

            import dev.genserver.sdk.*;
            import java.util.List;
            import java.util.stream.IntStream;
            import java.util.stream.Stream;

            public final class NeighboursPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(
                    Behaviour.of("quiet", Quiet.class, Quiet::new),
                    Behaviour.of("busy", Busy.class, Busy::new));
              }
              public List<ChildSpec> children() {
                return Stream.of(
                        Stream.of(ChildSpec.named("quiet", Quiet::new)),
                        busy("BUSY", false),
                        busy("DECLARED", true))
                    .flatMap(children -> children)
                    .toList();
              }
              private static Stream<ChildSpec> busy(String who, boolean declared) {
                return IntStream.range(0, COUNT)
                    .mapToObj(i ->
                        ChildSpec.worker(
                            who + i, Busy::new, StartOptions.named(who + i).cpuBound(declared)));
              }
            }
            """
                .replace("COUNT", Integer.toString(NEIGHBOURS))
                .replace("BUSY", BUSY)
                .replace("DECLARED", DECLARED));
  }
}
