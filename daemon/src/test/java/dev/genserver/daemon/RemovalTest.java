package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a plugin has left behind is named when it is removed, and what the daemon itself had of it
/// holds nothing.
@Timeout(120)
class RemovalTest {

  /// What a program that embeds the daemon might have.
  private static final List<Object> KEPT_BY_HOST = new ArrayList<>();

  @TempDir Path plugins;

  /// What undoes the leak; handed over by the plugin, and held by nothing that is looked into.
  private final List<Runnable> undo = new ArrayList<>();

  @BeforeEach
  void letThePluginSayHowToUndo() {
    System.getProperties().put("test.undo", (Consumer<Runnable>) undo::add);
  }

  @AfterEach
  void forget() {
    List.of("test.undo", "test.pool", "test.kept", "test.over", "test.leak")
        .forEach(System.getProperties()::remove);
    KEPT_BY_HOST.clear();
  }

  /// A plugin whose process runs `code` when it starts, with `Thing` for an object of its own.
  private void plugin(String members, String code) {
    PluginJar.of("leaky", "1.0.0")
        .source(
            "example.Thing",
            """
            package example;
            public record Thing(String text) {
              @SuppressWarnings("unchecked")
              static void undo(Runnable how) {
                ((java.util.function.Consumer<Runnable>) System.getProperties().get("test.undo")).accept(how);
              }
              static void parkUntilOver() {
                while (!Boolean.getBoolean("test.over")) {
                  java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                  Thread.interrupted();
                }
              }
            }
            """)
        .source(
            "example.Leaky",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            public final class Leaky extends GenServer<Thing, Leaky.Call, Leaky.Cast> {
              public sealed interface Call {
                record Get() implements Call {}
              }
              public sealed interface Cast {
                record Crash() implements Cast {}
              }
              %s
              @Override public Init<Thing> init(Args args) {
                try { leak(); } catch (Exception e) { throw new IllegalStateException(e); }
                return ok(new Thing("state"));
              }
              void leak() throws Exception { %s }
              @Override public CallResult<Thing> handleCall(Call call, From from, Thing state) {
                return reply(state, state);
              }
              @Override public Result<Thing> handleCast(Cast cast, Thing state) {
                throw new Failure(state);
              }
              @Override public Result<Thing> handleInfo(InfoMessage message, Thing state) {
                return noReply(state);
              }
              static final class Failure extends RuntimeException {
                final Thing thing;
                Failure(Thing thing) { super("as asked"); this.thing = thing; }
              }
            }
            """
                .formatted(members, code))
        .plugin(
            "example.LeakyPlugin",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class LeakyPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("leaky", Leaky.class, Leaky::new));
              }
              @Override public List<ChildSpec> children() {
                return List.of(
                    ChildSpec.registry("rooms", RegistrySpec.unique()),
                    ChildSpec.named("other", Leaky.Other::new),
                    ChildSpec.named("leaky", Leaky::new));
              }
            }
            """)
        .writeTo(plugins);
  }

  private static final String OTHER =
      """
      static final class Other extends GenServer<Integer, Void, Void> {
        @Override public Init<Integer> init(Args args) { return ok(1); }
      }
      static final class Idle extends GenServer<Integer, Void, Void> {
        @Override public Init<Integer> init(Args args) { return ok(1).timeout(Duration.ofHours(1)); }
      }
      """;

  private DaemonUnderTest daemon() throws StartException {
    return DaemonUnderTest.start(Optional.empty(), Map.of("--plugins", plugins.toString()));
  }

  private static Map<String, Object> ask(Peer peer, String to, String msg) {
    return peer.send(
            "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s,\"timeout_ms\":60000}"
                .formatted(to, msg))
        .receive();
  }

  @SuppressWarnings("unchecked") // JSON
  private static Map<String, Object> remove(Peer peer) {
    var answer = ask(peer, "sys.plugins", "{\"type\":\"remove\",\"plugin\":\"leaky\"}");
    assertThat(answer).containsKey("result");
    return (Map<String, Object>) answer.get("result");
  }

  @SuppressWarnings("unchecked") // JSON
  private static String leaking(Peer peer) {
    var list = (Map<String, Object>) ask(peer, "sys.plugins", "\"list\"").get("result");
    return list.get("leaking").toString();
  }

