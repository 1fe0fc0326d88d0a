package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section DYN of the conformance table, a test a row, and what Elixir does around the rows.
class DynConformanceTest {

  private static final ExitReason CRASH = ExitReason.of("crash");
  private static final ChildSpec CHILD =
      ChildSpec.worker("child", Scripted::server, StartOptions.none());

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);
  private final List<Object> events = new CopyOnWriteArrayList<>();

  private Pid supervise(DynamicSupervisorSpec spec) {
    return node.start(spec, StartOptions.none()).pidOrThrow();
  }

  private DynamicSupervisor supervisor() {
    return node.dynamicSupervisor(supervise(DynamicSupervisorSpec.create()));
  }

  @Test
  void dyn01_limitOfChildren() {
    var supervisor =
        node.dynamicSupervisor(supervise(DynamicSupervisorSpec.create().maxChildren(2)));
    var temporary = CHILD.restart(Restart.TEMPORARY);
    var first = supervisor.startChild(temporary).pidOrThrow();
    assertThat(supervisor.startChild(temporary)).isInstanceOf(StartResult.Ok.class);
    assertThat(supervisor.startChild(temporary))
        .isEqualTo(new StartResult.Failed(ExitReason.of("max_children")));
    node.stop(first);
    assertThat(supervisor.startChild(temporary)).isInstanceOf(StartResult.Ok.class);
  }

  @Test
  void dyn02_noIds() {
    var supervisor = supervisor();
    var pids = IntStream.range(0, 3).mapToObj(_ -> supervisor.startChild(CHILD).pidOrThrow());
    assertThat(pids.distinct()).hasSize(3);
    assertThat(supervisor.whichChildren())
        .hasSize(3)
        .allSatisfy(child -> assertThat(child.id()).isNull());
    assertThat(supervisor.countChildren()).isEqualTo(new Supervisor.Counts(3, 3, 0, 3));
  }

  @Test
  void dyn03_terminateByPid() {
    var supervisor = supervisor();
    var pid = supervisor.startChild(CHILD).pidOrThrow();
    var end = endOf(node, pid);
    assertThat(supervisor.terminateChild(pid)).isEqualTo(Supervisor.Outcome.OK);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(supervisor.terminateChild(pid)).isEqualTo(Supervisor.Outcome.NOT_FOUND);
    assertThat(supervisor.terminateChild(TestProcess.idle(node).pid()))
        .isEqualTo(Supervisor.Outcome.NOT_FOUND);
    assertThat(supervisor.whichChildren()).isEmpty();
  }

  @Test
  void dyn04_oneLimitForAll() {
    var pid = supervise(DynamicSupervisorSpec.create());
    var supervisor = node.dynamicSupervisor(pid);
    var end = endOf(node, pid);
    var bystander = endOf(node, supervisor.startChild(CHILD).pidOrThrow());
    var children =
        IntStream.range(0, 4).mapToObj(_ -> supervisor.startChild(CHILD).pidOrThrow()).toList();
    for (var child : children.subList(0, 3)) {
      node.exit(child, CRASH);
      assertThat(supervisor.countChildren().active()).isEqualTo(5);
    }
    node.exit(children.getLast(), CRASH);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(await(bystander)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(node.processCount()).isZero();
  }

  /// Notes the arguments of its start.
  private final class Noting extends GenServer<Args, Object, Object> {
    @Override
    public Init<Args> init(Args args) {
      events.add(args);
      return ok(args);
    }
  }

  @Test
  void dyn05_extraArguments() {
    var extra = Args.of("x", 1).with("y", 2);
    var supervisor =
        node.dynamicSupervisor(supervise(DynamicSupervisorSpec.create().extraArguments(extra)));
    var options = StartOptions.none().args(Args.of("z", 3));
    var pid = supervisor.startChild(ChildSpec.worker("child", Noting::new, options)).pidOrThrow();
    assertThat(events).containsExactly(extra.with("z", 3));

    node.exit(pid, CRASH);
    assertThat(supervisor.countChildren().active()).isEqualTo(1);
    assertThat(events).as("a restart gets them again").hasSize(2);
    assertThat(events.getLast()).isEqualTo(events.getFirst());

    supervisor.startChild(ChildSpec.worker("own", Noting::new, options.args(Args.of("x", "own"))));
    assertThat(events.getLast()).isEqualTo(Args.of("x", "own").with("y", 2));
  }

  @Test
  void dyn06_oddStartResults() {
    var supervisor = supervisor();
    var ignoring =
        ChildSpec.worker(
            "ignoring", () -> Scripted.server().onInit(Init.Ignore::new), StartOptions.none());
    assertThat(supervisor.startChild(ignoring)).isEqualTo(new StartResult.Ignore());
    var nope = new StartResult.Failed(ExitReason.of("nope"));
    assertThat(supervisor.startChild(ChildSpec.function("nope", () -> nope))).isEqualTo(nope);
    var error = new IllegalStateException("start failed");
    assertThat(
            supervisor.startChild(
                ChildSpec.function(
                    "raising",
                    () -> {
                      throw error;
                    })))
        .isEqualTo(new StartResult.Failed(new ExitReason.Failure(error)));
    assertThat(supervisor.startChild(ChildSpec.function("strange", DynConformanceTest::strange)))
        .isEqualTo(new StartResult.Failed(new ExitReason.BadReturnValue(null)));
    assertThat(supervisor.countChildren()).isEqualTo(new Supervisor.Counts(0, 0, 0, 0));
  }

  @SuppressWarnings("NullAway") // the only strange thing that the types let through
  private static StartResult strange() {
    return null;
  }

  @Test
  void dyn07_stopsInParallel() {
    var together = new CountDownLatch(5);
    var pid = supervise(DynamicSupervisorSpec.create());
    for (var i = 0; i < 5; i++) {
      node.dynamicSupervisor(pid).startChild(terminating(() -> meet(together)));
    }
    node.stop(pid, ExitReason.SHUTDOWN, SOON);
    assertThat(events).as("all five met in their terminate").containsOnly(true).hasSize(5);

    var inTerminate = new AtomicInteger();
    var children =
        IntStream.range(0, 3)
            .mapToObj(
                i -> terminating(() -> events.add(inTerminate.incrementAndGet())).id("child" + i))
            .toList();
    events.clear();
    var plain = node.start(SupervisorSpec.oneForOne(children), StartOptions.none()).pidOrThrow();
    node.stop(plain, ExitReason.SHUTDOWN, SOON);
    assertThat(events).as("one after the other").containsExactly(1, 2, 3);
  }

  private void meet(CountDownLatch together) {
    together.countDown();
    try {
      events.add(together.await(SOON.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      events.add(e);
    }
  }

  private static ChildSpec terminating(Runnable terminate) {
    return ChildSpec.worker(
            "terminating",
            () -> Scripted.trapping().onTerminate((_, _) -> terminate.run()),
            StartOptions.none())
        .shutdown(Shutdown.infinity());
  }

  @Test
  void dyn08_restartTypes() {
    assertThat(activeAfter(Restart.PERMANENT, ExitReason.NORMAL)).isEqualTo(1);
    assertThat(activeAfter(Restart.TRANSIENT, ExitReason.NORMAL)).isZero();
    assertThat(activeAfter(Restart.TRANSIENT, ExitReason.SHUTDOWN)).isZero();
    assertThat(activeAfter(Restart.TRANSIENT, CRASH)).isEqualTo(1);
    assertThat(activeAfter(Restart.TEMPORARY, CRASH)).isZero();
  }

  /// How many children there are after the only one has ended.
  private int activeAfter(Restart restart, ExitReason reason) {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var supervisor = supervisor();
      node.stop(supervisor.startChild(CHILD.restart(restart)).pidOrThrow(), reason, SOON);
      var counts = supervisor.countChildren();
      assertThat(counts.specs()).isEqualTo(counts.active());
      return counts.active();
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what a plugin can leave out that was compiled without null checks
  void dyn09_checks() {
    var result = supervisor().startChild(CHILD.restart(null));
    assertThat(result).isInstanceOf(StartResult.Failed.class);
    assertThat(((StartResult.Failed) result).reason().toString())
        .startsWith("{invalid_restart_type, null}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamicSupervisorSpec.create().maxChildren(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DynamicSupervisorSpec.create().intensity(-1, SOON));
  }

  @Test
  void restartThatFailsIsTriedAgainAndKeepsItsPlace() {
    var starts = new AtomicInteger();
    var gate = new Gate();
    var flaky =
        ChildSpec.worker(
            "flaky",
            () ->
                Scripted.server()
                    .onInit(() -> {
                      var start = starts.incrementAndGet();
                      if (start == 3) {
                        gate.pass();
                      }
                      return start == 2 ? new Init.Stop<>(CRASH) : ok(start);
                    }),
            StartOptions.none());
    var supervisor =
        node.dynamicSupervisor(supervise(DynamicSupervisorSpec.create().maxChildren(1)));
    var first = supervisor.startChild(flaky).pidOrThrow();
    node.exit(first, ExitReason.KILL);
    gate.awaitArrival();
    gate.open();
    assertThat(supervisor.startChild(CHILD))
        .isEqualTo(new StartResult.Failed(ExitReason.of("max_children")));
    var child = supervisor.whichChildren().getFirst();
    assertThat(child.restarts()).isEqualTo(1);
    assertThat(child.pid()).isPresent().isNotEqualTo(first);
  }

  @Test
  void restartThatSaysIgnoreForgetsTheChild() {
    var starts = new AtomicInteger();
    var once =
        ChildSpec.worker(
            "once",
            () ->
                Scripted.server()
                    .onInit(() -> starts.incrementAndGet() == 1 ? ok(0) : new Init.Ignore<>()),
            StartOptions.none());
    var supervisor = supervisor();
    node.exit(supervisor.startChild(once).pidOrThrow(), CRASH);
    assertThat(supervisor.countChildren().specs()).isZero();
  }

  @Test
  void eachChildHasItsOwnShutdownTime() {
    var stubborn = new Gate();
    var pid = supervise(DynamicSupervisorSpec.create());
    var supervisor = node.dynamicSupervisor(pid);
    var slow =
        endOf(
            node,
            supervisor
                .startChild(
                    terminating(stubborn::pass).shutdown(Shutdown.after(Duration.ofMillis(100))))
                .pidOrThrow());
    var orderly = endOf(node, supervisor.startChild(CHILD).pidOrThrow());
    var brutal =
        endOf(
            node,
            supervisor
                .startChild(terminating(() -> events.add("ran")).shutdown(Shutdown.brutalKill()))
                .pidOrThrow());
    node.stop(pid, ExitReason.SHUTDOWN, SOON);
    assertThat(await(slow)).isEqualTo(ExitReason.KILLED);
    assertThat(await(orderly)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(await(brutal)).isEqualTo(ExitReason.KILLED);
    assertThat(events).isEmpty();
    assertThat(log.lines(Level.WARNING))
        .singleElement()
        .asString()
        .contains("child ended otherwise", "reason=killed", "restart=PERMANENT");
  }

  @Test
  void thousandsOfChildrenComeAndGo() {
    var pid = supervise(DynamicSupervisorSpec.create());
    var supervisor = node.dynamicSupervisor(pid);
    var temporary = CHILD.restart(Restart.TEMPORARY);
    var pids = new ArrayList<Pid>();
    for (var i = 0; i < 5_000; i++) {
      pids.add(supervisor.startChild(temporary).pidOrThrow());
    }
    pids.subList(0, 1_000).forEach(child -> node.exit(child, ExitReason.SHUTDOWN));
    assertThat(supervisor.countChildren().active()).isEqualTo(4_000);
    node.stop(pid, ExitReason.SHUTDOWN, SOON);
    await().until(() -> node.processCount() == 0);
  }
}
