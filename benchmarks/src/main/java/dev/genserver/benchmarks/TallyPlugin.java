package dev.genserver.benchmarks;

import dev.genserver.testkit.PluginJar;
import java.util.Map;

/// A plugin of which there are three versions. Its processes count what they are sent, by sender,
/// and each version has another shape of state for that.
final class TallyPlugin {

  /// How many of its processes are children of its own supervisor; the others come at run time.
  static final int STATIC = 4;

  /// What a process answers to `get`, in each version.
  ///
  /// @param casts how many casts it has handled, and `calls` calls
  /// @param ahead how many came before their time, and `behind` after it, or again
  /// @param last the number of each sender's last message
  record Standing(
      String version,
      int number,
      long casts,
      long calls,
      long ahead,
      long behind,
      Map<String, Long> last) {}

  /// What the plugin's desk answers to `memory`, in bytes.
  record Memory(long heap, long metaspace, long classes) {}

  private static final String FIRST =
      """
      public record State(
          int number, int casted, int calls, int ahead, int behind, Map<String, Integer> last) {

        State note(String from, long seq, boolean called) {
          var next = new HashMap<>(last);
          var before = next.getOrDefault(from, 0);
          next.put(from, Math.max(before, Math.toIntExact(seq)));
          return new State(
              number,
              called ? casted : casted + 1,
              called ? calls + 1 : calls,
              seq > before + 1 ? ahead + 1 : ahead,
              seq <= before ? behind + 1 : behind,
              next);
        }

        Standing standing() {
          var longs = new HashMap<String, Long>();
          last.forEach((from, seq) -> longs.put(from, seq.longValue()));
          return new Standing("1", number, casted, calls, ahead, behind, longs);
        }
      }

      public Init<State> init(Args args) {
        return ok(new State((int) args.longOr("number", -1), 0, 0, 0, 0, Map.of()));
      }
      """;

  private static final String SECOND =
      """
      public record State(
          int number, long casts, int calls, int ahead, int behind, Map<String, Long> last) {

        State note(String from, long seq, boolean called) {
          var next = new HashMap<>(last);
          var before = next.getOrDefault(from, 0L);
          next.put(from, Math.max(before, seq));
          return new State(
              number,
              called ? casts : casts + 1,
              called ? calls + 1 : calls,
              seq > before + 1 ? ahead + 1 : ahead,
              seq <= before ? behind + 1 : behind,
              next);
        }

        Standing standing() {
          return new Standing("2", number, casts, calls, ahead, behind, last);
        }
      }

      public Init<State> init(Args args) {
        return ok(new State((int) args.longOr("number", -1), 0, 0, 0, 0, Map.of()));
      }

      public CodeChanged<State> codeChange(CodeChange<State> change) {
        var fields = change.fields();
        check(fields);
        if (fields.containsKey("casted")) {
          fields.put("casts", fields.remove("casted"));
        }
        return changed(change.bind(fields));
      }

      public Object handOver(State state, String toVersion) {
        return toVersion.startsWith("1")
            ? Map.of(
                "number", state.number(),
                "casted", state.casts(),
                "calls", state.calls(),
                "ahead", state.ahead(),
                "behind", state.behind(),
                "last", state.last())
            : state;
      }
      """;

  private static final String THIRD =
      """
      public record Sender(long last, long messages) {}

      public record State(
          int number, long casts, long calls, int ahead, int behind, Map<String, Sender> senders, String unit) {

        State note(String from, long seq, boolean called) {
          var next = new HashMap<>(senders);
          var before = next.getOrDefault(from, new Sender(0, 0));
          next.put(from, new Sender(Math.max(before.last(), seq), before.messages() + 1));
          return new State(
              number,
              called ? casts : casts + 1,
              called ? calls + 1 : calls,
              seq > before.last() + 1 ? ahead + 1 : ahead,
              seq <= before.last() ? behind + 1 : behind,
              next,
              unit);
        }

        Map<String, Long> last() {
          var last = new HashMap<String, Long>();
          senders.forEach((from, sender) -> last.put(from, sender.last()));
          return last;
        }

        Standing standing() {
          return new Standing("3", number, casts, calls, ahead, behind, last());
        }
      }

      public Init<State> init(Args args) {
        return ok(new State((int) args.longOr("number", -1), 0, 0, 0, 0, Map.of(), "pieces"));
      }

      public CodeChanged<State> codeChange(CodeChange<State> change) {
        var fields = change.fields();
        check(fields);
        var senders = new HashMap<String, Sender>();
        ((Map<?, ?>) fields.remove("last")).forEach((from, last) ->
            senders.put((String) from, new Sender((Long) last, (Long) last)));
        fields.put("senders", senders);
        fields.put("unit", "pieces");
        return changed(change.bind(fields));
      }

      public Object handOver(State state, String toVersion) {
        return Map.of(
            "number", state.number(),
            "casts", state.casts(),
            "calls", state.calls(),
            "ahead", state.ahead(),
            "behind", state.behind(),
            "last", state.last());
      }
      """;

