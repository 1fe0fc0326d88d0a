package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section SUP of the conformance table, a test a row.
class SupConformanceTest {

  private static final ExitReason CRASH = ExitReason.of("crash");

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);
  private final List<String> events = new CopyOnWriteArrayList<>();

  /// A trapping server that notes its init and its terminate.
  private ChildSpec noting(String id) {
    return ChildSpec.named(
        id,
        () ->
            Scripted.trapping()
                .onInit(() -> {
                  events.add("init " + id);
                  return ok(0);
                })
                .onTerminate((reason, _) -> events.add(id + " " + reason)));
  }

  private static ChildSpec child(String id) {
    return ChildSpec.named(id, Scripted::server);
  }

  private Pid supervise(ChildSpec... children) {
    return supervise(SupervisorSpec.oneForOne(List.of(children)));
  }

  private Pid supervise(SupervisorSpec spec) {
    return node.start(spec, StartOptions.none()).pidOrThrow();
  }

  private Pid pid(String name) {
    return node.whereis(ServerRef.named(name)).orElseThrow();
  }

  private List<Supervisor.Child> children(Pid supervisor) {
    return node.supervisor(supervisor).whichChildren();
  }

  /// Ends the child and waits until another one holds its name.
  private Pid endAndAwaitRestart(String name, ExitReason reason) {
    var old = pid(name);
    node.exit(old, reason);
    ServerName ref = ServerRef.named(name);
    await().until(() -> node.whereis(ref).filter(next -> !next.equals(old)).isPresent());
    return pid(name);
  }

  @Test
  void sup01_startOrder() {
    supervise(noting("a"), noting("b"), noting("c"));
    assertThat(events).containsExactly("init a", "init b", "init c");
  }

  @Test
  void sup02_stopOrder() {
    var supervisor = supervise(noting("a"), noting("b"), noting("c"));
    events.clear();
    node.stop(supervisor, ExitReason.SHUTDOWN, SOON);
    assertThat(events).containsExactly("c shutdown", "b shutdown", "a shutdown");
    assertThat(node.processCount()).isZero();
  }

  @Test
  void sup03_oneForOne() {
    var supervisor = supervise(child("a"), child("b"), child("c"));
    var before = List.of(pid("a"), pid("c"));
    endAndAwaitRestart("b", ExitReason.KILL);
    assertThat(List.of(pid("a"), pid("c"))).isEqualTo(before);
    assertThat(children(supervisor).stream().map(it -> it.id())).containsExactly("c", "b", "a");
    assertThat(log.lines(Level.WARNING))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("process restarted", "child=b", "killed"));
  }

  @Test
  void sup06_restartTypes() {
    var reasons = List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown(1), CRASH);
    try (var _ = LogCapture.of(CrashReport.class)) {
      for (var reason : reasons) {
        var crashed = reason.equals(CRASH);
        assertThat(childAfter(Restart.PERMANENT, reason)).containsExactly(true);
        assertThat(childAfter(Restart.TRANSIENT, reason)).containsExactly(crashed);
        assertThat(childAfter(Restart.TEMPORARY, reason)).isEmpty();
      }
    }
  }

  /// Ends a child and tells of each child that its supervisor still knows whether it runs.
  private List<Boolean> childAfter(Restart restart, ExitReason reason) {
    var spec = ChildSpec.worker("child", Scripted::server, StartOptions.none());
    var supervisor = supervise(spec.restart(restart));
    var pid = children(supervisor).getFirst().pid().orElseThrow();
    node.stop(pid, reason, SOON); // its exit lies in the supervisor's mailbox when this returns
    return children(supervisor).stream().map(it -> it.pid().isPresent()).toList();
  }

  @Test
  void sup07_restartLimit() {
    var supervisor = supervise(noting("other"), child("child"));
    var end = endOf(node, supervisor);
    for (var crash = 1; crash <= 3; crash++) {
      endAndAwaitRestart("child", CRASH);
    }
    assertThat(node.isAlive(supervisor)).isTrue();
    node.exit(pid("child"), CRASH);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(events).containsExactly("init other", "other shutdown");
    assertThat(node.processCount()).isZero();
  }

  @Test
  void sup08_theWindowSlides() {
    var time = new ManualTime();
    try (var held = Node.create(1, time)) {
      var worker = ChildSpec.worker("child", Scripted::server, StartOptions.none());
      var spec = SupervisorSpec.oneForOne(List.of(worker)).intensity(2, Duration.ofSeconds(1));
      var supervisor = held.start(spec, StartOptions.none()).pidOrThrow();
      var end = endOf(held, supervisor);

      crashChild(held, supervisor);
      crashChild(held, supervisor);
      onlyChild(held, supervisor); // the second restart is done when this is answered
      time.advance(Duration.ofMillis(2_300));
      crashChild(held, supervisor);
      crashChild(held, supervisor);
      assertThat(held.isAlive(supervisor)).isTrue();
      crashChild(held, supervisor);

      assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    }
  }

  private static void crashChild(Node node, Pid supervisor) {
    node.exit(onlyChild(node, supervisor).pid().orElseThrow(), CRASH);
  }

  private static Supervisor.Child onlyChild(Node node, Pid supervisor) {
    return node.supervisor(supervisor).whichChildren().getFirst();
  }

  @Test
  @SuppressWarnings("NullAway") // what a plugin can leave out that was compiled without null checks
  void sup09_badSpecs() {
    assertThat(startSpecProblem(noting("x"), noting("x"))).contains("{duplicate_child_name, x}");
    assertThat(startSpecProblem(noting("x").id(null))).contains("missing_id");
    assertThat(startSpecProblem(noting("x").restart(null))).contains("{invalid_restart_type, ");
    var negative = Shutdown.after(Duration.ofMillis(-1));
    assertThat(startSpecProblem(noting("x").shutdown(negative))).contains("{invalid_shutdown, ");
    assertThat(events).as("no child is started").isEmpty();
  }

  private String startSpecProblem(ChildSpec... children) {
    return problem(SupervisorSpec.oneForOne(List.of(children)));
  }

  private String problem(SupervisorSpec spec) {
    var result = node.start(spec, StartOptions.none());
    assertThat(result).isInstanceOf(StartResult.Failed.class);
    var reason = ((StartResult.Failed) result).reason().toString();
    assertThat(reason).startsWith("{start_spec, ");
    return reason;
  }

  @Test
  void sup10_aChildCannotStart() {
    var cannot = ExitReason.of("cannot");
    var failing =
        ChildSpec.named("failing", () -> Scripted.server().onInit(() -> new Init.Stop<>(cannot)));
    var spec = SupervisorSpec.oneForOne(List.of(noting("a"), noting("b"), failing));
    var starter =
        TestProcess.spawnTrapping(
            node,
            me -> {
              var result = me.startLink(spec, StartOptions.none());
              assertThat(mailboxIsEmpty(me)).isTrue();
              return result;
            });
    assertThat(starter.awaitResult())
        .isEqualTo(
            new StartResult.Failed(
                ExitReason.shutdown(new Supervisor.FailedToStartChild("failing", cannot))));
    assertThat(events).containsExactly("init a", "init b", "b shutdown", "a shutdown");
  }

  @Test
  void sup11_aChildSaysIgnore() {
    var starts = new AtomicInteger();
    var ignoring =
        ChildSpec.named(
            "ignoring",
            () ->
                Scripted.server()
                    .onInit(() -> starts.incrementAndGet() < 3 ? new Init.Ignore<>() : ok(0)));
    var gone = ignoring.id("gone").restart(Restart.TEMPORARY);
    var supervisor = supervise(ignoring, gone, child("good"));
    assertThat(children(supervisor))
        .extracting(it -> it.id() + " " + it.pid().isPresent())
        .containsExactly("good true", "ignoring false");
    var handle = node.supervisor(supervisor);
    assertThat(handle.countChildren()).isEqualTo(new Supervisor.Counts(2, 1, 0, 2));
    assertThat(handle.restartChild("ignoring")).isEqualTo(new StartResult.Ok(pid("ignoring")));
    assertThat(handle.countChildren().active()).isEqualTo(2);
  }

  @Test
  void sup12_childrenByHand() {
    var handle = node.supervisor(supervise());
    var first = handle.startChild(child("w"));
    assertThat(first).isEqualTo(new StartResult.Ok(pid("w")));
    assertThat(handle.startChild(child("w")))
        .isEqualTo(new StartResult.AlreadyStarted(first.pidOrThrow()));
    assertThat(handle.deleteChild("w")).isEqualTo(Supervisor.Outcome.RUNNING);
    assertThat(handle.restartChild("w")).isEqualTo(failed("running"));
    assertThat(handle.terminateChild("w")).isEqualTo(Supervisor.Outcome.OK);
    assertThat(handle.startChild(child("w"))).isEqualTo(failed("already_present"));
    assertThat(handle.terminateChild("w")).isEqualTo(Supervisor.Outcome.OK);
    assertThat(handle.restartChild("w")).isEqualTo(new StartResult.Ok(pid("w")));
    assertThat(handle.terminateChild("w")).isEqualTo(Supervisor.Outcome.OK);
    assertThat(handle.deleteChild("w")).isEqualTo(Supervisor.Outcome.OK);
    assertThat(handle.restartChild("w")).isEqualTo(failed("not_found"));
    assertThat(handle.terminateChild("unknown")).isEqualTo(Supervisor.Outcome.NOT_FOUND);
    assertThat(handle.deleteChild("unknown")).isEqualTo(Supervisor.Outcome.NOT_FOUND);
    assertThat(handle.restartChild("unknown")).isEqualTo(failed("not_found"));
    assertThat(handle.getChildspec("unknown")).isEmpty();
  }

  private static StartResult failed(String word) {
    return new StartResult.Failed(ExitReason.of(word));
  }

  @Test
  void sup13_countingAndListing() {
    var tree = ChildSpec.supervisor("s", SupervisorSpec.oneForOne(List.of()));
    var handle = node.supervisor(supervise(child("a"), child("b"), tree));
    handle.terminateChild("a");
    assertThat(handle.countChildren()).isEqualTo(new Supervisor.Counts(3, 2, 1, 2));
    assertThat(handle.whichChildren())
        .extracting(it -> it.id() + " " + it.type() + " " + it.pid().isPresent())
        .containsExactly("s SUPERVISOR true", "b WORKER true", "a WORKER false");
  }

  @Test
  void sup14_brutalKill() {
    var supervisor = supervise(noting("child").shutdown(Shutdown.brutalKill()));
    var end = endOf(node, pid("child"));
    assertThat(node.supervisor(supervisor).terminateChild("child"))
        .isEqualTo(Supervisor.Outcome.OK);
    assertThat(await(end)).isEqualTo(ExitReason.KILLED);
    assertThat(events).containsExactly("init child");
  }

  @Test
  void sup15_shutdownTime() {
    var gate = new Gate();
    var slow =
        ChildSpec.named(
            "slow",
            () ->
                Scripted.trapping()
                    .onTerminate((reason, _) -> {
                      events.add("terminate " + reason);
                      gate.pass();
                    }));
    var shutdown = Duration.ofMillis(150);
    var supervisor = supervise(slow.shutdown(Shutdown.after(shutdown)));
    var end = endOf(node, pid("slow"));
    var begin = System.nanoTime();
    assertThat(node.supervisor(supervisor).terminateChild("slow")).isEqualTo(Supervisor.Outcome.OK);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(shutdown, SOON);
    assertThat(await(end)).isEqualTo(ExitReason.KILLED);
    assertThat(events).containsExactly("terminate shutdown");
  }

  @Test
  void sup16_shutdownWithoutLimit() {
    var gate = new Gate();
    var slow =
        ChildSpec.named("slow", () -> Scripted.trapping().onTerminate((_, _) -> gate.pass()));
    var supervisor = supervise(slow.shutdown(Shutdown.infinity()));
    var end = endOf(node, pid("slow"));
    var stop = TestProcess.outside(() -> node.supervisor(supervisor).terminateChild("slow"));
    gate.awaitArrival();
    await().during(Duration.ofMillis(60)).until(() -> !stop.isDone());
    gate.open();
    assertThat(await(stop)).isEqualTo(Supervisor.Outcome.OK);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void sup17_defaultsOfASpec() {
    var tree = ChildSpec.supervisor("tree", SupervisorSpec.oneForOne(List.of()));
    var handle = node.supervisor(supervise(child("worker"), tree));
    var worker = handle.getChildspec("worker").orElseThrow();
    assertThat(worker.restart()).isEqualTo(Restart.PERMANENT);
    assertThat(worker.significant()).isFalse();
    assertThat(worker.shutdown()).isEqualTo(Shutdown.after(Duration.ofSeconds(5)));
    assertThat(worker.type()).isEqualTo(ChildSpec.Type.WORKER);
    assertThat(handle.getChildspec(pid("worker"))).contains(worker);
    var supervisor = handle.getChildspec("tree").orElseThrow();
    assertThat(supervisor.restart()).isEqualTo(Restart.PERMANENT);
    assertThat(supervisor.significant()).isFalse();
    assertThat(supervisor.shutdown()).isEqualTo(Shutdown.infinity());
    assertThat(supervisor.type()).isEqualTo(ChildSpec.Type.SUPERVISOR);
  }

  private static ChildSpec significant(ChildSpec child, Restart restart) {
    return child.restart(restart).significant(true);
  }

  @Test
  void sup18_anySignificantChild() {
    var children = List.of(noting("a"), significant(child("b"), Restart.TRANSIENT), noting("c"));
    var supervisor =
        supervise(SupervisorSpec.oneForOne(children).autoShutdown(AutoShutdown.ANY_SIGNIFICANT));
    var end = endOf(node, supervisor);
    events.clear();
    node.stop(pid("b"), ExitReason.NORMAL, SOON);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(events).containsExactly("c shutdown", "a shutdown");
  }

  @Test
  void sup19_significantChildCrashes() {
    var children = List.of(noting("a"), significant(child("b"), Restart.TRANSIENT));
    var supervisor =
        supervise(SupervisorSpec.oneForOne(children).autoShutdown(AutoShutdown.ANY_SIGNIFICANT));
    endAndAwaitRestart("b", CRASH);
    assertThat(node.isAlive(supervisor)).isTrue();
    assertThat(events).containsExactly("init a");
  }

  @Test
  void sup20_allSignificantChildren() {
    var children =
        List.of(
            significant(child("a"), Restart.TEMPORARY),
            significant(child("b"), Restart.TEMPORARY),
            child("plain"));
    var supervisor =
        supervise(SupervisorSpec.oneForOne(children).autoShutdown(AutoShutdown.ALL_SIGNIFICANT));
    var end = endOf(node, supervisor);
    node.exit(pid("a"), ExitReason.KILL);
    assertThat(children(supervisor)).extracting(Supervisor.Child::id).containsExactly("plain", "b");
    node.exit(pid("b"), ExitReason.KILL);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void sup21_significantNotAllowed() {
    var never = SupervisorSpec.oneForOne(List.of(significant(child("a"), Restart.TRANSIENT)));
    assertThat(problem(never)).contains("bad_combination", "{auto_shutdown, never}");
    var permanent =
        SupervisorSpec.oneForOne(List.of(significant(child("a"), Restart.PERMANENT)))
            .autoShutdown(AutoShutdown.ANY_SIGNIFICANT);
    assertThat(problem(permanent)).contains("bad_combination", "{restart, permanent}");
  }

  @Test
  void sup22_treesStopInReverse() {
    var inner = SupervisorSpec.oneForOne(List.of(noting("x"), noting("y")));
    var supervisor = supervise(noting("a"), ChildSpec.supervisor("inner", inner), noting("z"));
    events.clear();
    node.stop(supervisor, ExitReason.SHUTDOWN, SOON);
    assertThat(events).containsExactly("z shutdown", "y shutdown", "x shutdown", "a shutdown");
  }

  @Test
  void sup23_stopWithAReason() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var supervisor = supervise(noting("a"));
      var end = endOf(node, supervisor);
      node.stop(supervisor, CRASH, SOON);
      assertThat(await(end)).isEqualTo(CRASH);
      assertThat(events).containsExactly("init a", "a shutdown");
    }
  }

  @Test
  void sup24_freshState() {
    supervise(child("a"));
    assertThat(node.call(ServerRef.named("a"), ADD, Object.class)).isEqualTo(1);
    endAndAwaitRestart("a", ExitReason.KILL);
    assertThat(node.call(ServerRef.named("a"), GET, Object.class)).isEqualTo(0);
  }

  @Test
  void sup25_oddStartResults() {
    var handle = node.supervisor(supervise());
    var withInfo =
        ChildSpec.function(
            "info",
            () ->
                new StartResult.Ok(
                    ProcessContext.current()
                        .spawnLink(() -> TestProcess.waitForEver(ProcessContext.current())),
                    "more"));
    assertThat(handle.startChild(withInfo))
        .isInstanceOfSatisfying(
            StartResult.Ok.class, started -> assertThat(started.info()).isEqualTo("more"));
    var error = new IllegalStateException("start failed");
    var raising =
        ChildSpec.function(
            "raising",
            () -> {
              throw error;
            });
    assertThat(handle.startChild(raising))
        .isEqualTo(new StartResult.Failed(new ExitReason.Failure(error)));
    assertThat(handle.startChild(ChildSpec.function("strange", SupConformanceTest::strange)))
        .isEqualTo(new StartResult.Failed(new ExitReason.BadReturnValue(null)));
    var why = ExitReason.of("why");
    var stopping =
        ChildSpec.named("stopping", () -> Scripted.server().onInit(() -> new Init.Stop<>(why)));
    assertThat(handle.startChild(stopping)).isEqualTo(new StartResult.Failed(why));
    assertThat(handle.whichChildren()).extracting(Supervisor.Child::id).containsExactly("info");
  }

  @SuppressWarnings("NullAway") // the only strange thing that the types let through
  private static StartResult strange() {
    return null;
  }

  @Test
  void sup26_argumentChecks() {
    var child = child("a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SupervisorSpec.oneForOne(List.of(child)).intensity(-1, SOON));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SupervisorSpec.oneForOne(List.of(child)).intensity(1, Duration.ZERO));
    assertThatNullPointerException()
        .isThrownBy(() -> SupervisorSpec.oneForOne(Collections.singletonList(null)));
  }

  @Test
  void sup04_oneForAll() {
    supervise(SupervisorSpec.oneForAll(List.of(noting("a"), noting("b"), noting("c"))));
    events.clear();
    endAndAwaitRestart("b", ExitReason.KILL);
    awaitEvents("c shutdown", "a shutdown", "init a", "init b", "init c");
  }

  @Test
  void sup05_restForOne() {
    supervise(SupervisorSpec.restForOne(List.of(noting("a"), noting("b"), noting("c"))));
    events.clear();
    endAndAwaitRestart("b", ExitReason.KILL);
    awaitEvents("c shutdown", "init b", "init c");
  }

  private void awaitEvents(String... expected) {
    await().untilAsserted(() -> assertThat(events).containsExactly(expected));
  }

  @Test
  void restartThatFailsIsTriedAgainAndCounts() {
    var starts = new AtomicInteger();
    var flaky =
        ChildSpec.named(
            "flaky",
            () ->
                Scripted.server()
                    .onInit(() ->
                        starts.incrementAndGet() == 2 ? new Init.Stop<>(CRASH) : ok(starts.get())));
    var supervisor = supervise(flaky);
    node.cast(ServerRef.named("flaky"), (Scripted.Message) state -> noReply(state));
    endAndAwaitRestart("flaky", ExitReason.KILL);
    assertThat(node.call(ServerRef.named("flaky"), GET, Object.class)).isEqualTo(3);
    assertThat(node.isAlive(supervisor)).isTrue();
  }
}
