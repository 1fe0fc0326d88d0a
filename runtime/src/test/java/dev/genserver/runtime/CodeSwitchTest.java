package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Code that is replaced under running processes.
@Timeout(60)
class CodeSwitchTest {

  private static final CodeSwitch.Limits LIMITS =
      new CodeSwitch.Limits(Duration.ofSeconds(10), Duration.ofSeconds(10));

  /// Counts up. Messages are maps and strings, which both versions have in common.
  private static final String SERVER =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.time.Duration;
      import java.util.*;
      public final class Server extends GenServer<Server.State, Object, Object> {
        public record State(%s, List<From> waiting) {}
        public record Tick(int by) {}
        @Override public Init<State> init(Args args) { return ok(new State(%s, List.of())); }
        @Override public CallResult<State> handleCall(Object request, From from, State state) {
          return switch (request) {
            case String it when it.equals("version") -> reply(%s, state);
            case String it when it.equals("get") -> reply((Object) state.%s(), state);
            case String it when it.equals("wait") -> noReply(new State(%s, List.of(from)));
            case String it when it.equals("release") -> {
              state.waiting().forEach(each -> each.reply("released by " + %s));
              yield reply("ok", state);
            }
            case String it when it.equals("later") -> {
              process().sendAfter(self(), new Tick(100), Duration.ofMillis(300));
              yield reply("ok", state);
            }
            case String it when it.equals("every") -> {
              process().sendInterval(self(), new Tick(100), Duration.ofMillis(300));
              yield reply("ok", state);
            }
            case String it when it.equals("idle") ->
              reply((Object) "ok", state).timeout(Duration.ofMillis(300));
            case String it when it.equals("crash") -> throw new IllegalStateException("as asked");
            case Runnable work -> { work.run(); yield reply("ok", state); }
            case Object other -> reply("?", state);
          };
        }
        @Override public Result<State> handleCast(Object message, State state) {
          return noReply(new State(%s, state.waiting()));
        }
        @Override public Result<State> handleInfo(InfoMessage message, State state) {
          return message instanceof InfoMessage.Timeout
                  || (message instanceof InfoMessage.Message(Tick(int by)) && by == 100)
              ? noReply(new State(%s, state.waiting()))
              : super.handleInfo(message, state);
        }
        %s
      }
      """;

  private static final String V1 =
      SERVER.formatted(
          "int total",
          "0",
          "1",
          "total",
          "state.total()",
          "1",
          "state.total() + 1",
          "state.total() + 100",
          "");

  /// Counts in a field of another type; the state has one more.
  private static final String V2 =
      SERVER.formatted(
          "long total, String note",
          "0, \"new\"",
          "2",
          "total",
          "state.total(), state.note()",
          "2",
          "state.total() + 1, state.note()",
          "state.total() + 100, state.note()",
          """
          @Override public CodeChanged<State> codeChange(CodeChange<State> change) {
            var fields = change.fields();
            fields.put("note", "from " + change.oldVersion());
            return changed(change.bind(fields));
          }
          """);

  private static final String THROWING_AT_SEVEN =
      V2.replace(
          "var fields = change.fields();",
          "var fields = change.fields(); if (fields.get(\"total\").equals(7)) throw new IllegalStateException(\"seven\");");

  @TempDir Path folder;
  private final Node node = Node.create();

  @AfterEach
  void close() {
    node.close();
  }

  private Version version(String name, String source) {
    return Version.of(folder, name, source);
  }

  private Pid supervisor(List<ChildSpec> children) {
    return node.start(SupervisorSpec.oneForOne(children), StartOptions.none()).pidOrThrow();
  }

  private static ChildSpec child(String id, Version version) {
    return ChildSpec.named(id, version.factory());
  }

  private CodeReplacement replacement(
      Version from, Version to, Pid supervisor, List<ChildSpec> children) {
    return replacement(from, to, supervisor, children, Map.of());
  }

  private CodeReplacement replacement(
      Version from,
      Version to,
      Pid supervisor,
      List<ChildSpec> children,
      Map<Pid, CodeSwitch.Saved> before) {
    node.versions(
        (loader, other) -> !other.equals(loader) && isVersion(loader) && isVersion(other));
    return new CodeReplacement(
        from.loader(),
        from.loader().getName(),
        to.loader(),
        to.loader().getName(),
        supervisor,
        children,
        type ->
            type.getName().equals("example.Server") ? Optional.of(to.factory()) : Optional.empty(),
        before,
        Set.of());
  }

  private static boolean isVersion(ClassLoader loader) {
    return loader != null && loader.getName() != null && loader.getName().startsWith("v");
  }

  private static <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  private Object ask(String name, Object request) {
    return node.call(ServerRef.named(name), request, Object.class);
  }

  private CodeSwitch.Result.Switched switched(CodeReplacement replacement) {
    var result = new CodeSwitch(node, replacement, LIMITS).run();
    assertThat(result).isInstanceOf(CodeSwitch.Result.Switched.class);
    return (CodeSwitch.Result.Switched) result;
  }

  private CodeSwitch.Result.Refused refused(CodeReplacement replacement) {
    var result = new CodeSwitch(node, replacement, LIMITS).run();
    assertThat(result).isInstanceOf(CodeSwitch.Result.Refused.class);
    return (CodeSwitch.Result.Refused) result;
  }

  @Test
  void stateNamePidLinksAndDeferredRepliesSurvive() throws Exception {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var pid = node.whereis(ServerRef.named("a")).orElseThrow();
    for (var i = 0; i < 5; i++) {
      node.cast(ServerRef.named("a"), "up");
    }
    var waiting = async(() -> ask("a", "wait"));
    await().until(() -> node.sys().getState(pid).toString().contains("LocalCall"));

    var result = switched(replacement(v1, v2, top, List.of(child("a", v2), child("b", v2))));

    assertThat(result.processes()).isEqualTo(2);
    assertThat(ask("a", "version")).isEqualTo(2);
    assertThat(ask("a", "get")).isEqualTo(5L);
    assertThat(node.whereis(ServerRef.named("a"))).contains(pid);
    assertThat(node.sys().getState(pid).toString()).contains("note=from v1");
    assertThat(ask("a", "release")).isEqualTo("ok");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("released by 2");
  }

  @Test
  void timersOfTheOldCodeReachTheNewAsItsOwnMessages() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));
    ask("a", "later");

    switched(replacement(v1, v2, top, List.of(child("a", v2))));

    await().until(() -> ask("a", "get").equals(100L));
  }

  @Test
  void intervalOfTheOldCodeGoesOnInTheNew() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));
    ask("a", "every");
    await().until(() -> ask("a", "get").equals(100));

    switched(replacement(v1, v2, top, List.of(child("a", v2))));

    await().until(() -> (long) ask("a", "get") >= 300L);
  }

  @Test
  void idleTimeoutThatTheOldCodeAskedForReachesTheNew() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));
    ask("a", "idle");

    switched(replacement(v1, v2, top, List.of(child("a", v2))));

    // Asking for the state reaches no callback, so it leaves the timeout alone; each restarts it.
    await()
        .pollInterval(Duration.ofMillis(700))
        .until(() -> node.sys().getState(ServerRef.named("a")).toString().contains("total=100"));
  }

  @Test
  void linksAndMonitorsGoOn() throws Exception {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));
    var pid = node.whereis(ServerRef.named("a")).orElseThrow();
    var ready = new CountDownLatch(1);
    var told = new CompletableFuture<List<InfoMessage>>();
    node.spawn(() -> {
      var me = ProcessContext.current();
      me.trapExit(true);
      me.monitor(pid);
      me.link(pid);
      ready.countDown();
      told.complete(
          List.of(
              me.receive(Duration.ofSeconds(20)).orElseThrow(),
              me.receive(Duration.ofSeconds(20)).orElseThrow()));
    });
    assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();

    switched(replacement(v1, v2, top, List.of(child("a", v2))));
    assertThat(told).isNotDone();
    node.exit(pid, ExitReason.KILL);

    assertThat(told.get(20, TimeUnit.SECONDS))
        .hasOnlyElementsOfTypes(InfoMessage.Exit.class, InfoMessage.Down.class)
        .contains(new InfoMessage.Exit(pid, ExitReason.KILLED));
  }

  @Test
  void crashedProcessIsStartedAgainWithTheNewCode() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));

    switched(replacement(v1, v2, top, List.of(child("a", v2))));
    crash("a");

    await().until(() -> node.whereis(ServerRef.named("a")).isPresent());
    assertThat(ask("a", "version")).isEqualTo(2);
    assertThat(node.sys().getState(ServerRef.named("a")).toString()).contains("note=new");
  }

  private void crash(String name) {
    try {
      ask(name, "crash");
    } catch (CallException _) {
      // It did.
    }
  }

  @Test
  void dynamicChildrenChangeWithoutBeingListed() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var pool =
        ChildSpec.supervisor("pool", DynamicSupervisorSpec.create(), StartOptions.named("pool"));
    var top = supervisor(List.of(pool));
    var dynamic = node.dynamicSupervisor(ServerRef.named("pool"));
    for (var i = 0; i < 20; i++) {
      dynamic.startChild(child("d" + i, v1));
      node.cast(ServerRef.named("d" + i), "up");
    }

    var result = switched(replacement(v1, v2, top, List.of(pool)));
    crash("d3");

    assertThat(result.processes()).isEqualTo(20);
    assertThat(ask("d7", "version")).isEqualTo(2);
    assertThat(ask("d7", "get")).isEqualTo(1L);
    await().until(() -> node.whereis(ServerRef.named("d3")).isPresent());
    assertThat(ask("d3", "version")).isEqualTo(2);
  }

  @Test
  void oneStateThatCannotChangeLeavesAllAsTheyWere() {
    var v1 = version("v1", V1);
    var v2 = version("v2", THROWING_AT_SEVEN);
    var children = new ArrayList<ChildSpec>();
    var next = new ArrayList<ChildSpec>();
    for (var i = 0; i < 1000; i++) {
      children.add(child("p" + i, v1));
      next.add(child("p" + i, v2));
    }
    var top = supervisor(children);
    for (var i = 0; i < 7; i++) {
      node.cast(ServerRef.named("p500"), "up");
    }
    node.cast(ServerRef.named("p1"), "up");
    assertThat(ask("p500", "get")).isEqualTo(7);

    var result = refused(replacement(v1, v2, top, next));

    assertThat(result.problems())
        .singleElement()
        .asString()
        .contains("p500", "cannot go on with version v2", "seven");
    assertThat(ask("p500", "version")).isEqualTo(1);
    assertThat(ask("p500", "get")).isEqualTo(7);
    assertThat(ask("p1", "get")).isEqualTo(1);
    assertThat(ask("p2", "version")).isEqualTo(1);
  }

  @Test
  void faultOfManyStatesIsToldWithoutTryingAll() {
    var tries = "tries.of.code.switch.test";
    var v1 = version("v1", V1);
    var v2 =
        version(
            "v2",
            V2.replace(
                "var fields = change.fields();",
                """
                System.getProperties().merge("%s", 1, (a, b) -> (Integer) a + (Integer) b);
                var fields = change.fields();
                if (!fields.isEmpty()) throw new IllegalStateException("each");
                """
                    .formatted(tries)));
    var children = new ArrayList<ChildSpec>();
    var next = new ArrayList<ChildSpec>();
    for (var i = 0; i < 1000; i++) {
      children.add(child("p" + i, v1));
      next.add(child("p" + i, v2));
    }
    var top = supervisor(children);

    var result = refused(replacement(v1, v2, top, next));

    assertThat(result.problems()).hasSize(10);
    assertThat((Integer) System.getProperties().remove(tries)).isBetween(10, 500);
    assertThat(ask("p0", "version")).isEqualTo(1);
    assertThat(ask("p999", "version")).isEqualTo(1);
  }

  @Test
  void rehearsalChangesNothing() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1)));
    var result =
        new CodeSwitch(node, replacement(v1, v2, top, List.of(child("a", v2))), LIMITS).rehearse();

    assertThat(result).isInstanceOf(CodeSwitch.Result.Switched.class);
    assertThat(ask("a", "version")).isEqualTo(1);
  }

  @Test
  void nestedCallsAreServedWhileProcessesComeToRest() throws Exception {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1), child("b", v1), child("c", v1)));
    var started = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var seen = new ConcurrentHashMap<String, Object>();
    Runnable inB = () -> seen.put("c", callFromWithin("c", "get"));
    Runnable inA =
        () -> {
          started.countDown();
          awaitLatch(go);
          castFromWithin("b", "up");
          seen.put("b", callFromWithin("b", inB));
          seen.put("total", callFromWithin("b", "get"));
        };
    var call = async(() -> ask("a", inA));
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    var upgrade =
        async(() ->
            new CodeSwitch(
                    node,
                    replacement(
                        v1, v2, top, List.of(child("a", v2), child("b", v2), child("c", v2))),
                    LIMITS)
                .run());
    await().until(() -> isHeld("c"));
    go.countDown();

    assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("ok");
    assertThat(seen).containsEntry("b", "ok").containsEntry("c", 0).containsEntry("total", 1);
    assertThat(upgrade.get(10, TimeUnit.SECONDS)).isInstanceOf(CodeSwitch.Result.Switched.class);
    assertThat(ask("b", "get")).isEqualTo(1L);
  }

  /// A process that is held takes no cast.
  private boolean isHeld(String name) {
    var server = (ServerProcess) node.table.find(ServerRef.named(name));
    return server.isKept();
  }

  private static Object callFromWithin(String name, Object request) {
    return ProcessContext.current().call(ServerRef.named(name), request, Object.class);
  }

  private static void castFromWithin(String name, Object message) {
    ProcessContext.current().cast(ServerRef.named(name), message);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void processThatDoesNotComeToRestIsNamedAndAllGoOn() throws Exception {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var started = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Runnable work =
        () -> {
          started.countDown();
          awaitLatch(go);
        };
    var call = async(() -> ask("a", work));
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

    var result =
        new CodeSwitch(
                node,
                replacement(v1, v2, top, List.of(child("a", v2), child("b", v2))),
                new CodeSwitch.Limits(Duration.ofMillis(100), Duration.ofSeconds(1)))
            .run();

    assertThat(((CodeSwitch.Result.Refused) result).problems())
        .singleElement()
        .asString()
        .contains("1 processes did not come to rest", "'a' <1.");
    assertThat(ask("b", "version")).isEqualTo(1);
    go.countDown();
    assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("ok");
  }

  @Test
  void codeChangeThatTakesTooLongIsGivenUp() {
    var v1 = version("v1", V1);
    var v2 =
        version(
            "v2",
            V2.replace(
                "var fields = change.fields();",
                "var fields = change.fields(); while (!Thread.interrupted()) { Thread.onSpinWait(); }"));
    var top = supervisor(List.of(child("a", v1)));

    var result =
        new CodeSwitch(
                node,
                replacement(v1, v2, top, List.of(child("a", v2))),
                new CodeSwitch.Limits(Duration.ofSeconds(5), Duration.ofMillis(100)))
            .run();

    assertThat(((CodeSwitch.Result.Refused) result).problems())
        .first()
        .asString()
        .contains("codeChange of 'a'", "takes longer");
    node.cast(ServerRef.named("a"), "up");
    assertThat(ask("a", "get")).isEqualTo(1);
  }

  @Test
  void childrenOfOneVersionOnlyAreStartedAndEnded() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var top = supervisor(List.of(child("a", v1), child("gone", v1)));
    var change = replacement(v1, v2, top, List.of(child("first", v2), child("a", v2)));
    var codeSwitch = new CodeSwitch(node, change, LIMITS);

    assertThat(codeSwitch.run()).isInstanceOf(CodeSwitch.Result.Switched.class);
    assertThat(codeSwitch.startAdded()).isEmpty();
    codeSwitch.endRemoved();

    assertThat(node.whereis(ServerRef.named("gone"))).isEmpty();
    assertThat(ask("first", "version")).isEqualTo(2);
    assertThat(node.supervisor(top).whichChildren().reversed())
        .extracting(child -> child.id())
        .containsExactly("first", "a");
  }

  @Test
  void wayBackKeepsWhatWasDoneAndRevertsWhatWasLost() {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var before = List.of(child("a", v1), child("b", v1));
    var top = supervisor(before);
    node.cast(ServerRef.named("a"), "up");
    node.cast(ServerRef.named("b"), "up");
    node.cast(ServerRef.named("b"), "up");
    assertThat(ask("b", "get")).isEqualTo(2);
    var there = switched(replacement(v1, v2, top, List.of(child("a", v2), child("b", v2))));
    node.cast(ServerRef.named("a"), "up");
    crash("b");
    await().until(() -> node.whereis(ServerRef.named("b")).isPresent());
    assertThat(ask("b", "get")).isEqualTo(0L);

    var back = switched(replacement(v2, v1, top, before, there.before()));

    assertThat(back.reverted()).isEqualTo(1);
    assertThat(ask("a", "version")).isEqualTo(1);
    assertThat(ask("a", "get")).isEqualTo(2);
    assertThat(ask("b", "get")).isEqualTo(2);
  }

  @Test
  void nothingIsLostNorDoubledUnderLoad() throws Exception {
    var v1 = version("v1", V1);
    var v2 = version("v2", V2);
    var children = List.of(child("a", v1), child("b", v1));
    var next = List.of(child("a", v2), child("b", v2));
    var top = supervisor(children);
    var over = new AtomicBoolean();
    var casts = new AtomicLong();
    var calls = new AtomicLong();
    var caster =
        Thread.startVirtualThread(() -> {
          while (!over.get()) {
            node.cast(ServerRef.named("a"), "up");
            if (casts.incrementAndGet() % 100 == 0) {
              ask("a", "get");
            }
          }
        });
    var caller =
        Thread.startVirtualThread(() -> {
          while (!over.get()) {
            ask("b", "version");
            calls.incrementAndGet();
          }
        });
    var longest = Duration.ZERO;
    for (var i = 0; i < 100; i++) {
      var toNew = i % 2 == 0;
      var result =
          toNew
              ? switched(replacement(v1, v2, top, next))
              : switched(replacement(v2, v1, top, children));
      longest = longest.compareTo(result.pause()) > 0 ? longest : result.pause();
    }
    over.set(true);
    caster.join();
    caller.join();

    assertThat(((Number) ask("a", "get")).longValue()).isEqualTo(casts.get());
    assertThat(calls).hasPositiveValue();
    assertThat(longest).isLessThan(Duration.ofSeconds(10));
  }
}
