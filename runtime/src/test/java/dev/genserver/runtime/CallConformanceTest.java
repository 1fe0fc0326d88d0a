package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Answers.stop;
import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.outside;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MissingCallbackException;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section CALL of the conformance table, a test a row.
class CallConformanceTest {

  private static final Duration SHORT = Duration.ofMillis(40);

  @AutoClose private final Node node = Node.create();

  private Pid start(GenServer<?, ?, ?> server) {
    return node.start(server, StartOptions.none()).pidOrThrow();
  }

  private Object call(ServerRef server, Scripted.Request request) {
    return node.call(server, request, Object.class, SOON);
  }

  @Test
  void call01_replyAndState() {
    var server = start(Scripted.holding(0));
    assertThat(call(server, ADD)).isEqualTo(1);
    assertThat(call(server, ADD)).isEqualTo(2);
    assertThat(call(server, GET)).isEqualTo(2);
  }

  @Test
  void call02_defaultTimeoutIsFiveSeconds() {
    var time = new ManualTime();
    try (var held = Node.create(1, time)) {
      var server = held.start(Scripted.server(), StartOptions.none()).pidOrThrow();
      Scripted.Request never = (_, state) -> noReply(state);
      var call = outside(() -> failure(() -> held.call(server, never, Object.class)));
      await().until(() -> time.waiting() == 1);

      time.advance(Duration.ofMillis(4_999));
      assertThat(call).isNotDone();
      time.advance(Duration.ofMillis(1));

      assertThat(await(call).reason()).isEqualTo(ExitReason.TIMEOUT);
    }
  }

