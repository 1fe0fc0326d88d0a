package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Answers.stop;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section TERM of the conformance table, a test a row.
class TermConformanceTest {

  private static final ExitReason ON_PURPOSE = ExitReason.of("on_purpose");
  private static final ExitReason ROTTEN = ExitReason.of("rotten");

  @AutoClose private final Node node = Node.create();

  private Pid start(Scripted server) {
    return node.start(server, StartOptions.none()).pidOrThrow();
  }

  private static Scripted.Terminated terminated(ExitReason reason) {
    return new Scripted.Terminated(reason, 0);
  }

  /// Starts the server with a link to a new process that then ends with `reason`.
  private Pid startFromOneThatEnds(Scripted server, ExitReason reason) {
    var pid = new CompletableFuture<Pid>();
    var gate = new Gate();
    var parent =
        TestProcess.spawn(
            node,
            me -> {
              pid.complete(me.startLink(server, StartOptions.none()).pidOrThrow());
              gate.pass();
              throw new ExitException(reason);
            });
    ends.add(endOf(node, await(pid)));
    gate.open();
    assertThat(parent.awaitEnd()).isEqualTo(reason);
    return await(pid);
  }

  private final List<CompletableFuture<ExitReason>> ends =
      new java.util.concurrent.CopyOnWriteArrayList<>();

  @Test
  void term01_stopIsSynchronous() {
    var gate = new Gate();
    var server = Scripted.server().onTerminate((_, _) -> gate.pass());
    var pid = start(server);
    var aliveAfterStop =
        outside(() -> {
          node.stop(pid);
          return node.isAlive(pid);
        });
    gate.awaitArrival();
    await().during(Duration.ofMillis(60)).until(() -> !aliveAfterStop.isDone());
    gate.open();
    assertThat(await(aliveAfterStop)).isFalse();
    assertThat(server.seen).containsExactly(terminated(ExitReason.NORMAL));
  }

