package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What OTP's supervisor does around the rows of the conformance table.
class SupervisionTest {

  private static final ExitReason CRASH = ExitReason.of("crash");

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);
  @AutoClose private final LogCapture crashes = LogCapture.of(CrashReport.class);
  private final List<String> events = new CopyOnWriteArrayList<>();

  private ChildSpec noting(String id) {
    return flaky(id, _ -> false);
  }

  /// A trapping server that notes its init and its terminate, and fails at some of its starts.
  private ChildSpec flaky(String id, IntPredicate fails) {
    var starts = new AtomicInteger();
    return ChildSpec.named(
        id,
        () ->
            Scripted.trapping()
                .onInit(() -> {
                  if (fails.test(starts.incrementAndGet())) {
                    events.add(id + " fails");
                    return new Init.Stop<>(CRASH);
                  }
                  events.add("init " + id);
                  return ok(0);
                })
                .onTerminate((reason, _) -> events.add(id + " " + reason)));
  }

  private Pid supervise(SupervisorSpec spec) {
    var pid = node.start(spec, StartOptions.none()).pidOrThrow();
    events.clear();
    return pid;
  }

  private Pid pid(String name) {
    return node.whereis(ServerRef.named(name)).orElseThrow();
  }

  private void awaitEvents(String... expected) {
    await().untilAsserted(() -> assertThat(events).containsExactly(expected));
  }

  // Groups.

  @Test
  void siblingThatFailsInAGroupRestartIsTriedAgainWithTheWholeGroup() {
    supervise(
        SupervisorSpec.oneForAll(List.of(noting("a"), noting("b"), flaky("c", it -> it == 2))));
    node.exit(pid("a"), ExitReason.KILL);
    awaitEvents(
        "c shutdown",
        "b shutdown",
        "init a",
        "init b",
        "c fails", // counts as one restart more
        "b shutdown",
        "a shutdown",
        "init a",
        "init b",
        "init c");
  }

  @Test
  void siblingThatFailsInARestRestartIsTriedAgainWithItsOwnRest() {
    supervise(
        SupervisorSpec.restForOne(
            List.of(noting("a"), noting("b"), flaky("c", it -> it == 2), noting("d"))));
    node.exit(pid("b"), ExitReason.KILL);
    awaitEvents("d shutdown", "c shutdown", "init b", "c fails", "init c", "init d");
  }

  @Test
  void failedRestartsCountUntilTheyAreExhausted() {
    var supervisor =
        supervise(SupervisorSpec.oneForAll(List.of(noting("a"), flaky("b", it -> it > 1))));
    var end = endOf(node, supervisor);
    node.exit(pid("b"), ExitReason.KILL);
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(events)
        .containsExactly(
            "a shutdown",
            "init a",
            "b fails",
            "a shutdown",
            "init a",
            "b fails",
            "a shutdown",
            "init a",
            "b fails",
            "a shutdown");
    assertThat(log.lines(Level.SEVERE).getLast()).contains("restarts exhausted", "child=b", "4/3");
  }

  @Test
  void temporarySiblingsAreNotRestartedWithTheirGroup() {
    var supervisor =
        supervise(
            SupervisorSpec.oneForAll(
                List.of(noting("a"), noting("b").restart(Restart.TEMPORARY), noting("c"))));
    node.exit(pid("a"), ExitReason.KILL);
    awaitEvents("c shutdown", "b shutdown", "init a", "init c");
    assertThat(node.supervisor(supervisor).whichChildren())
        .extracting(Supervisor.Child::id)
        .containsExactly("c", "a");
  }

  @Test
  void childThatWasStoppedByHandIsStartedWithItsGroup() {
    var supervisor = supervise(SupervisorSpec.oneForAll(List.of(noting("a"), noting("b"))));
    node.supervisor(supervisor).terminateChild("b");
    events.clear();
    node.exit(pid("a"), ExitReason.KILL);
    awaitEvents("init a", "init b");
  }

  @Test
  void restartsOfEachChildAreKept() {
    var supervisor = supervise(SupervisorSpec.restForOne(List.of(noting("a"), noting("b"))));
    node.exit(pid("b"), ExitReason.KILL);
    awaitEvents("init b");
    node.exit(pid("a"), ExitReason.KILL);
    awaitEvents("init b", "b shutdown", "init a", "init b");
    assertThat(node.supervisor(supervisor).whichChildren())
        .extracting(child -> child.id() + " " + child.restarts())
        .containsExactly("b 2", "a 1");
  }

  // Significant children.

  @Test
  void significantChildEndedByHandDoesNotEndTheSupervisor() {
    var child = noting("a").restart(Restart.TEMPORARY).significant(true);
    var supervisor =
        supervise(
            SupervisorSpec.oneForOne(List.of(child)).autoShutdown(AutoShutdown.ANY_SIGNIFICANT));
    node.supervisor(supervisor).terminateChild("a");
    assertThat(node.supervisor(supervisor).whichChildren()).isEmpty();
  }

  @Test
  void autoShutdownRestartsNothingUpTheTreeIfTheSupervisorIsTransient() {
    var child = noting("a").restart(Restart.TRANSIENT).significant(true);
    var inner = SupervisorSpec.oneForOne(List.of(child)).autoShutdown(AutoShutdown.ANY_SIGNIFICANT);
    var outer =
        supervise(
            SupervisorSpec.oneForOne(
                List.of(ChildSpec.supervisor("inner", inner).restart(Restart.TRANSIENT))));
    var end = endOf(node, node.supervisor(outer).whichChildren().getFirst().pid().orElseThrow());
    node.stop(pid("a"));
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(node.supervisor(outer).whichChildren())
        .singleElement()
        .satisfies(it -> assertThat(it.pid()).isEmpty());
  }

  @Test
  void significantChildOfTheWrongKindIsRefusedWhenStartedByHand() {
    var handle = node.supervisor(supervise(SupervisorSpec.oneForOne(List.of())));
    var result = handle.startChild(noting("a").restart(Restart.TEMPORARY).significant(true));
    assertThat(result).isInstanceOf(StartResult.Failed.class);
    assertThat(((StartResult.Failed) result).reason().toString()).startsWith("{bad_combination");
    assertThat(events).isEmpty();
  }

  // Trees.

  @Test
  void exhaustedInnerSupervisorIsRestartedByTheOuterOne() {
    var inner = SupervisorSpec.oneForOne(List.of(noting("a"))).intensity(0, SOON);
    var outer = supervise(SupervisorSpec.oneForOne(List.of(ChildSpec.supervisor("inner", inner))));
    node.exit(pid("a"), ExitReason.KILL);
    awaitEvents("init a");
    assertThat(node.supervisor(outer).whichChildren().getFirst().restarts()).isEqualTo(1);
  }

  @Test
  void namedSupervisorInATreeIsFoundByItsName() {
    supervise(
        SupervisorSpec.oneForOne(
            List.of(
                ChildSpec.supervisor(
                    "rooms", DynamicSupervisorSpec.create(), StartOptions.named("rooms")))));
    var rooms = node.dynamicSupervisor(ServerRef.named("rooms"));
    assertThat(rooms.startChild(noting("room"))).isInstanceOf(StartResult.Ok.class);
  }

  // Ends that are not as told.

  @Test
  void childThatEndsOtherwiseThanItWasToldIsReportedOnce() {
    var odd =
        ChildSpec.named(
            "odd",
            () ->
                Scripted.trapping()
                    .onTerminate((_, _) -> {
                      throw new IllegalStateException("odd");
                    }));
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of(noting("a"), odd)));
    var odds = pid("odd");
    node.stop(supervisor, ExitReason.SHUTDOWN, SOON);
    assertThat(crashes.lines(Level.SEVERE)).singleElement().asString().contains("name='odd'");
    assertThat(log.lines(Level.WARNING))
        .singleElement()
        .asString()
        .contains(
            "child ended otherwise",
            "supervisor=" + supervisor,
            "child=odd",
            "pid=" + odds,
            "IllegalStateException: odd",
            "restart=PERMANENT");
  }

  @Test
  void normalEndOnShutdownIsReportedForPermanentChildrenAlone() {
    for (var restart : List.of(Restart.PERMANENT, Restart.TRANSIENT)) {
      var gate = new Gate();
      var ending =
          ChildSpec.function(
                  "ending",
                  () ->
                      new StartResult.Ok(
                          ProcessContext.current()
                              .spawnLink(() -> {
                                ProcessContext.current().trapExit(true);
                                gate.open();
                                ProcessContext.current().receive(SOON);
                              })))
              .restart(restart);
      var supervisor = supervise(SupervisorSpec.oneForOne(List.of(ending)));
      gate.pass();
      node.supervisor(supervisor).terminateChild("ending");
    }
    assertThat(log.lines(Level.WARNING))
        .singleElement()
        .asString()
        .contains("reason=normal", "restart=PERMANENT");
  }

  @Test
  void childThatDiedUnnoticedBeforeItsShutdownIsReported() {
    var gate = new Gate();
    var supervisor =
        supervise(
            SupervisorSpec.oneForOne(
                List.of(
                    noting("a"),
                    ChildSpec.named(
                        "slow", () -> Scripted.trapping().onTerminate((_, _) -> gate.pass())))));
    var stop =
        TestProcess.outside(() -> {
          node.stop(supervisor, ExitReason.SHUTDOWN, SOON);
          return true;
        });
    gate.awaitArrival();
    node.exit(pid("a"), ExitReason.KILL); // while the supervisor is busy ending 'slow'
    gate.open();
    assertThat(await(stop)).isTrue();
    assertThat(log.lines(Level.WARNING))
        .singleElement()
        .asString()
        .contains("child ended otherwise", "child=a", "reason=killed");
  }

  @Test
  void childThatHasUnlinkedItselfIsEndedAllTheSame() {
    var naughty = ChildSpec.named("naughty", Scripted::server).shutdown(Shutdown.infinity());
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of(naughty)));
    Scripted.Request unlink =
        (_, state) -> {
          ProcessContext.current().unlink(supervisor);
          return reply(state, state);
        };
    node.call(ServerRef.named("naughty"), unlink, Object.class);
    assertThat(node.supervisor(supervisor).terminateChild("naughty"))
        .isEqualTo(Supervisor.Outcome.OK);
    assertThat(node.whereis(ServerRef.named("naughty"))).isEmpty();
  }

  // Children and their supervisor.

  @Test
  void childThatWaitsForItsSupervisorCanBeEndedByIt() {
    var gate = new Gate();
    var supervisor =
        supervise(SupervisorSpec.oneForOne(List.of(ChildSpec.named("a", Scripted::server))));
    var busy =
        TestProcess.outside(() ->
            node.supervisor(supervisor)
                .startChild(
                    ChildSpec.function(
                        "busy",
                        () -> {
                          gate.pass();
                          return new StartResult.Ignore();
                        })));
    gate.awaitArrival();
    var terminated = TestProcess.outside(() -> node.supervisor(supervisor).terminateChild("a"));
    node.cast(
        ServerRef.named("a"),
        (Scripted.Message)
            state -> {
              ProcessContext.current().supervisor(supervisor).startChild(noting("late"));
              return Answers.noReply(state);
            });
    gate.open();
    assertThat(await(busy)).isEqualTo(new StartResult.Ignore());
    assertThat(await(terminated)).isEqualTo(Supervisor.Outcome.OK);
    assertThat(node.isAlive(supervisor)).isTrue();
  }

  @Test
  void childWhoseInitAsksItsSupervisorIsToldThatThisCannotBe() {
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of()));
    var asking =
        ChildSpec.named(
            "asking",
            () ->
                Scripted.server()
                    .onInit(
                        () -> ok(ProcessContext.current().supervisor(supervisor).whichChildren())));
    var result = node.supervisor(supervisor).startChild(asking);
    assertThat(result).isInstanceOf(StartResult.Failed.class);
    assertThat(((StartResult.Failed) result).reason()).isInstanceOf(ExitReason.CallCycle.class);
    assertThat(node.supervisor(supervisor).whichChildren()).isEmpty();
  }

  // Misuse.

  @Test
  void whatASupervisorDoesNotUnderstandDoesItNoHarm() {
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of(noting("a"))));
    node.cast(supervisor, "boo");
    node.send(supervisor, "boo");
    assertThat(failure(() -> node.call(supervisor, "boo", Object.class)).reason().toString())
        .startsWith("badarg");
    node.exit(supervisor, CRASH); // a supervisor traps exits
    assertThat(node.supervisor(supervisor).countChildren().active()).isEqualTo(1);
    assertThat(log.lines(Level.SEVERE)).hasSize(2).allMatch(line -> line.contains("unexpected"));
  }

  @Test
  void handleOfAnotherKindIsRefused() {
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.dynamicSupervisor(supervisor).whichChildren());
    var server = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.supervisor(server).whichChildren())
        .withMessageContaining("no supervisor");
    assertThat(failure(() -> node.supervisor(ServerRef.named("nobody")).whichChildren()).reason())
        .isEqualTo(ExitReason.NOPROC);
  }

  // Protected processes.

  @Test
  void protectedSupervisorIsNotHarmedByOtherProcesses() {
    var root = supervise(SupervisorSpec.oneForOne(List.of(noting("a"))));
    node.protect(root);
    var hostile =
        TestProcess.spawn(
            node,
            me -> {
              refused(() -> me.exit(root, ExitReason.KILL));
              refused(() -> me.stop(root));
              refused(() -> me.link(root));
              refused(() -> me.sys().suspend(root));
              refused(() -> me.supervisor(root).terminateChild("a"));
              refused(() -> me.supervisor(root).startChild(noting("b")));
              me.cast(root, "boo");
              return me.supervisor(root).countChildren();
            });
    assertThat(hostile.awaitResult()).isEqualTo(new Supervisor.Counts(1, 1, 0, 1));
    node.stop(root, ExitReason.SHUTDOWN, SOON);
    assertThat(events).containsExactly("a shutdown");
  }

  private static void refused(Runnable harm) {
    assertThatIllegalArgumentException()
        .isThrownBy(harm::run)
        .withMessageContaining("process of the daemon itself");
  }

  @Test
  void callToASupervisorThatEndsMeanwhileFails() {
    var supervisor = supervise(SupervisorSpec.oneForOne(List.of()));
    var killing =
        ChildSpec.function(
            "killing",
            () -> {
              node.exit(supervisor, ExitReason.KILL);
              return new StartResult.Ignore();
            });
    var thrown = failure(() -> node.supervisor(supervisor).startChild(killing));
    assertThat(thrown).isInstanceOf(CallException.class);
    assertThat(thrown.reason()).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void exactEdgeOfTheWindowStillCounts() {
    var time = new ManualTime();
    try (var held = Node.create(1, time)) {
      var worker = ChildSpec.worker("child", Scripted::server, StartOptions.none());
      var spec = SupervisorSpec.oneForOne(List.of(worker)).intensity(1, Duration.ofSeconds(5));
      var inside = held.start(spec, StartOptions.none()).pidOrThrow();
      var outside = held.start(spec, StartOptions.none()).pidOrThrow();
      var end = endOf(held, inside);
      crashOnlyChild(held, inside);
      crashOnlyChild(held, outside);
      time.advance(Duration.ofSeconds(5));
      held.exit(onlyChild(held, inside), CRASH);
      assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
      time.advance(Duration.ofNanos(1));
      crashOnlyChild(held, outside);
    }
  }

  /// Ends the child; when this returns it has been restarted.
  private static void crashOnlyChild(Node node, Pid supervisor) {
    node.exit(onlyChild(node, supervisor), CRASH);
    onlyChild(node, supervisor);
  }

  private static Pid onlyChild(Node node, Pid supervisor) {
    return node.supervisor(supervisor).whichChildren().getFirst().pid().orElseThrow();
  }
}