  @Test
  void call03_timedOutCallStillRuns() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    var failed = failure(() -> node.call(server, passThenAdd(gate), Object.class, SHORT));
    gate.open();
    assertThat(failed.reason()).isEqualTo(ExitReason.TIMEOUT);
    assertThat(call(server, GET)).isEqualTo(1);
  }

  @Test
  void call03_callThatTimedOutInTheMailboxStillRuns() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    var first = outside(() -> call(server, passThenAdd(gate)));
    gate.awaitArrival();
    assertThat(failure(() -> node.call(server, ADD, Object.class, SHORT)).reason())
        .isEqualTo(ExitReason.TIMEOUT);
    gate.open();
    assertThat(await(first)).isEqualTo(1);
    assertThat(call(server, GET)).isEqualTo(2);
  }

  private static Scripted.Request passThenAdd(Gate gate) {
    return (_, state) -> {
      gate.pass();
      return reply((int) state + 1, (int) state + 1);
    };
  }

  @Test
  void call04_lateReplyIsDropped() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    var caller =
        TestProcess.spawn(
            node,
            me -> {
              failure(() -> me.call(server, passThenAdd(gate), Object.class, SHORT));
              gate.open();
              assertThat(me.call(server, GET, Object.class, SOON)).isEqualTo(1);
              return mailboxIsEmpty(me);
            });
    assertThat(caller.awaitResult()).isTrue();
  }

  @Test
  void call05_nobodyThereFailsAtOnce() {
    var ended = start(Scripted.server());
    node.stop(ended);
    var begin = System.nanoTime();
    assertThat(failure(() -> call(ended, GET)).reason()).isEqualTo(ExitReason.NOPROC);
    assertThat(failure(() -> call(ServerRef.named("nobody"), GET)).reason())
        .isEqualTo(ExitReason.NOPROC);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void call06_callToOneselfFailsAtOnce() {
    var server = start(Scripted.server());
    Scripted.Request callYourself =
        (_, state) -> {
          var me = ProcessContext.current();
          return reply(failure(() -> me.call(me.self(), GET, Object.class)).reason(), state);
        };
    assertThat(call(server, callYourself)).isEqualTo(ExitReason.CALLING_SELF);
    assertThat(call(server, GET)).isEqualTo(0);
  }

  @Test
  void call07_failureTellsWhichCall() {
    var server = start(Scripted.server());
    Scripted.Request never = (_, state) -> noReply(state);
    var timeout = Duration.ofMillis(30);
    var failed = failure(() -> node.call(server, never, Object.class, timeout));
    assertThat(failed.reason()).isEqualTo(ExitReason.TIMEOUT);
    assertThat(failed.server()).isEqualTo(server);
    assertThat(failed.request()).isSameAs(never);
    assertThat(failed.timeout()).isEqualTo(timeout);
    assertThat(failed).hasMessageContaining(server.toString()).hasMessageContaining("timeout");
  }

  @Test
  void call08_crashWhileAnsweringFailsTheQueuedToo() {
    var server = start(Scripted.server());
    var gate = new Gate();
    Scripted.Request boom =
        (_, _) -> {
          gate.pass();
          throw new IllegalStateException("boom");
        };
    try (var log = LogCapture.of(CrashReport.class)) {
      var first = outside(() -> failure(() -> call(server, boom)));
      gate.awaitArrival();
      var second = outside(() -> failure(() -> call(server, GET)));
      var process = node.locate(server).orElseThrow();
      await().until(() -> process.queued() == 1);
      gate.open();

      assertThat(List.of(await(first), await(second)))
          .allSatisfy(failed ->
              assertThat(failed.reason()).hasToString("java.lang.IllegalStateException: boom"));
      assertThat(failure(() -> call(server, GET)).reason()).isEqualTo(ExitReason.NOPROC);
      assertThat(log.lines(java.util.logging.Level.SEVERE)).hasSize(1);
    }
  }

  @Test
  void call09_stopWithoutReplyFailsWithTheReason() {
    var done = ExitReason.shutdown("done");
    for (var reason : List.of(ExitReason.NORMAL, done)) {
      var server = start(Scripted.server());
      Scripted.Request stop = (_, state) -> stop(reason, state);
      assertThat(failure(() -> call(server, stop)).reason()).isEqualTo(reason);
    }
  }

  @Test
  void call10_stopWithReplyRepliesAfterTerminate() {
    var gate = new Gate();
    var server = Scripted.server().onTerminate((_, _) -> gate.pass());
    var pid = start(server);
    var end = endOf(node, pid);
    Scripted.Request stop = (_, state) -> stop(ExitReason.NORMAL, state).replying("bye");
    var reply = outside(() -> call(pid, stop));
    gate.awaitArrival();

    await().during(Duration.ofMillis(100)).until(() -> !reply.isDone());
    gate.open();

    assertThat(await(reply)).isEqualTo("bye");
    assertThat(await(end)).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void call10_stopWithReplyRepliesEvenIfTerminateThrows() {
    var pid =
        start(
            Scripted.server()
                .onTerminate((_, _) -> {
                  throw new ExitException(ExitReason.shutdown("worse"));
                }));
    var end = endOf(node, pid);
    Scripted.Request stop = (_, state) -> stop(ExitReason.NORMAL, state).replying("bye");
    assertThat(call(pid, stop)).isEqualTo("bye");
    assertThat(await(end)).isEqualTo(ExitReason.shutdown("worse"));
  }

  @Test
  void call11_deferredReply() {
    var server =
        start(
            Scripted.server()
                .onInfo((message, from) -> {
                  ((From) from).reply("later " + content(message));
                  return noReply(0);
                }));
    var delay = Duration.ofMillis(150);
    Scripted.Request defer =
        (from, _) -> {
          var me = ProcessContext.current();
          me.sendAfter(me.self(), "on", delay);
          return noReply(from);
        };
    var begin = System.nanoTime();
    assertThat(call(server, defer)).isEqualTo("later on");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(delay);
  }

  @Test
  void call11_callWhoseReplyWasDeferredIsForgottenOnceItIsOver() {
    var server = start(Scripted.server());
    var process = node.table.find(server);
    assertThat(process).isNotNull();
    var kept = new CompletableFuture<From>();
    Scripted.Request defer =
        (from, state) -> {
          kept.complete(from);
          return noReply(state);
        };
    var call = outside(() -> call(server, defer));
    await().until(() -> process.deferred() == 1);
    assertThat(await(kept).isWaiting()).isTrue();
    assertThat(await(kept).reply("first")).isTrue();
    assertThat(await(kept).reply("second")).isFalse();
    assertThat(await(call)).isEqualTo("first");
    assertThat(process.deferred()).isZero();

    failure(() -> node.call(server, (Scripted.Request) (_, s) -> noReply(s), Object.class, SHORT));
    assertThat(process.deferred()).isZero();
  }

  private static Object content(InfoMessage message) {
    return message instanceof InfoMessage.Message(Object content) ? content : message;
  }

  @Test
  void call12_replyFromElsewhere() {
    var server = start(Scripted.server());
    var third =
        TestProcess.spawn(
            node,
            me -> {
              var from = (From) content(receive(me));
              return from.reply("from " + me.self());
            });
    Scripted.Request passOn =
        (from, state) -> {
          ProcessContext.current().send(third.pid(), from);
          return noReply(state);
        };
    assertThat(call(server, passOn)).isEqualTo("from " + third.pid());
    assertThat(third.awaitResult()).isTrue();
  }

  @Test
  void call13_replyThenGoOnWorking() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    Scripted.Request replyFirst =
        (from, _) -> {
          from.reply("early");
          gate.pass();
          return noReply("worked on");
        };
    assertThat(call(server, replyFirst)).isEqualTo("early");
    var next = outside(() -> call(server, GET));
    await().during(Duration.ofMillis(60)).until(() -> !next.isDone());
    gate.open();
    assertThat(await(next)).isEqualTo("worked on");
  }

  @Test
  void call14_negativeTimeoutIsAnArgumentError() {
    var server = start(Scripted.holding(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.call(server, ADD, Object.class, Duration.ofMillis(-1)));
    assertThat(call(server, GET)).isEqualTo(0);
  }

  @Test
  void call15_orderFromOneSender() {
    var server = start(Scripted.holding(List.of()));
    IntStream.range(0, 50).forEach(i -> node.cast(server, Scripted.append(i)));
    assertThat(call(server, GET)).isEqualTo(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  void call16_oneAtATime() {
    var server = start(Scripted.holding(0));
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    Scripted.Request overlap =
        (_, state) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          for (var i = 0; i < 10_000; i++) {
            Thread.onSpinWait();
          }
          running.decrementAndGet();
          return reply(0, (int) state + 1);
        };
    var callers =
        IntStream.range(0, 10)
            .mapToObj(_ -> TestProcess.spawn(node, me -> me.call(server, overlap, Object.class)))
            .toList();
    callers.forEach(TestProcess::awaitResult);
    assertThat(most).hasValue(1);
    assertThat(call(server, GET)).isEqualTo(10);
  }

  /// Only what must be.
  static final class Bare extends GenServer<Object, Object, Object> {
    @Override
    public Init<Object> init(Args args) {
      return ok("state");
    }
  }

  @Test
  void call17_noCallCallbackEndsTheServer() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var server = start(new Bare());
      var end = endOf(node, server);
      var failed = failure(() -> node.call(server, "hello", Object.class));
      assertThat(failed.reason())
          .isInstanceOfSatisfying(
              ExitReason.Failure.class,
              failure ->
                  assertThat(failure.exception())
                      .isInstanceOf(MissingCallbackException.class)
                      .hasMessageContaining("handleCall"));
      assertThat(await(end)).isEqualTo(failed.reason());
    }
  }

  @Test
  @SuppressWarnings("NullAway") // null is the one wrong result that compiles
  void call18_wrongCallbackResult() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var server = Scripted.holding("old");
      var pid = start(server);
      Scripted.Request wrong = (_, _) -> null;
      var bad = new ExitReason.BadReturnValue(null);
      assertThat(failure(() -> call(pid, wrong)).reason()).isEqualTo(bad);
      assertThat(server.seen).containsExactly(new Scripted.Terminated(bad, "old"));
      assertThat(node.isAlive(pid)).isFalse();
    }
  }

  @Test
  void call19_callerDiesMeanwhile() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    var caller =
        TestProcess.spawn(node, me -> me.call(server, passThenAdd(gate), Object.class, SOON));
    gate.awaitArrival();
    node.exit(caller.pid(), ExitReason.KILL);
    assertThat(caller.awaitEnd()).isEqualTo(ExitReason.KILLED);
    gate.open();
    assertThat(call(server, GET)).isEqualTo(1);
    assertThat(caller.result()).isNotDone();
  }

  @Test
  void call20_linkedTrappingCallerGetsFailureAndExit() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var badDay = ExitReason.of("bad_day");
      var server = new CompletableFuture<Pid>();
      var caller =
          TestProcess.spawnTrapping(
              node,
              me -> {
                server.complete(me.startLink(Scripted.server(), StartOptions.none()).pidOrThrow());
                var failed = failure(() -> me.call(server.join(), exiting(badDay), Object.class));
                assertThat(failed.reason()).isEqualTo(badDay);
                return me.receive(Duration.ZERO).orElseThrow();
              });
      assertThat(caller.awaitResult()).isEqualTo(new InfoMessage.Exit(server.join(), badDay));
    }
  }

  @Test
  void call21_linkedPlainCallerEndsAllTheSame() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var badDay = ExitReason.of("bad_day");
      var caller =
          TestProcess.spawn(
              node,
              me -> {
                var server = me.startLink(Scripted.server(), StartOptions.none()).pidOrThrow();
                try {
                  return me.call(server, exiting(badDay), Object.class);
                } catch (CallException caught) {
                  return me.receive(Timeouts.INFINITY);
                }
              });
      assertThat(caller.awaitEnd()).isEqualTo(badDay);
      assertThat(caller.result()).isNotDone();
    }
  }

  private static Scripted.Request exiting(ExitReason reason) {
    return (_, _) -> {
      throw new ExitException(reason);
    };
  }
}
