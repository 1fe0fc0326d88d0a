package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a plugin sees while it runs in a daemon: its own jars, the SDK and the JDK, whichever of
/// its code runs.
@Timeout(60)
class IsolationTest {

  @TempDir Path plugins;

  private DaemonUnderTest daemon() throws StartException {
    return DaemonUnderTest.start(Optional.empty(), Map.of("--plugins", plugins.toString()));
  }

  private static Object ask(Peer peer, String to, String msg) {
    var answer =
        peer.send(
                "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s}"
                    .formatted(to, msg.replace('\'', '"')))
            .receive();
    assertThat(answer).containsKey("result");
    return answer.get("result");
  }

  private static PluginJar library(String version) {
    return PluginJar.bare("lib-" + version + ".jar")
        .source("lib.Greeting", "package lib; public interface Greeting { String text(); }")
        .source(
            "lib.Hello",
            "package lib; public final class Hello implements Greeting { public String text() { return \"hello %s\"; } }"
                .formatted(version))
        .resource("META-INF/services/lib.Greeting", "lib.Hello")
        .resource("lib/version.txt", version);
  }

  /// A folder of jars: the plugin, and a library beside it.
  private void plugin(String id, String libraryVersion) {
    var folder = plugins.resolve(id);
    var library = library(libraryVersion).writeTo(folder);
    PluginJar.of(id, "1.0.0")
        .classPath(library)
        .resource("own.txt", "of " + id)
        .source(
            "example.Reader",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.io.*;
            import java.util.*;
            public final class Reader extends GenServer<Long, Reader.Call, Void> {
              public sealed interface Call {
                record Library() implements Call {}
                record Service() implements Call {}
                record Resource(String path) implements Call {}
                record Resources(String path) implements Call {}
                record Sees(String className) implements Call {}
              }
              @Override public Init<Long> init(Args args) { return ok(0L); }
              @Override public CallResult<Long> handleCall(Call call, From from, Long state) {
                try {
                  return reply(answer(call), state);
                } catch (IOException e) { throw new UncheckedIOException(e); }
              }
              private static Object answer(Call call) throws IOException {
                var context = Thread.currentThread().getContextClassLoader();
                return switch (call) {
                  case Call.Library() -> new lib.Hello().text();
                  case Call.Service() -> ServiceLoader.load(lib.Greeting.class).stream()
                      .map(each -> each.get().text()).toList();
                  case Call.Resource(String path) -> List.of(
                      text(Reader.class.getResourceAsStream("/" + path)),
                      text(context.getResourceAsStream(path)));
                  case Call.Resources(String path) -> Collections.list(context.getResources(path)).size();
                  case Call.Sees(String name) -> {
                    try { yield Class.forName(name, false, context) != null; }
                    catch (ClassNotFoundException e) { yield false; }
                  }
                };
              }
              private static String text(InputStream in) throws IOException {
                return in == null ? "none" : new String(in.readAllBytes());
              }
            }
            """)
        .plugin("example.ReaderPlugin", pluginOf("Reader", id))
        .writeTo(folder);
  }

  private static String pluginOf(String server, String name) {
    return """
    package example;
    import dev.genserver.sdk.*;
    import java.util.*;
    public final class %1$sPlugin implements Plugin {
      @Override public List<Behaviour<?>> behaviours() { return List.of(); }
      @Override public List<ChildSpec> children() {
        return List.of(ChildSpec.named("%2$s", %1$s::new));
      }
    }
    """
        .formatted(server, name);
  }

  @Test
  void twoPluginsRunSideBySideWithTheirOwnVersionsOfALibrary() throws Exception {
    plugin("first", "1");
    plugin("second", "2");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      for (var version : Map.of("first", "1", "second", "2").entrySet()) {
        var id = version.getKey();
        var number = version.getValue();
        assertThat(ask(peer, id, "'library'")).isEqualTo("hello " + number);
        assertThat(ask(peer, id, "'service'")).isEqualTo(List.of("hello " + number));
        assertThat(ask(peer, id, "{'type':'resource','path':'lib/version.txt'}"))
            .isEqualTo(List.of(number, number));
        assertThat(ask(peer, id, "{'type':'resource','path':'own.txt'}"))
            .isEqualTo(List.of("of " + id, "of " + id));
        assertThat(ask(peer, id, "{'type':'resources','path':'lib/version.txt'}")).isEqualTo(1L);
      }
    }
  }

  @Test
  void aRunningPluginSeesNothingOfTheDaemon() throws Exception {
    plugin("first", "1");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      for (var name :
          List.of(
              "io.netty.channel.Channel",
              "tools.jackson.databind.ObjectMapper",
              "dev.genserver.runtime.Node",
              "dev.genserver.daemon.Daemon",
              "dev.genserver.protocol.Framing")) {
        assertThat(ask(peer, "first", "{'type':'sees','class_name':'%s'}".formatted(name)))
            .as(name)
            .isEqualTo(false);
      }
      assertThat(ask(peer, "first", "{'type':'sees','class_name':'dev.genserver.sdk.Pid'}"))
          .isEqualTo(true);
      assertThat(ask(peer, "first", "{'type':'resource','path':'logback.xml'}"))
          .isEqualTo(List.of("none", "none"));
    }
  }

  /// Everything that a plugin can have run notes where it runs, and whether with its own context
  /// class loader.
  private static final String NOTE =
      """
      package example;
      import java.util.*;
      import java.util.concurrent.*;
      public final class Note {
        static final Map<String, String> SEEN = new ConcurrentSkipListMap<>();
        static <T> T of(String where, T value) {
          var context = Thread.currentThread().getContextClassLoader();
          var right = context == Note.class.getClassLoader();
          SEEN.merge(where, right ? "own" : "" + context, (a, b) -> a.equals("own") ? b : a);
          return value;
        }
        static void of(String where) { of(where, 0); }
      }
      """;

  @Test
  void everythingThatRunsHasThePluginsContextClassLoader() throws Exception {
    PluginJar.of("noting", "1.0.0")
        .source("example.Note", NOTE)
        .source("example.Server", NOTING_SERVER)
        .source("example.Other", OTHER_SERVER)
        .plugin("example.NotingPlugin", NOTING_PLUGIN)
        .writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      ask(peer, "server", "{'type':'run','n':1}");
      ask(peer, "server", "'later'");
      ask(peer, "sys.processes", "{'type':'get_state','process':'server'}");
      ask(peer, "sys.processes", "{'type':'replace_state','process':'server','state':{'n':2}}");
      peer.send("{\"op\":\"cast\",\"to\":\"crashing\",\"msg\":\"crash\"}");
      await("all has run")
          .untilAsserted(() -> {
            var seen = new TreeMap<>((Map<?, ?>) ask(peer, "server", "'seen'"));
            assertThat(seen.keySet().stream().map(Object::toString)).containsAll(PLACES);
          });
      var seen = (Map<?, ?>) ask(peer, "server", "'seen'");
      assertThat(seen.entrySet())
          .allSatisfy(place -> assertThat(place.getValue()).as("%s", place).isEqualTo("own"));
    }
  }

  private static final List<String> PLACES =
      List.of(
          "accessor of a reply",
          "accessor of the state",
          "agent",
          "agent under a supervisor",
          "agent's change",
          "agent's change after one of the JDK's",
          "codeChange",
          "constructor of a message",
          "constructor of the server",
          "constructor of the state",
          "factory",
          "formatStatus",
          "handleCall",
          "handleCast",
          "handleContinue",
          "handleInfo idle timeout",
          "handleInfo interval",
          "handleInfo message",
          "handleInfo timer",
          "handleInfo timer to a name",
          "init",
          "linked process",
          "partition's arguments",
          "partition's init",
          "restarted init",
          "spawned process",
          "spawned process of the JDK's code",
          "start function",
          "started child",
          "stream of tasks",
          "supervised task",
          "task",
          "terminate",
          "terminate of a crash",
          "trace listener");

  private static final String NOTING_SERVER =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.function.*;
      public final class Server extends GenServer<Server.State, Server.Call, Void> {
        public record State(int n) {
          public State { Note.of("constructor of the state"); }
          public int n() { return Note.of("accessor of the state", n); }
        }
        public record Answer(int n) {
          public int n() { return Note.of("accessor of a reply", n); }
        }
        public sealed interface Call {
          record Run(int n) implements Call {
            public Run { Note.of("constructor of a message"); }
          }
          record Later() implements Call {}
          record Seen() implements Call {}
        }
        public Server() { Note.of("constructor of the server"); }
        @Override public Init<State> init(Args args) {
          Note.of("init");
          return ok(new State(0)).then("go on");
        }
        @Override public Result<State> handleContinue(Object continuation, State state) {
          Note.of("handleContinue");
          process().sendAfter(self(), "timer", Duration.ofMillis(1));
          process().sendAfter(ServerRef.named("server"), "timer to a name", Duration.ofMillis(1));
          process().sendInterval(self(), "interval", Duration.ofMillis(5));
          return noReply(state);
        }
        @Override public CallResult<State> handleCall(Call call, From from, State state) {
          return switch (call) {
            case Call.Run(int n) -> { run(); yield reply(new Answer(n), state); }
            case Call.Later() -> {
              process().spawn(() -> from.reply(new Answer(1)));
              yield noReply(state);
            }
            case Call.Seen() -> reply(new TreeMap<>(Note.SEEN), state);
          };
        }
        private void run() {
          Note.of("handleCall");
          process().send(self(), "message");
          process().async(() -> Note.of("task", 1)).await();
          process().asyncStream(List.of(1), n -> Note.of("stream of tasks", n)).toList();
          process().taskSupervisor(ServerRef.named("tasks")).startChild(() -> Note.of("supervised task"));
          process().spawn(() -> Note.of("spawned process"));
          process().spawnLink(() -> Note.of("linked process"));
          process().spawn(new FutureTask<>(() -> Note.of("spawned process of the JDK's code", 1)));
          process().start(Agent.server(() -> Note.of("agent", 1)), StartOptions.named("agent"));
          var agent = process().<Integer>agent(ServerRef.named("agent"));
          agent.update(n -> Note.of("agent's change", n));
          agent.get(Function.identity());
          agent.update(UnaryOperator.identity());
          agent.update(n -> Note.of("agent's change after one of the JDK's", n));
          process().dynamicSupervisor(ServerRef.named("dynamic"))
              .startChild(ChildSpec.named("child", () -> new Other("started child")));
          var other = process().start(new Other("other"), StartOptions.none()).pidOrThrow();
          process().sys().trace(other, event -> Note.of("trace listener"));
          process().sys().status(other);
          process().sys().suspend(other);
          process().sys().changeCode(other, "1", null);
          process().sys().resume(other);
          process().cast(other, new Other.Cast.Noted());
          process().stop(other);
        }
        @Override public Result<State> handleInfo(InfoMessage message, State state) {
          if (message instanceof InfoMessage.Message(Object content)) {
            Note.of("handleInfo " + content);
          }
          return noReply(state);
        }
      }
      """;

  private static final String OTHER_SERVER =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.time.Duration;
      public final class Other extends GenServer<Integer, Void, Other.Cast> {
        public sealed interface Cast {
          record Noted() implements Cast {}
          record Crash() implements Cast {}
        }
        private final String name;
        Other(String name) { this.name = name; }
        @Override public Init<Integer> init(Args args) {
          Note.of(name);
          return ok(0).timeout(Duration.ofMillis(1));
        }
        @Override public Result<Integer> handleCast(Cast cast, Integer state) {
          Note.of("handleCast");
          if (cast instanceof Cast.Crash) { throw new IllegalStateException("as asked"); }
          return noReply(state);
        }
        @Override public Result<Integer> handleInfo(InfoMessage message, Integer state) {
          Note.of("handleInfo idle timeout");
          return noReply(state);
        }
        @Override public CodeChanged<Integer> codeChange(CodeChange<Integer> change) {
          Note.of("codeChange");
          return changed(0);
        }
        @Override public Object formatStatus(Integer state) { return Note.of("formatStatus", state); }
        @Override public void terminate(ExitReason reason, Integer state) {
          Note.of(reason.equals(ExitReason.NORMAL) ? "terminate" : "terminate of a crash");
        }
      }
      """;

  private static final String NOTING_PLUGIN =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.util.*;
      import java.util.concurrent.atomic.*;
      public final class NotingPlugin implements Plugin {
        @Override public List<Behaviour<?>> behaviours() { return List.of(); }
        @Override public List<ChildSpec> children() {
          var starts = new AtomicInteger();
          return List.of(
              ChildSpec.supervisor("tasks", TaskSupervisorSpec.create(), StartOptions.named("tasks")),
              ChildSpec.supervisor("dynamic", DynamicSupervisorSpec.create(), StartOptions.named("dynamic")),
              ChildSpec.supervisor("partitions",
                  PartitionSupervisorSpec.of(ChildSpec.worker("part", () -> new Other("partition's init"), StartOptions.none()))
                      .withArguments((args, n) -> Note.of("partition's arguments", args)),
                  StartOptions.named("partitions")),
              ChildSpec.agent("kept", () -> Note.of("agent under a supervisor", 1)),
              ChildSpec.function("function", () -> {
                Note.of("start function");
                return ProcessContext.current().startLink(new Other("of function"), StartOptions.none());
              }),
              ChildSpec.named("crashing", () -> {
                Note.of("factory");
                // Once to look at it, once to start it, and then anew.
                return new Other(starts.incrementAndGet() > 2 ? "restarted init" : "first init");
              }),
              ChildSpec.named("server", Server::new));
        }
      }
      """;

  @Test
  void whatAPluginTakesIsTold() throws Exception {
    PluginJar.of("busy", "1.0.0")
        .source(
            "example.Busy",
            """
            package example;
            import dev.genserver.sdk.*;
            public final class Busy extends GenServer<Long, Busy.Call, Busy.Cast> {
              public sealed interface Call { record Work() implements Call {} }
              public sealed interface Cast { record Crash() implements Cast {} }
              @Override public Init<Long> init(Args args) {
                process().start(Agent.server(() -> 1), StartOptions.none());
                return ok(0L);
              }
              @Override public CallResult<Long> handleCall(Call call, From from, Long state) {
                var end = System.nanoTime() + 30_000_000;
                while (System.nanoTime() < end) { Thread.onSpinWait(); }
                var thread = new Thread(() -> {
                  try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { }
                });
                thread.setDaemon(true);
                thread.start();
                return reply(state, state);
              }
              @Override public Result<Long> handleCast(Cast cast, Long state) {
                throw new IllegalStateException("as asked");
              }
            }
            """)
        .plugin("example.BusyPlugin", pluginOf("Busy", "busy"))
        .writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      peer.send("{\"op\":\"cast\",\"to\":\"busy\",\"msg\":\"crash\"}");
      await().until(() -> usage(peer).get("restarts").equals(1L));
      ask(peer, "busy", "'work'");
      assertThat(usage(peer))
          .containsEntry("processes", 3L) // with an agent of each start
          .containsEntry("queued", 0L)
          .containsEntry("crashes", 1L)
          .containsEntry("threads", 1L)
          .hasEntrySatisfying("classes", n -> assertThat((Long) n).isBetween(4L, 8L))
          .hasEntrySatisfying("busy_ms", n -> assertThat((Long) n).isBetween(30L, 10_000L));
    }
  }

  @SuppressWarnings("unchecked") // JSON
  private static Map<String, Object> usage(Peer peer) {
    var list = (Map<String, Object>) ask(peer, "sys.plugins", "'list'");
    return ((List<Map<String, Object>>) list.get("plugins")).getFirst();
  }
}
