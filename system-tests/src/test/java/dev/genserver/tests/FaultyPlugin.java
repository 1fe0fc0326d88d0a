package dev.genserver.tests;

import dev.genserver.testkit.PluginJar;

/// A plugin whose process `faulty` does to its JVM what it is told.
final class FaultyPlugin {

  private FaultyPlugin() {}

  static final PluginJar JAR =
      PluginJar.of("faulty", "1.0.0")
          .source(
              "faulty.Faulty",
              """
              package faulty;

              import dev.genserver.sdk.*;
              import java.util.ArrayList;
              import java.util.List;
              import java.util.concurrent.locks.LockSupport;

              public final class Faulty extends GenServer<Faulty.State, Faulty.Call, Void> {

                private static final System.Logger LOG = System.getLogger("faulty");

                public record State(List<byte[]> kept) {}
                public sealed interface Call {
                  record Ping() implements Call {}
                  record UsedMemory() implements Call {}
                  record Keep(int bytes) implements Call {}
                  record Text(int length) implements Call {}
                  record Recurse() implements Call {}
                  record Crash() implements Call {}
                  record Log(int lines) implements Call {}
                  record Print(int lines) implements Call {}
                  record StartThreads(int count) implements Call {}
                  record Exit(int code) implements Call {}
                }

                public Init<State> init(Args args) {
                  return ok(new State(List.of()));
                }

                public CallResult<State> handleCall(Call request, From from, State state) {
                  return switch (request) {
                    case Call.Ping() -> reply("pong", state);
                    case Call.UsedMemory() -> reply(usedMemory(), state);
                    case Call.Keep(int bytes) -> {
                      var more = new ArrayList<>(state.kept());
                      more.add(new byte[bytes]);
                      yield reply(more.size(), new State(more));
                    }
                    case Call.Text(int length) -> reply("x".repeat(length), state);
                    case Call.Recurse() -> reply(recurse(0), state);
                    case Call.Crash() -> throw new IllegalStateException("told to");
                    case Call.Log(int lines) -> {
                      for (int i = 0; i < lines; i++) {
                        LOG.log(System.Logger.Level.WARNING, "line {0} {1}", i, "x".repeat(100));
                      }
                      yield reply("written", state);
                    }
                    case Call.Print(int lines) -> {
                      for (int i = 0; i < lines; i++) {
                        System.out.println("line " + i + " " + "x".repeat(100));
                        System.err.println("line " + i + " " + "x".repeat(100));
                      }
                      yield reply("written", state);
                    }
                    case Call.StartThreads(int count) -> {
                      for (int i = 0; i < count; i++) {
                        Thread.ofPlatform().daemon().start(LockSupport::park);
                      }
                      yield reply("started", state);
                    }
                    case Call.Exit(int code) -> {
                      System.exit(code);
                      throw new AssertionError();
                    }
                  };
                }

                private static long usedMemory() {
                  System.gc();
                  var runtime = Runtime.getRuntime();
                  return runtime.totalMemory() - runtime.freeMemory();
                }

                private static long recurse(long depth) {
                  return recurse(depth + 1) + 1;
                }
              }
              """)
          .plugin(
              "faulty.FaultyPlugin",
              """
              package faulty;

              import dev.genserver.sdk.*;
              import java.util.List;

              public final class FaultyPlugin implements Plugin {
                public List<Behaviour<?>> behaviours() {
                  return List.of(Behaviour.of("faulty", Faulty.class, Faulty::new));
                }
                public List<ChildSpec> children() {
                  return List.of(ChildSpec.named("faulty", Faulty::new));
                }
              }
              """);
}
