package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.sdk.Backoff;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Strategy;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Children that wait before they are restarted; time stands still unless a test moves it.
class BackoffTest {

  private static final ExitReason CRASH = ExitReason.of("crash");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Backoff BACKOFF = Backoff.exponential(SECOND, SECOND.multipliedBy(3));

  private final ManualTime time = new ManualTime();
  @AutoClose private final Node node = Node.create(1, time);
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);
  private final List<String> events = new CopyOnWriteArrayList<>();

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

  private Pid supervise(Strategy strategy, ChildSpec... children) {
    var spec = SupervisorSpec.of(strategy, List.of(children)).intensity(10, SECOND);
    var pid = node.start(spec, StartOptions.none()).pidOrThrow();
    events.clear();
    return pid;
  }

  private void kill(String name) {
    node.exit(node.whereis(ServerRef.named(name)).orElseThrow(), ExitReason.KILL);
  }

  /// The children by age; all that the supervisor had to do before is done when it has answered.
  private List<String> children(Pid supervisor) {
    return node.supervisor(supervisor).whichChildren().reversed().stream()
        .map(child ->
            child.id()
                + (child.pid().isPresent() ? " runs" : child.restarting() ? " waits" : " rests"))
        .toList();
  }

  @Test
  void childWaitsAndTheSupervisorStaysResponsive() {
    var supervisor = supervise(Strategy.ONE_FOR_ONE, noting("a").backoff(BACKOFF), noting("b"));
    kill("a");
    assertThat(children(supervisor)).containsExactly("a waits", "b runs");
    assertThat(node.supervisor(supervisor).startChild(noting("c")))
        .isInstanceOf(StartResult.Ok.class);
    assertThat(node.supervisor(supervisor).restartChild("a"))
        .isEqualTo(new StartResult.Failed(ExitReason.of("restarting")));
    assertThat(node.supervisor(supervisor).deleteChild("a"))
        .isEqualTo(Supervisor.Outcome.RESTARTING);
    time.advance(SECOND.minusNanos(1));
    assertThat(children(supervisor)).containsExactly("a waits", "b runs", "c runs");
    time.advance(Duration.ofNanos(1));
    assertThat(children(supervisor)).containsExactly("a runs", "b runs", "c runs");
    assertThat(events).containsExactly("init c", "init a");
    assertThat(log.lines(Level.WARNING).getFirst())
        .contains("restart waits", "child=a", "reason=killed", "backoff=PT1S");
  }

  @Test
  void waitDoublesUpToItsLimitAndBeginsAnewAfterALongRun() {
    var supervisor = supervise(Strategy.ONE_FOR_ONE, noting("a").backoff(BACKOFF));
    for (var wait : List.of(1, 2, 3, 3)) {
      kill("a");
      assertThat(children(supervisor)).containsExactly("a waits");
      time.advance(Duration.ofSeconds(wait).minusNanos(1));
      assertThat(children(supervisor)).containsExactly("a waits");
      time.advance(Duration.ofNanos(1));
      assertThat(children(supervisor)).containsExactly("a runs");
    }
    time.advance(Duration.ofSeconds(3));
    kill("a");
    assertThat(children(supervisor)).containsExactly("a waits");
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("a runs");
  }

  @Test
  void terminateChildCancelsTheRestart() {
    var supervisor = supervise(Strategy.ONE_FOR_ONE, noting("a").backoff(BACKOFF));
    kill("a");
    assertThat(node.supervisor(supervisor).terminateChild("a")).isEqualTo(Supervisor.Outcome.OK);
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("a rests");
    assertThat(node.supervisor(supervisor).restartChild("a")).isInstanceOf(StartResult.Ok.class);
    assertThat(events).containsExactly("init a");
  }

  @Test
  void restartsCountWhenTheChildEnds() {
    var spec =
        SupervisorSpec.oneForOne(List.of(noting("a").backoff(BACKOFF), noting("b")))
            .intensity(1, SECOND.multipliedBy(10));
    var supervisor = node.start(spec, StartOptions.none()).pidOrThrow();
    var end = endOf(node, supervisor);
    kill("a");
    assertThat(children(supervisor)).containsExactly("a waits", "b runs");
    kill("b");
    assertThat(await(end)).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void restartThatFailsWaitsAgain() {
    var starts = new AtomicInteger();
    var flaky =
        ChildSpec.named(
                "flaky",
                () ->
                    Scripted.server()
                        .onInit(
                            () -> starts.incrementAndGet() == 2 ? new Init.Stop<>(CRASH) : ok(0)))
            .backoff(BACKOFF);
    var supervisor = supervise(Strategy.ONE_FOR_ONE, flaky);
    kill("flaky");
    children(supervisor);
    time.advance(SECOND);
    children(supervisor); // the failed start is tried again by a message, which comes after this
    assertThat(children(supervisor)).containsExactly("flaky waits");
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("flaky waits");
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("flaky runs");
  }

  @Test
  void groupIsEndedAtOnceAndStartedTogether() {
    var supervisor =
        supervise(Strategy.REST_FOR_ONE, noting("a"), noting("b").backoff(BACKOFF), noting("c"));
    kill("b");
    assertThat(children(supervisor)).containsExactly("a runs", "b waits", "c rests");
    assertThat(events).containsExactly("c shutdown");
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("a runs", "b runs", "c runs");
    assertThat(events).containsExactly("c shutdown", "init b", "init c");
  }

  @Test
  void restartOfTheGroupBySomebodyElseMakesTheWaitVoid() {
    var supervisor = supervise(Strategy.ONE_FOR_ALL, noting("a").backoff(BACKOFF), noting("b"));
    kill("a");
    assertThat(children(supervisor)).containsExactly("a waits", "b rests");
    node.supervisor(supervisor).restartChild("b");
    kill("b");
    assertThat(children(supervisor)).containsExactly("a runs", "b runs");
    events.clear();
    time.advance(SECOND);
    assertThat(children(supervisor)).containsExactly("a runs", "b runs");
    assertThat(events).isEmpty();
  }

  @Test
  void dynamicChildWaitsAndIsEndedByItsLastPid() {
    var pid = node.start(DynamicSupervisorSpec.create(), StartOptions.none()).pidOrThrow();
    var supervisor = node.dynamicSupervisor(pid);
    var first = supervisor.startChild(noting("a").backoff(BACKOFF)).pidOrThrow();
    node.exit(first, ExitReason.KILL);
    assertThat(supervisor.countChildren()).isEqualTo(new Supervisor.Counts(1, 0, 0, 1));
    assertThat(supervisor.whichChildren().getFirst().restarting()).isTrue();
    time.advance(SECOND);
    var second = supervisor.whichChildren().getFirst().pid().orElseThrow();
    assertThat(second).isNotEqualTo(first);
    node.exit(second, ExitReason.KILL);
    assertThat(supervisor.terminateChild(second)).isEqualTo(Supervisor.Outcome.OK);
    time.advance(SECOND.multipliedBy(2));
    assertThat(supervisor.whichChildren()).isEmpty();
  }

  @Test
  void stoppingTheSupervisorDoesNotWaitForWaitingChildren() {
    var supervisor = supervise(Strategy.ONE_FOR_ONE, noting("a").backoff(BACKOFF));
    kill("a");
    children(supervisor);
    node.stop(supervisor);
    assertThat(node.processCount()).isZero();
    assertThat(time.waiting()).as("no timer is left behind").isZero();
  }

  @Test
  void impossibleBackoffsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.exponential(SECOND, SECOND.minusNanos(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.constant(SECOND.negated()));
    assertThat(Backoff.constant(SECOND).after(1_000)).isEqualTo(SECOND);
    assertThat(Backoff.NONE.after(3)).isZero();
  }
}