  /// Runs a plugin that leaves something behind, and looks what is told of it until it is undone.
  private void assertNamed(String members, String code, String... holder) throws Exception {
    plugin(OTHER + members, code);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(ask(peer, "leaky", "\"get\"")).containsKey("result");
      System.getProperties().remove("test.undo"); // it leads to the plugin, too
      var removed = remove(peer);
      assertThat(removed).containsEntry("unloaded", false);
      assertThat(removed.get("held_by").toString()).contains(holder);
      assertThat(leaking(peer)).contains("leaky", "1.0.0").contains(holder);
      System.setProperty("test.over", "true");
      undo.forEach(Runnable::run);
      undo.clear();
      awaitUnloading(peer);
    }
  }

  private static void awaitUnloading(Peer peer) {
    await("the plugin has gone from memory")
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          System.gc();
          return leaking(peer).equals("[]");
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new Thing(\"x\")          | with example.Thing",
        "List.of(new Thing(\"x\")) | with example.Thing",
        "Map.of(1, Thing.class)    | with example.Thing"
      })
  void aThreadLocalOfAThreadOfTheHostIsNamed(String value, String holder) throws Exception {
    try (var pool = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("pool").factory())) {
      pool.submit(() -> {}).get(); // its thread must not be started by the plugin
      System.getProperties().put("test.pool", pool);
      assertNamed(
          "static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();",
          """
          var pool = (ExecutorService) System.getProperties().get("test.pool");
          pool.submit(() -> LOCAL.set(%s)).get();
          Thing.undo(() -> { try { pool.submit(() -> LOCAL.remove()).get(); } catch (Exception e) { } });
          """
              .formatted(value),
          "thread 'pool' has a thread local " + holder);
    }
  }

  @Test
  void aVirtualThreadThatGoesOnIsNamed() throws Exception {
    assertNamed(
        "",
        "Thread.ofVirtual().name(\"beside\").start(Thing::parkUntilOver);",
        "thread 'beside' runs at ");
  }

  @Test
  void aThreadOfTheCommonPoolThatIsInItsCodeIsNamed() throws Exception {
    assertNamed(
        "",
        "ForkJoinPool.commonPool().execute(Thing::parkUntilOver);",
        "thread 'ForkJoinPool.commonPool-worker-");
  }

  @Test
  void aThreadBelowAClassLoaderOfItsOwnIsNamed() throws Exception {
    assertNamed(
        "",
        """
        Thread thread = new Thread(Thing::parkUntilOver, "below");
        thread.setDaemon(true);
        thread.setContextClassLoader(
            new java.net.URLClassLoader(new java.net.URL[0], Leaky.class.getClassLoader()));
        thread.start();
        """,
        "thread 'below' runs at ");
  }

  @Test
  void aJdbcDriverIsNamed() throws Exception {
    assertNamed(
        """
        static final class LeftDriver implements java.sql.Driver {
          public java.sql.Connection connect(String url, Properties info) { return null; }
          public boolean acceptsURL(String url) { return false; }
          public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
          public int getMajorVersion() { return 1; }
          public int getMinorVersion() { return 0; }
          public boolean jdbcCompliant() { return false; }
          public java.util.logging.Logger getParentLogger() { return null; }
        }
        """,
        """
        var driver = new LeftDriver();
        java.sql.DriverManager.registerDriver(driver);
        Thing.undo(() -> {
          try { java.sql.DriverManager.deregisterDriver(driver); } catch (java.sql.SQLException e) { }
        });
        """,
        "JDBC driver example.Leaky$LeftDriver");
  }

  @Test
  void aShutdownHookIsNamed() throws Exception {
    assertNamed(
        "static final class Hook extends Thread {}",
        """
        var thread = new Hook();
        var task = new Thread(new Task());
        Runtime.getRuntime().addShutdownHook(thread);
        Runtime.getRuntime().addShutdownHook(task);
        Thing.undo(() -> {
          Runtime.getRuntime().removeShutdownHook(thread);
          Runtime.getRuntime().removeShutdownHook(task);
        });
        }
        static final class Task implements Runnable {
          public void run() {}
        """,
        "shutdown hook example.Leaky$Hook",
        "shutdown hook example.Leaky$Task");
  }

  @Test
  void anMBeanIsNamed() throws Exception {
    assertNamed(
        "public interface LeftMBean { int getCount(); }\n"
            + "public static final class Left implements LeftMBean { public int getCount() { return 1; } }",
        """
        var name = new javax.management.ObjectName("example:type=Left");
        var server = java.lang.management.ManagementFactory.getPlatformMBeanServer();
        server.registerMBean(new Left(), name);
        Thing.undo(() -> { try { server.unregisterMBean(name); } catch (Exception e) { } });
        """,
        "MBean example:type=Left");
  }

  @Test
  void aSecurityProviderIsNamed() throws Exception {
    assertNamed(
        "static final class Left extends java.security.Provider { Left() { super(\"Left\", \"1\", \"\"); } }",
        """
        java.security.Security.addProvider(new Left());
        Thing.undo(() -> java.security.Security.removeProvider("Left"));
        """,
        "security provider Left");
  }

  @Test
  void aLogHandlerIsNamedAndSoIsWhatItWasGiven() throws Exception {
    assertNamed(
        """
        static final class Left extends java.util.logging.Handler {
          public void publish(java.util.logging.LogRecord record) {}
          public void flush() {}
          public void close() {}
        }
        static final class LeftFormatter extends java.util.logging.SimpleFormatter {}
        """,
        """
        var root = java.util.logging.Logger.getLogger("");
        var left = new Left();
        var console = new java.util.logging.ConsoleHandler();
        console.setFormatter(new LeftFormatter());
        root.addHandler(left);
        root.addHandler(console);
        Thing.undo(() -> { root.removeHandler(left); root.removeHandler(console); });
        """,
        "log handler example.Leaky$Left",
        "log handler java.util.logging.ConsoleHandler has example.Leaky$LeftFormatter");
  }

  @Test
  void aSystemPropertyIsNamed() throws Exception {
    assertNamed(
        "",
        "System.getProperties().put(\"test.leak\", new Thing(\"x\"));"
            + "Thing.undo(() -> System.getProperties().remove(\"test.leak\"));",
        "system property test.leak");
  }

  @Test
  void whatTheJvmHasOneOfIsNamed() throws Exception {
    assertNamed(
        """
        static final class Selector extends java.net.ProxySelector {
          public List<java.net.Proxy> select(java.net.URI uri) { return List.of(); }
          public void connectFailed(java.net.URI uri, java.net.SocketAddress to, java.io.IOException e) {}
        }
        static final class Handler implements Thread.UncaughtExceptionHandler {
          public void uncaughtException(Thread thread, Throwable thrown) {}
        }
        """,
        """
        var before = java.net.ProxySelector.getDefault();
        var handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
        java.net.ProxySelector.setDefault(new Selector());
        Thread.setDefaultUncaughtExceptionHandler(new Handler());
        Thing.undo(() -> {
          java.net.ProxySelector.setDefault(before);
          Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
        });
        """,
        "example.Leaky$Selector is the JVM's proxy selector",
        "example.Leaky$Handler is the JVM's handler of uncaught exceptions");
  }

  @Test
  void aStaticFieldOfTheHostIsNamed() throws Exception {
    System.getProperties().put("test.kept", KEPT_BY_HOST);
    assertNamed(
        "",
        """
        @SuppressWarnings("unchecked") var kept = (List<Object>) System.getProperties().get("test.kept");
        kept.add(Optional.of(new Object[] {new Thing("x")}));
        Thing.undo(kept::clear);
        """,
        "static field dev.genserver.daemon.RemovalTest.KEPT_BY_HOST leads to example.Thing");
  }

  @Test
  void whereNothingIsFoundItSaysHowToLookFurther() throws Exception {
    assertNamed(
        "",
        "Thing.undo(() -> new Thing(\"x\"));", // held by this test
        "something that cannot be seen from inside",
        "jcmd %d GC.heap_dump FILE".formatted(ProcessHandle.current().pid()),
        "'plugin leaky-1.0.0'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "message to its own name | process().sendAfter(ServerRef.named(\"leaky\"), new Thing(\"x\"), Duration.ofHours(1))",
        "message to a name that nobody has | process().sendAfter(ServerRef.named(\"nobody\"), new Thing(\"x\"), Duration.ofHours(1))",
        "message to another's process | process().sendAfter(ServerRef.named(\"sys.plugins\"), List.of(new Thing(\"x\")), Duration.ofHours(1))",
        "interval to its own name | process().sendInterval(ServerRef.named(\"other\"), new Thing(\"x\"), Duration.ofHours(1))",
        "interval to another's process | process().sendInterval(ServerRef.named(\"sys.plugins\"), new Thing(\"x\"), Duration.ofHours(1))",
        "idle timeout | process().start(new Idle(), StartOptions.named(\"idle\"))",
        "task | process().async(() -> { Thread.sleep(3600_000); return 1; })",
        "stream of tasks | process().spawn(() -> process().asyncStream(List.of(1, 2), n -> { try { Thread.sleep(3600_000); } catch (InterruptedException e) { } return new Thing(\"x\"); }).toList())",
        "spawned process | process().spawn(() -> { try { Thread.sleep(3600_000); } catch (InterruptedException e) { } })",
        "process of the JDK's code | process().spawn(new FutureTask<>(() -> { Thread.sleep(3600_000); return new Thing(\"x\"); }))",
        "linked process | process().spawnLink(() -> { try { new CountDownLatch(1).await(); } catch (InterruptedException e) { } })",
        "server without links | process().start(new Other(), StartOptions.named(\"free\"))",
        "agent without links | process().start(Agent.server(() -> new Thing(\"x\")), StartOptions.named(\"free\"))",
        "agent of the JDK's functions | process().spawn(() -> process().<Object>agent(process().start(Agent.server(() -> (Object) new Thing(\"x\")), StartOptions.none()).pidOrThrow()).get(java.util.function.Function.identity()))",
        "supervisor without links | process().start(SupervisorSpec.oneForOne(List.of(ChildSpec.named(\"free\", Other::new))), StartOptions.named(\"freed\"))",
        "entry of a registry | process().registry(\"rooms\").register(new Thing(\"key\"), new Thing(\"value\"))",
        "global name | process().register(ServerRef.global(new Thing(\"key\")), self())",
        "monitor of another's process | process().monitor(ServerRef.named(\"sys.plugins\"))",
        "message to another's process now | process().send(ServerRef.named(\"sys.plugins\"), new Thing(\"x\"))",
        "log with an exception | System.getLogger(\"leaky\").log(System.Logger.Level.WARNING, \"odd\", new Failure(new Thing(\"x\")))",
        "thread that ends when interrupted | Thread.ofVirtual().start(() -> { try { Thread.sleep(3600_000); } catch (InterruptedException e) { } })"
      })
  void whatTheDaemonKeepsForAPluginGoesWithIt(String what, String code) throws Exception {
    plugin(OTHER, code + ";");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(ask(peer, "leaky", "\"get\"")).as(what).containsKey("result");
      assertGone(peer);
    }
  }

  private static void assertGone(Peer peer) {
    var removed = remove(peer);
    assertThat(removed).as(removed.toString()).containsKey("unloaded");
    // Now and then they go a little after the answer, and nothing is found that holds them.
    awaitUnloading(peer);
  }

  @Test
  void lookingInsideAndCrashingLeaveNothing() throws Exception {
    plugin(OTHER, "");
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      look(peer, "{'type':'statistics','process':'leaky','enabled':true}");
      look(peer, "{'type':'trace','process':'leaky','wait_ms':0}");
      ask(peer, "leaky", "\"get\"");
      look(peer, "{'type':'trace','process':'leaky','after':0,'wait_ms':0}");
      look(peer, "{'type':'get_state','process':'leaky'}");
      look(peer, "{'type':'replace_state','process':'leaky','state':{'text':'new'}}");
      look(peer, "{'type':'info','process':'leaky'}");
      look(peer, "{'type':'describe','process':'leaky','schema':true}");
      look(peer, "'tree'");
      ask(peer, "leaky", "{\"type\":\"gte\"}");
      peer.send("{\"op\":\"cast\",\"to\":\"leaky\",\"msg\":\"crash\"}");
      await("it is restarted and its crash remembered")
          .until(() ->
              ask(peer, "sys.processes", "{\"type\":\"why\",\"process\":\"leaky\"}")
                  .toString()
                  .contains("as asked"));
      await().until(() -> ask(peer, "leaky", "\"get\"").containsKey("result"));
      assertGone(peer);
    }
  }

  private static void look(Peer peer, String request) {
    var answer = ask(peer, "sys.processes", request.replace('\'', '"'));
    assertThat(answer).as(request).containsKey("result");
  }
}