  private static final String PASSES = "";

  private static final String FAILS =
      """
      if ((Integer) fields.get("number") % 1000 == 0) {
        throw new IllegalStateException("as it was built to");
      }
      """;

  private TallyPlugin() {}

  static PluginJar first() {
    return jar("1.0.0", FIRST, PASSES);
  }

  /// Has a field by another name, and wider.
  static PluginJar second() {
    return jar("2.0.0", SECOND, PASSES);
  }

  /// Has a field more, and another that is a map of records.
  static PluginJar third() {
    return jar("3.0.0", THIRD, PASSES);
  }

  /// Is as the second, but that it cannot take over one state in a thousand.
  static PluginJar secondThatFails() {
    return jar("2.9.0", SECOND, FAILS);
  }

  /// As the third, with the same fault.
  static PluginJar thirdThatFails() {
    return jar("3.9.0", THIRD, FAILS);
  }

  private static PluginJar jar(String version, String code, String check) {
    return PluginJar.of("tally", version)
        .source(
            "tally.Tally",
            """
            package tally;

            import dev.genserver.sdk.*;
            import java.util.*;

            public final class Tally extends GenServer<Tally.State, Tally.Call, Tally.Cast> {

              public record Standing(
                  String version, int number, long casts, long calls, long ahead, long behind,
                  Map<String, Long> last) {}

              public sealed interface Call {
                record Note(String from, long seq) implements Call {}
                record Get() implements Call {}
              }

              public sealed interface Cast {
                record Note(String from, long seq) implements Cast {}
              }

              %s

              private static void check(Map<String, Object> fields) {
                %s
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Note(String sender, long seq) -> {
                    var next = state.note(sender, seq, true);
                    yield reply(next.standing().last().get(sender), next);
                  }
                  case Call.Get() -> reply(state.standing(), state);
                };
              }

              public Result<State> handleCast(Cast message, State state) {
                return switch (message) {
                  case Cast.Note(String sender, long seq) -> noReply(state.note(sender, seq, false));
                };
              }
            }
            """
                .formatted(code, check))
        .source(
            "tally.Desk",
            """
            package tally;

            import dev.genserver.sdk.*;
            import java.lang.management.*;

            /// Starts the processes that come at run time.
            public final class Desk extends GenServer<Desk.State, Desk.Call, Void> {

              public record State(int opened) {}

              public record Memory(long heap, long metaspace, long classes) {}

              public sealed interface Call {
                record Open(int from, int to) implements Call {}
                record Memory() implements Call {}
              }

              public Init<State> init(Args args) {
                return ok(new State(0));
              }

              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Open(int first, int end) -> {
                    for (var number = first; number < end; number++) {
                      process().dynamicSupervisor(ServerRef.named("tallies"))
                          .startChild(TallyPlugin.tally(number)).pidOrThrow();
                    }
                    yield reply(end - first, new State(state.opened() + end - first));
                  }
                  case Call.Memory() -> reply(memory(), state);
                };
              }

              private static Memory memory() {
                var metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Metaspace"))
                    .mapToLong(pool -> pool.getUsage().getUsed())
                    .sum();
                return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    metaspace,
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
              }
            }
            """)
        .plugin(
            "tally.TallyPlugin",
            """
            package tally;

            import dev.genserver.sdk.*;
            import java.util.*;

            public final class TallyPlugin implements Plugin {

              static ChildSpec tally(int number) {
                var name = "tally-" + number;
                return ChildSpec.worker(
                    name, Tally::new, StartOptions.named(name).args(Args.of("number", number)));
              }

              public List<Behaviour<?>> behaviours() {
                return List.of();
              }

              public List<ChildSpec> children() {
                var children = new ArrayList<ChildSpec>();
                for (var number = 0; number < %d; number++) {
                  children.add(tally(number));
                }
                children.add(ChildSpec.supervisor(
                    "tallies", DynamicSupervisorSpec.create(), StartOptions.named("tallies")));
                children.add(ChildSpec.named("desk", Desk::new));
                return children;
              }
            }
            """
                .formatted(STATIC));
  }
}
