package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What else runs a plugin's code, or holds what is of it, when that is replaced.
@Timeout(60)
class CodeSwitchTreeTest {

  private static final CodeSwitch.Limits LIMITS =
      new CodeSwitch.Limits(Duration.ofSeconds(10), Duration.ofSeconds(10));

  /// Does what it is asked to, which is code of neither version, and keeps what it is cast.
  private static final String SOURCE =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.util.*;
      import java.util.function.*;
      public final class Server extends GenServer<Server.State, Object, Object> {
        public enum Color { RED, GREEN }
        public record Item(NUMBER n) {}
        public record State(List<Object> seen, Task<Object> task) {}
        public static Object item(int n) { return new Item(n); }
        @Override public Init<State> init(Args args) {
          process().trapExit(true);
          return ok(new State(List.of(), null));
        }
        @Override @SuppressWarnings("unchecked")
        public CallResult<State> handleCall(Object request, From from, State state) {
          return switch (request) {
            case String it when it.equals("version") -> reply(getClass().getClassLoader().getName(), state);
            case String it when it.equals("seen") -> reply(state.seen().toString(), state);
            case String it when it.equals("start task") ->
              reply("ok", new State(state.seen(), process().async(() -> {
                Server.class.getMethod("item", int.class);
                GATE.get().accept("task");
                return item(7);
              })));
            case String it when it.equals("await task") ->
              reply(((Item) state.task().await()).toString(), state);
            case Function<?, ?> work -> reply(((Function<Object, Object>) work).apply(item(1)), state);
            case Item item -> reply(new Item(item.n() + 1), state);
            case Object other -> reply("? " + other, state);
          };
        }
        public static final java.util.concurrent.atomic.AtomicReference<Consumer<Object>> GATE =
            new java.util.concurrent.atomic.AtomicReference<>(it -> {});
        private State with(State state, Object seen) {
          var all = new ArrayList<>(state.seen());
          all.add(seen);
          return new State(all, state.task());
        }
        @Override public Result<State> handleCast(Object message, State state) {
          if (message instanceof Runnable work) { work.run(); return noReply(state); }
          return noReply(with(state, message));
        }
        @Override public Result<State> handleInfo(InfoMessage message, State state) {
          return noReply(with(state, message.getClass().getSimpleName()));
        }
        @Override public CodeChanged<State> codeChange(CodeChange<State> change) {
          GATE.get().accept("codeChange");
          return changed(change.state());
        }
      }
      """;

  @TempDir Path folder;
  @AutoClose private final Node node = Node.create();

  private Version version(String name, String type) {
    return Version.of(folder, name, SOURCE.replace("NUMBER", type));
  }

  private static Object item(Version version, int n) {
    try {
      return version
          .loader()
          .loadClass("example.Server")
          .getMethod("item", int.class)
          .invoke(null, n);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the version does at a certain point.
  @SuppressWarnings("unchecked")
  private static void at(Version version, Consumer<Object> gate) {
    try {
      ((AtomicReference<Consumer<Object>>)
              version.loader().loadClass("example.Server").getField("GATE").get(null))
          .set(gate);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Pid supervisor(List<ChildSpec> children) {
    return node.start(SupervisorSpec.oneForOne(children), StartOptions.none()).pidOrThrow();
  }

  private static ChildSpec child(String id, Version version) {
    return ChildSpec.named(id, version.factory());
  }

  private CodeSwitch change(Version from, Version to, Pid supervisor, List<ChildSpec> children) {
    return change(from, to, supervisor, children, LIMITS);
  }

  private CodeSwitch change(
      Version from,
      Version to,
      Pid supervisor,
      List<ChildSpec> children,
      CodeSwitch.Limits limits) {
    node.versions(
        (loader, other) -> !other.equals(loader) && isVersion(loader) && isVersion(other));
    return new CodeSwitch(node, replacement(from, to, supervisor, children), limits);
  }

  private static CodeReplacement replacement(
      Version from, Version to, Pid supervisor, List<ChildSpec> children) {
    return new CodeReplacement(
        from.loader(),
        from.loader().getName(),
        to.loader(),
        to.loader().getName(),
        supervisor,
        children,
        type ->
            type.getName().equals("example.Server") ? Optional.of(to.factory()) : Optional.empty(),
        Map.of(),
        Set.of());
  }

  private static boolean isVersion(ClassLoader loader) {
    return loader != null && loader.getName() != null && loader.getName().startsWith("v");
  }

  private static void switched(CodeSwitch change) {
    assertThat(change.run()).isInstanceOf(CodeSwitch.Result.Switched.class);
  }

  private Object ask(String name, Object request) {
    return node.call(ServerRef.named(name), request, Object.class);
  }

  private static <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  private static <T> T got(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private ServerProcess process(String name) {
    var process = node.table.find(ServerRef.named(name));
    assertThat(process).isInstanceOf(ServerProcess.class);
    return (ServerProcess) process;
  }

  // Beside servers.

  @Test
  void agentsKeepTheirStateAsTheNewCodeKnowsIt() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(ChildSpec.agent("kept", () -> List.of(item(v1, 3)))));
    var pid = node.supervisor(top).whichChildren().getFirst().pid().orElseThrow();

    switched(change(v1, v2, top, List.of(ChildSpec.agent("kept", () -> List.of(item(v2, 0))))));

    assertThat(node.sys().getState(pid)).isEqualTo(List.of(item(v2, 3)));
  }

  @Test
  void whatIsDeclaredOfAProcessIsWhatTheNewVersionSays() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    var computing = StartOptions.named("a").cpuBound(true).maxQueue(7);

    switched(change(v1, v2, top, List.of(ChildSpec.worker("a", v2.factory(), computing))));

    assertThat(process("a").isCpuBound()).isTrue();
    assertThat(process("a").maxQueue()).isEqualTo(7);
  }

  @Test
  void processThatNoSpecIsForKeepsWhatIsDeclaredOfIt() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of());
    node.start(v1.server(), StartOptions.named("a").cpuBound(true)).pidOrThrow();

    switched(change(v1, v2, top, List.of()));

    assertThat(ask("a", "version")).isEqualTo("v2");
    assertThat(process("a").isCpuBound()).isTrue();
  }

  @Test
  void agentWhoseStateDoesNotFitRefusesTheChange() {
    var v1 = version("v1", "long");
    var v2 = version("v2", "int");
    var top = supervisor(List.of(ChildSpec.agent("kept", () -> List.of(Long.MAX_VALUE, big(v1)))));

    var result =
        change(v1, v2, top, List.of(ChildSpec.agent("kept", () -> List.of(item(v2, 0))))).run();

    assertThat(((CodeSwitch.Result.Refused) result).problems())
        .singleElement()
        .asString()
        .contains(
            "cannot go on with version v2: the state[1].n was Long 9000000000, which is no int");
  }

  private static Object big(Version version) {
    try {
      return version
          .loader()
          .loadClass("example.Server$Item")
          .getConstructor(long.class)
          .newInstance(9_000_000_000L);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void partitionsOfTreesChangeAndAreStartedAgainWithTheNewCode() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(partitions(v1)));

    switched(change(v1, v2, top, List.of(partitions(v2))));
    assertThat(versionsOfWorkers()).containsExactly("v2", "v2");
    workers().forEach(pid -> node.exit(pid, ExitReason.KILL));

    await().until(() -> workers().size() == 2);
    assertThat(versionsOfWorkers()).containsExactly("v2", "v2");
  }

  private static ChildSpec partitions(Version version) {
    var worker = ChildSpec.worker("worker", version.factory(), StartOptions.none());
    var tree = ChildSpec.supervisor("tree", SupervisorSpec.oneForOne(List.of(worker)));
    return ChildSpec.supervisor(
        "partitions", PartitionSupervisorSpec.of(tree).partitions(2), StartOptions.named("parts"));
  }

  private List<Pid> workers() {
    return node.table.processes().stream()
        .filter(process ->
            process instanceof ServerProcess server
                && server.serverClass().getName().equals("example.Server"))
        .map(LocalProcess::pid)
        .toList();
  }

  private List<Object> versionsOfWorkers() {
    return workers().stream().map(pid -> node.call(pid, "version", Object.class)).toList();
  }

  @Test
  void entriesOfRegistriesBecomeTheNewCodesOwn() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var registry = ChildSpec.registry("names", RegistrySpec.unique());
    var top = supervisor(List.of(registry, child("a", v1)));
    Function<Object, Object> register =
        item -> {
          var names = ProcessContext.current().registry("names");
          names.register("key", item);
          return String.valueOf(names.register(List.of(item), "value"));
        };
    ask("a", register);

    switched(change(v1, v2, top, List.of(registry, child("a", v2))));

    var names = node.registry("names");
    assertThat(names.lookup("key"))
        .singleElement()
        .extracting(each -> each.value())
        .isEqualTo(item(v2, 1));
    assertThat(names.lookup(List.of(item(v2, 1))))
        .singleElement()
        .extracting(each -> each.value())
        .isEqualTo("value");
    assertThat(names.count()).isEqualTo(2);
    node.exit(process("a").pid(), ExitReason.KILL);
    await().until(() -> names.count() == 0);
  }

  @Test
  void taskOfTheOldCodeGivesItsResultToTheNew() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    var gate = new Gate();
    at(
        v1,
        point -> {
          if (point.equals("task")) {
            gate.pass();
          }
        });
    ask("a", "start task");
    gate.awaitArrival();

    switched(change(v1, v2, top, List.of(child("a", v2))));
    var result = async(() -> ask("a", "await task"));
    // A result that comes before it is asked for is a message to the owner.
    await().until(() -> process("a").waitsFor() instanceof TaskWait);
    gate.open();

    assertThat(got(result)).isEqualTo("Item[n=7]");
  }

  @Test
  void versionsThatRunSideBySideUnderstandEachOther() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    node.start(v2.server(), StartOptions.named("b"));
    var _ = change(v1, v2, top, List.of(child("a", v2))).rehearse();

    Function<Object, Object> askB =
        item -> ProcessContext.current().call(ServerRef.named("b"), item, Object.class);
    Function<Object, Object> askA =
        item -> ProcessContext.current().call(ServerRef.named("a"), item, Object.class);

    assertThat(ask("a", askB)).isEqualTo(item(v1, 2));
    assertThat(ask("b", askA)).isEqualTo(item(v2, 2));
  }

  @Test
  void nestedSupervisorsGoOnByTheirNewStrategyAndOrder() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var before =
        SupervisorSpec.oneForOne(List.of(child("x", v1), child("gone", v1), child("y", v1)));
    var after =
        SupervisorSpec.restForOne(List.of(child("y", v2), child("new", v2), child("x", v2)));
    var top = supervisor(List.of(ChildSpec.supervisor("tree", before)));
    var y = process("y").pid();

    var change = change(v1, v2, top, List.of(ChildSpec.supervisor("tree", after)));
    switched(change);
    assertThat(change.startAdded()).isEmpty();
    change.endRemoved();
    var x = process("x").pid();
    node.exit(process("new").pid(), ExitReason.KILL);

    await()
        .until(() -> node.whereis(ServerRef.named("x")).filter(pid -> !pid.equals(x)).isPresent());
    await().until(() -> node.whereis(ServerRef.named("new")).isPresent());
    assertThat(process("y").pid()).isEqualTo(y);
    assertThat(node.whereis(ServerRef.named("gone"))).isEmpty();
    assertThat(List.of(ask("x", "version"), ask("y", "version"), ask("new", "version")))
        .containsOnly("v2");
  }

  @Test
  void codeThatFailsToSayWhatIsToRunRefusesTheChange() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    node.supervisor(top).startChild(ChildSpec.worker("extra", v1.factory(), StartOptions.none()));
    var change =
        new CodeSwitch(
            node,
            new CodeReplacement(
                v1.loader(),
                "v1",
                v2.loader(),
                "v2",
                top,
                List.of(child("a", v2)),
                _ -> {
                  throw new IllegalStateException("no way");
                },
                Map.of(),
                Set.of()),
            LIMITS);

    assertThat(((CodeSwitch.Result.Refused) change.run()).problems())
        .first()
        .asString()
        .isEqualTo(
            "version v2 fails to say what is to run in place of example.Server: java.lang.IllegalStateException: no way");
    assertThat(ask("a", "version")).isEqualTo("v1");
  }

  // While it is done.

  @Test
  void suspendedProcessStaysSuspendedAndKeepsTheOrderOfItsMessages() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    var a = ServerRef.named("a");
    node.sys().suspend(a);
    node.cast(a, item(v1, 1));
    node.cast(a, 2);

    switched(change(v1, v2, top, List.of(child("a", v2))));
    node.cast(a, 3);

    assertThat(process("a").isSuspended()).isTrue();
    node.sys().resume(a);
    assertThat(ask("a", "seen")).isEqualTo("[Item[n=1], 2, 3]");
  }

  @Test
  void processKilledInItsCodeChangeIsStartedAgainAndItsCallersAreTold() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var gate = new Gate();
    at(
        v2,
        point -> {
          if (point.equals("codeChange")
              && ProcessContext.current().self().equals(process("a").pid())) {
            gate.pass();
          }
        });
    var a = process("a").pid();
    var changing = async(() -> change(v1, v2, top, List.of(child("a", v2), child("b", v2))).run());
    gate.awaitArrival();
    var waiting = async(() -> reasonOf(() -> node.call(a, "version", Object.class)));
    await().until(() -> process("a").queued() == 1);
    node.exit(a, ExitReason.KILL);

    assertThat(got(waiting)).isEqualTo(ExitReason.KILLED);
    assertThat(got(changing)).isInstanceOf(CodeSwitch.Result.Switched.class);
    await().until(() -> node.whereis(ServerRef.named("a")).isPresent());
    assertThat(List.of(ask("a", "version"), ask("b", "version"))).containsOnly("v2");
  }

  private static ExitReason reasonOf(Runnable call) {
    try {
      call.run();
    } catch (CallException e) {
      return e.reason();
    }
    return ExitReason.NORMAL;
  }

  @Test
  void processLeftToACodeChangeThatDoesNotEndRunsOnUntouchedByIt() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    var gate = new Gate();
    at(v2, _ -> gate.passStubbornly());

    var result =
        change(
                v1,
                v2,
                top,
                List.of(child("a", v2)),
                new CodeSwitch.Limits(Duration.ofSeconds(5), Duration.ofMillis(50)))
            .run();
    assertThat(result).isInstanceOf(CodeSwitch.Result.Refused.class);
    var inCallback = new Gate();
    node.cast(ServerRef.named("a"), (Runnable) inCallback::pass);
    inCallback.awaitArrival();
    gate.open(); // the thread from before comes back while another is in a callback
    inCallback.open();

    assertThat(ask("a", "version")).isEqualTo("v1");
  }

  @Test
  void callWhoseDeadlinePassesMeanwhileIsNeverStarted() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1)));
    var gate = new Gate();
    at(v2, _ -> gate.pass());
    var changing = async(() -> change(v1, v2, top, List.of(child("a", v2))).run());
    gate.awaitArrival();
    var call =
        new TestCall(
            node.time(),
            1_000_000,
            (_, _) -> {
              throw new AssertionError("was started");
            });
    process("a").deliver((ExternalCall) call);
    await().until(() -> call.remaining().orElseThrow().isZero());
    gate.open();

    assertThat(got(changing)).isInstanceOf(CodeSwitch.Result.Switched.class);
    assertThat(ask("a", "version")).isEqualTo("v2");
    assertThat(got(call.outcome)).isInstanceOf(Outcome.Expired.class);
  }

  @Test
  void processThatHasNotStartedYetStartsWithTheNewCode() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of());
    var hold = new Hold(_ -> false);
    assertThat(hold.close()).isTrue();
    var made = new CompletableFuture<ServerProcess>();
    var started =
        async(() -> {
          var options = StartOptions.named("late");
          var parent = node.table.find(top);
          var process = new ServerProcess(node, node.nextPid(), parent, v1.server(), options, null);
          var _ = node.table.add(process);
          process.hold(hold);
          made.complete(process);
          return process.start(null, 10_000_000_000L);
        });
    var late = got(made);
    await().until(late::own);
    var change =
        StateChange.of(
            late,
            new TreeChange.Replacement(v2.factory(), late.maxQueue(), false, null),
            replacement(v1, v2, top, List.of()));

    assertThat(StateChange.prepareAll(List.of(change), v2.loader(), SOON)).isEmpty();
    change.carryOut();
    late.giveBack();

    assertThat(change.saved()).isEmpty();
    assertThat(got(started)).isInstanceOf(StartResult.Ok.class);
    assertThat(ask("late", "version")).isEqualTo("v2");
  }

  // Who waits for whom.

  @Test
  void messagesLeftAsideByAChangeThatFailedAreServedInTheNext() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var children = List.of(child("a", v2), child("b", v2));
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var hold = new Hold(process -> process == node.table.find(ServerRef.named("b")));
    var a = process("a");
    a.hold(hold); // by a change that fails later, to which `b` does not count
    node.cast(a.pid(), 1);
    await().until(() -> a.queued() == 1 && a.isIdle());
    Function<Object, Object> askA =
        _ -> ProcessContext.current().call(ServerRef.named("a"), "version", Object.class);
    var waiting = async(() -> ask("b", askA));

    assertThat(got(waiting)).isEqualTo("v1");
    a.giveBack();
    switched(change(v1, v2, top, children));
    assertThat(ask("a", "seen")).isEqualTo("[1]");
  }

  @Test
  void callerThatIsWaitedForOnlyLaterIsServedAllTheSame() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var between = node.start(Scripted.server(), StartOptions.named("between")).pidOrThrow();
    var gate = new Gate();
    Function<Object, Object> askBetween =
        _ -> {
          gate.pass();
          return ProcessContext.current().call(between, Scripted.GET, Object.class);
        };
    var first = async(() -> ask("b", askBetween));
    gate.awaitArrival();
    var changing = async(() -> change(v1, v2, top, List.of(child("a", v2), child("b", v2))).run());
    await().until(() -> process("a").isKept());
    // Another's call, for nobody of the plugin, is held back by `a` ...
    Scripted.Message askA =
        state -> {
          var _ = ProcessContext.current().call(ServerRef.named("a"), "version", Object.class);
          return Answers.noReply(state);
        };
    node.cast(between, askA);
    await().until(() -> process("a").queued() == 1);
    gate.open(); // ... and now `b`, which all wait for, waits for that one.

    assertThat(got(first)).isEqualTo(0);
    assertThat(got(changing)).isInstanceOf(CodeSwitch.Result.Switched.class);
  }

  @Test
  void requestsThatOvertakeAreServedWhileOthersComeToRest() {
    var v1 = version("v1", "int");
    var v2 = version("v2", "long");
    var top = supervisor(List.of(child("a", v1), child("b", v1)));
    var gate = new Gate();
    node.cast(ServerRef.named("b"), (Runnable) gate::pass);
    gate.awaitArrival();
    var changing = async(() -> change(v1, v2, top, List.of(child("a", v2), child("b", v2))).run());
    await().until(() -> process("a").isKept());

    var state = async(() -> node.sys().urgently().getState(ServerRef.named("a")));

    assertThat(got(state).toString()).startsWith("State[");
    await().until(() -> process("a").isIdle());
    gate.open();
    assertThat(got(changing)).isInstanceOf(CodeSwitch.Result.Switched.class);
  }
}