  @Test
  void term02_stopWithAReason() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var server = Scripted.server();
      var pid = start(server);
      var end = endOf(node, pid);
      node.stop(pid, ON_PURPOSE, SOON);
      assertThat(server.seen).containsExactly(terminated(ON_PURPOSE));
      assertThat(await(end)).isEqualTo(ON_PURPOSE);
    }
  }

  @Test
  void term03_stopNobody() {
    var ended = start(Scripted.server());
    node.stop(ended);
    assertThat(failure(() -> node.stop(ended)).reason()).isEqualTo(ExitReason.NOPROC);
    assertThat(failure(() -> node.stop(ServerRef.named("nobody"))).reason())
        .isEqualTo(ExitReason.NOPROC);
  }

  @Test
  void term04_stopEndsOtherwise() {
    var other = ExitReason.shutdown("other");
    var pid =
        start(
            Scripted.server()
                .onTerminate((_, _) -> {
                  throw new ExitException(other);
                }));
    assertThat(failure(() -> node.stop(pid)).reason()).isEqualTo(other);
  }

  @Test
  void term05_parentEndsPlainServer() {
    var server = Scripted.server();
    startFromOneThatEnds(server, ExitReason.SHUTDOWN);
    assertThat(await(ends.getFirst())).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void term06_parentEndsTrappingServer() {
    var server = Scripted.trapping();
    startFromOneThatEnds(server, ExitReason.SHUTDOWN);
    assertThat(await(ends.getFirst())).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(server.seen).containsExactly(terminated(ExitReason.SHUTDOWN));
  }

  @Test
  void term07_exitsOfOthersAreMessagesToATrappingServer() {
    var server = Scripted.trapping();
    var pid = start(server);
    var please = ExitReason.of("please");
    var stranger =
        TestProcess.spawn(
            node,
            me -> {
              me.exit(pid, please);
              return true;
            });
    stranger.awaitResult();
    var partner =
        TestProcess.spawn(
            node,
            me -> {
              me.link(pid);
              throw new ExitException(ROTTEN);
            });
    assertThat(partner.awaitEnd()).isEqualTo(ROTTEN);
    assertThat(node.call(pid, GET, Object.class)).isEqualTo(0);
    assertThat(server.seen)
        .containsExactly(
            new InfoMessage.Exit(stranger.pid(), please),
            new InfoMessage.Exit(partner.pid(), ROTTEN));
  }

  @Test
  void term08_kill() {
    var server = Scripted.trapping();
    var pid = start(server);
    var end = endOf(node, pid);
    node.exit(pid, ExitReason.KILL);
    assertThat(await(end)).isEqualTo(ExitReason.KILLED);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void term08_killDuringTerminate() {
    var gate = new Gate();
    var pid = start(Scripted.server().onTerminate((_, _) -> gate.pass()));
    var end = endOf(node, pid);
    Scripted.Request stop = (_, state) -> stop(ExitReason.NORMAL, state).replying("too late");
    var call = outside(() -> failure(() -> node.call(pid, stop, Object.class, SOON)));
    gate.awaitArrival();
    node.exit(pid, ExitReason.KILL);
    assertThat(await(call).reason()).isEqualTo(ExitReason.KILLED);
    assertThat(await(end)).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void term09_exitSignalNormal() {
    var plain = start(Scripted.server());
    var server = Scripted.trapping();
    var trapping = start(server);
    var sender =
        TestProcess.spawn(
            node,
            me -> {
              me.exit(plain, ExitReason.NORMAL);
              me.exit(trapping, ExitReason.NORMAL);
              return true;
            });
    sender.awaitResult();
    assertThat(node.call(plain, GET, Object.class)).isEqualTo(0);
    assertThat(node.call(trapping, GET, Object.class)).isEqualTo(0);
    assertThat(server.seen).containsExactly(new InfoMessage.Exit(sender.pid(), ExitReason.NORMAL));
  }

  @Test
  void term09_exitSignalNormalToOneselfEndsAPlainProcess() {
    var process =
        TestProcess.spawn(
            node,
            me -> {
              me.exit(me.self(), ExitReason.NORMAL);
              return "went on";
            });
    assertThat(process.awaitEnd()).isEqualTo(ExitReason.NORMAL);
    assertThat(process.result()).isNotDone();
  }

  @Test
  void term10_stateGivenToTerminate() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var boom = new IllegalStateException("boom");
      var raising = Scripted.holding("old");
      Scripted.Request raise =
          (_, _) -> {
            throw boom;
          };
      var raisingPid = start(raising);
      failure(() -> node.call(raisingPid, raise, Object.class));
      assertThat(raising.seen)
          .containsExactly(new Scripted.Terminated(new ExitReason.Failure(boom), "old"));

      var done = ExitReason.of("done");
      var stopping = Scripted.holding("old");
      Scripted.Request stop = (_, _) -> stop(done, "new");
      var stoppingPid = start(stopping);
      failure(() -> node.call(stoppingPid, stop, Object.class));
      assertThat(stopping.seen).containsExactly(new Scripted.Terminated(done, "new"));
    }
  }

  @Test
  void term11_whatIsLogged() {
    try (var log = LogCapture.of(CrashReport.class)) {
      for (var quiet : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("x"))) {
        node.stop(start(Scripted.server()), quiet, SOON);
      }
      assertThat(log.lines(Level.SEVERE)).isEmpty();
      node.stop(start(Scripted.server()), ExitReason.of("odd"), SOON);
      assertThat(log.lines(Level.SEVERE))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("reason=odd", "state=0"));
    }
  }

  /// Cannot be shown.
  record Unshowable() {
    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  @Test
  void term11_crashReportOfAStateThatCannotBeShownHarmsNobody() {
    try (var log = LogCapture.of(CrashReport.class)) {
      var pid = start(Scripted.holding(new Unshowable()));
      node.stop(pid, ON_PURPOSE, SOON);
      assertThat(log.lines(Level.SEVERE))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("state=? (cannot be shown"));
    }
  }

  @Test
  void term12_reasonByKindOfFailure() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var foo = ExitReason.of("foo");
      var boom = new IllegalStateException("boom");
      assertThat(failureOf(new ExitException(foo))).isEqualTo(foo);
      assertThat(failureOf(boom)).isEqualTo(new ExitReason.Failure(boom));
    }
  }

  private ExitReason failureOf(RuntimeException thrown) {
    var pid = start(Scripted.server());
    Scripted.Request raise =
        (_, _) -> {
          throw thrown;
        };
    return failure(() -> node.call(pid, raise, Object.class)).reason();
  }

  @Test
  void term13_starterEndsNormally() {
    var plain = Scripted.server();
    var plainPid = startFromOneThatEnds(plain, ExitReason.NORMAL);
    var trapping = Scripted.trapping();
    startFromOneThatEnds(trapping, ExitReason.NORMAL);

    assertThat(await(ends.getLast())).isEqualTo(ExitReason.NORMAL);
    assertThat(trapping.seen).containsExactly(terminated(ExitReason.NORMAL));
    assertThat(node.call(plainPid, GET, Object.class)).isEqualTo(0);
  }

  @Test
  void term14_linkedProcessCrashes() {
    var server = Scripted.server();
    var pid = start(server);
    var end = endOf(node, pid);
    TestProcess.spawn(
        node,
        me -> {
          me.link(pid);
          throw new ExitException(ROTTEN);
        });
    assertThat(await(end)).isEqualTo(ROTTEN);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void term15_terminateFails() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var boom = new IllegalStateException("boom");
      var pid =
          start(
              Scripted.server()
                  .onTerminate((_, _) -> {
                    throw boom;
                  }));
      var end = endOf(node, pid);
      assertThat(failure(() -> node.stop(pid, ExitReason.of("first_reason"), SOON)).reason())
          .isEqualTo(new ExitReason.Failure(boom));
      assertThat(await(end)).isEqualTo(new ExitReason.Failure(boom));
    }
  }

  @Test
  void term16_callBehindAStop() {
    var gate = new Gate();
    var pid = start(Scripted.server());
    node.cast(
        pid,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    gate.awaitArrival();
    var server = node.locate(pid).orElseThrow();
    var stop = outside(() -> stopped(pid));
    await().until(() -> server.queued() == 1);
    var call = outside(() -> failure(() -> node.call(pid, GET, Object.class)));
    await().until(() -> server.queued() == 2);
    gate.open();
    assertThat(await(call).reason()).isEqualTo(ExitReason.NORMAL);
    assertThat(await(stop)).isTrue();
  }

  private boolean stopped(Pid pid) {
    node.stop(pid);
    return true;
  }

  @Test
  void stopThatTimesOutLeavesNoWatcherBehind() {
    var gate = new Gate();
    var pid = start(Scripted.server().onTerminate((_, _) -> gate.pass()));
    assertThat(failure(() -> node.stop(pid, ExitReason.NORMAL, Duration.ofMillis(20))).reason())
        .isEqualTo(ExitReason.TIMEOUT);
    var process = node.table.find(pid);
    assertThat(process).isNotNull();
    assertThat(process.watchers()).isZero();
    gate.open();
  }

  @Test
  void codeThatIgnoresItsInterruptionIsReportedOnce() {
    var time = new ManualTime();
    try (var log = LogCapture.of(LocalProcess.class);
        var held = Node.create(1, time)) {
      var gate = new Gate();
      var pid = held.start(Scripted.server(), StartOptions.named("stubborn")).pidOrThrow();
      Scripted.Request stubborn =
          (_, state) -> {
            gate.passStubbornly();
            return reply(state, state);
          };
      var call = outside(() -> failure(() -> held.call(pid, stubborn, Object.class)));
      gate.awaitArrival();
      held.exit(pid, ExitReason.KILL);
      assertThat(await(call).reason()).isEqualTo(ExitReason.KILLED);
      assertThat(held.whereis(ServerRef.named("stubborn"))).isEmpty();

      time.advance(Duration.ofSeconds(5));
      time.advance(Duration.ofSeconds(60));
      gate.open();

      assertThat(log.lines(Level.WARNING))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("'stubborn'", pid.toString(), "interrupt"));
    }
  }

  @Test
  void interruptThatACallbackGivesItselfDoesNotReachTheNext() {
    var helper = start(Scripted.server());
    var pid = start(Scripted.server());
    Scripted.Request interruptYourself =
        (_, state) -> {
          Thread.currentThread().interrupt();
          return reply(state, state);
        };
    Scripted.Request askTheHelper =
        (_, state) -> reply(ProcessContext.current().call(helper, GET, Object.class), state);
    var process = node.locate(pid).orElseThrow();
    var gate = new Gate();
    node.cast(
        pid,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    var first = outside(() -> node.call(pid, interruptYourself, Object.class));
    await().until(() -> process.queued() == 1);
    var second = outside(() -> node.call(pid, askTheHelper, Object.class));
    await().until(() -> process.queued() == 2);
    gate.open(); // both run in one activation
    assertThat(await(first)).isEqualTo(0);
    assertThat(await(second)).isEqualTo(0);
  }

  @Test
  void endedProcessWakesWhoAwaitsAMessage() {
    var process = TestProcess.spawn(node, me -> me.receive(Timeouts.INFINITY));
    node.exit(process.pid(), ROTTEN);
    assertThat(process.awaitEnd()).isEqualTo(ROTTEN);
    var other = TestProcess.spawn(node, TestProcess::receive);
    node.send(other.pid(), "hello");
    assertThat(other.awaitResult()).isEqualTo(new InfoMessage.Message("hello"));
    assertThat(receiveNothing()).isTrue();
  }

  private boolean receiveNothing() {
    return TestProcess.spawn(node, TestProcess::mailboxIsEmpty).awaitResult();
  }
}
