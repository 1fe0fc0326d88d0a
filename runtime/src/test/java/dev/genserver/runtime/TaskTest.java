package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static dev.genserver.runtime.TestProcess.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.StreamOptions.OnTimeout;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskException;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.YieldOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Tasks beyond the rows of the conformance table.
class TaskTest {

  private static final ExitReason BAD = ExitReason.of("bad");
  private static final Duration SHORT = Duration.ofMillis(20);

  @AutoClose private final Node node = Node.create();

  private static <R> Callable<R> passing(Gate gate, R result) {
    return () -> {
      gate.pass();
      return result;
    };
  }

  private static Callable<String> failing() {
    return () -> {
      throw new ExitException(BAD);
    };
  }

  private static <R> TaskResult.Ok<R> ok(R value) {
    return new TaskResult.Ok<>(value);
  }

  private static <R> TaskResult.Exit<R> exit(ExitReason reason) {
    return new TaskResult.Exit<>(reason);
  }

  private static Pid pidOf(Task<?> task) {
    return task.pid().orElseThrow();
  }

  private static void awaitEnd(ProcessContext me, Task<?> task) {
    await("end of the task").until(() -> !me.isAlive(pidOf(task)));
  }

  private <T> T inProcess(Function<ProcessContext, T> body) {
    return TestProcess.spawn(node, body).awaitResult();
  }

  private <T> T inTrappingProcess(Function<ProcessContext, T> body) {
    return TestProcess.spawnTrapping(node, body).awaitResult();
  }

  // Awaiting.

  @Test
  void resultMayBeNull() {
    var seen = inProcess(me -> Optional.ofNullable(me.async(() -> null).await()));
    assertThat(seen).isEmpty();
  }

  @Test
  void taskCanBeAwaitedOnlyOnce() {
    var reason =
        inProcess(me -> {
          var task = me.async(() -> 42);
          task.await();
          return catchThrowableOfType(TaskException.class, () -> task.await(SHORT));
        });
    assertThat(reason.reason()).isEqualTo(ExitReason.TIMEOUT);
    assertThat(reason).hasMessageContaining("no result within PT0.02S");
  }

  @Test
  void failureOfAwaitNamesTheTask() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var failed =
          inTrappingProcess(me -> {
            var task = me.async(failing());
            var thrown = catchThrowableOfType(TaskException.class, task::await);
            assertThat(thrown.task()).isEqualTo(task.pid());
            return thrown;
          });
      assertThat(failed.reason()).isEqualTo(BAD);
      assertThat(failed.timeout()).isEqualTo(Timeouts.DEFAULT);
      assertThat(failed)
          .hasMessage("waiting for task " + failed.task().orElseThrow() + " failed: bad");
    }
  }

  @Test
  void negativeTimeoutIsAnArgumentError() {
    inProcess(me -> {
      var task = me.async(() -> 42);
      var negative = Duration.ofMillis(-1);
      assertThatIllegalArgumentException().isThrownBy(() -> task.await(negative));
      assertThatIllegalArgumentException().isThrownBy(() -> task.yield(negative));
      assertThatIllegalArgumentException().isThrownBy(() -> me.awaitMany(List.of(task), negative));
      return task.await();
    });
  }

  @Test
  void awaitWaitsWhateverMessagesCome() {
    var gate = new Gate();
    var seen =
        inProcess(me -> {
          var task = me.async(passing(gate, "result"));
          me.send(me.self(), "before");
          gate.open();
          var result = task.await();
          me.send(me.self(), "after");
          return List.of(result, receive(me), receive(me), mailboxIsEmpty(me));
        });
    assertThat(seen)
        .containsExactly(
            "result", new InfoMessage.Message("before"), new InfoMessage.Message("after"), true);
  }

  @Test
  void resultThatWasReceivedCannotBeAwaited() {
    var seen =
        inProcess(me -> {
          var task = me.async(() -> 42);
          var reply = receive(me);
          awaitEnd(me, task);
          // As in Elixir, where only the DOWN is left for await to see.
          var thrown = catchThrowableOfType(TaskException.class, task::await);
          assertThat(mailboxIsEmpty(me)).isTrue();
          return List.of(reply.equals(new InfoMessage.Reply(task.ref(), 42)), thrown.reason());
        });
    assertThat(seen).containsExactly(true, ExitReason.NORMAL);
  }

  @Test
  void demonitorAfterTheReplyKeepsTheEndAway() {
    var seen =
        inProcess(me -> {
          var task = me.async(() -> 42);
          if (receive(me) instanceof InfoMessage.Reply reply) {
            me.demonitor(reply.ref());
          }
          awaitEnd(me, task);
          return mailboxIsEmpty(me);
        });
    assertThat(seen).isTrue();
  }

  @Test
  void awaitInAServerLeavesNoMessages() {
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request awaiting =
        (_, state) -> Answers.reply(ProcessContext.current().async(() -> 42).await(), state);
    assertThat(node.call(pid, awaiting, Integer.class)).isEqualTo(42);
    assertThat(node.awaitIdle(Duration.ofSeconds(20).toNanos())).isTrue();
    assertThat(server.seen).isEmpty();
  }

  @Test
  void resultComesAfterTheMessagesThatTheTaskSentBefore() {
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request startTask =
        (_, state) -> {
          Callable<String> work =
              () -> {
                ProcessContext.current().send(pid, "progress");
                return "result";
              };
          return Answers.reply(ProcessContext.current().async(work), state);
        };
    var task = (Task<?>) node.call(pid, startTask, Object.class);
    await().until(() -> server.seen.size() == 3);
    assertThat(server.seen)
        .containsExactly(
            new InfoMessage.Message("progress"),
            new InfoMessage.Reply(task.ref(), "result"),
            new InfoMessage.Down(task.ref(), pidOf(task), ExitReason.NORMAL));
  }

  @Test
  void serverThatTrapsExitsGetsTheEndOfATaskBothWays() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var server = Scripted.trapping();
      var pid = node.start(server, StartOptions.none()).pidOrThrow();
      Scripted.Request startTask =
          (_, state) -> Answers.reply(ProcessContext.current().async(failing()), state);
      var task = (Task<?>) node.call(pid, startTask, Object.class);
      await().until(() -> server.seen.size() == 2);
      assertThat(server.seen)
          .containsExactlyInAnyOrder(
              new InfoMessage.Exit(pidOf(task), BAD),
              new InfoMessage.Down(task.ref(), pidOf(task), BAD));
    }
  }

  @RepeatedTest(50)
  void taskThatCallsItsAwaitingOwnerIsToldSoAtOnce() {
    try (var _ = LogCapture.of(TaskProcess.class);
        var _ = LogCapture.of(CrashReport.class)) {
      var pid = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
      Scripted.Request awaiting =
          (_, state) -> {
            Callable<Object> callBack =
                () -> ProcessContext.current().call(pid, Scripted.GET, Object.class);
            return Answers.reply(ProcessContext.current().async(callBack).await(), state);
          };
      var failure = TestProcess.failure(() -> node.call(pid, awaiting, Object.class));
      assertThat(failure.reason()).isInstanceOf(ExitReason.CallCycle.class);
    }
  }

  // Life and death.

  @Test
  void linkedTaskEndsWithItsOwner() {
    var taskEnd = new CompletableFuture<ExitReason>();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(() -> waitForEver(ProcessContext.current()));
              TestProcess.endOf(node, pidOf(task)).thenAccept(taskEnd::complete);
              throw new ExitException(BAD);
            });
    assertThat(owner.awaitEnd()).isEqualTo(BAD);
    assertThat(TestProcess.await(taskEnd)).isEqualTo(BAD);
  }

  @Test
  void ownerThatIsKilledWhileItAwaitsIsGotOffItsThread() {
    var awaiting = new Gate();
    var went = new CompletableFuture<Throwable>();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(() -> waitForEver(ProcessContext.current()));
              awaiting.open();
              try {
                return task.await(Timeouts.INFINITY);
              } catch (Throwable thrown) {
                went.complete(thrown);
                throw thrown;
              }
            });
    awaiting.pass();
    node.exit(owner.pid(), ExitReason.KILL);
    assertThat(owner.awaitEnd()).isEqualTo(ExitReason.KILLED);
    assertThat(TestProcess.await(went)).isInstanceOf(ProcessEnded.class);
    await().until(() -> node.processCount() == 0);
  }

  @Test
  void startedTaskHarmsNobodyAndLinkedOneItsStarter() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      Runnable crash =
          () -> {
            throw new ExitException(BAD);
          };
      var seen =
          inProcess(me -> {
            var pid = me.startTask(crash);
            await().until(() -> !me.isAlive(pid));
            return mailboxIsEmpty(me);
          });
      assertThat(seen).isTrue();
      var starter =
          TestProcess.spawn(
              node,
              me -> {
                me.startLinkTask(crash);
                return waitForEver(me);
              });
      assertThat(starter.awaitEnd()).isEqualTo(BAD);
    }
  }

  @Test
  void startedTasksKnowTheirCallersToo() {
    var callers = new CompletableFuture<List<Pid>>();
    var caller =
        TestProcess.spawn(
            node,
            me -> {
              me.startTask(() -> callers.complete(ProcessContext.current().callers()));
              return true;
            });
    assertThat(TestProcess.await(callers)).containsExactly(caller.pid());
  }

  @Test
  void serverThatATaskStartsHasAncestorsButNoCallers() {
    Scripted.Request lines =
        (_, state) -> {
          var me = ProcessContext.current();
          return Answers.reply(List.of(me.ancestors(), me.callers()), state);
        };
    var owner =
        TestProcess.spawn(
            node,
            me ->
                me.async(
                        () -> {
                          var it = ProcessContext.current();
                          var pid =
                              it.startLink(Scripted.server(), StartOptions.none()).pidOrThrow();
                          return it.call(pid, lines, Object.class)
                              .equals(List.of(List.of(it.self(), me.self()), List.of()));
                        })
                    .await());
    assertThat(owner.awaitResult()).isTrue();
  }

  @Test
  void taskRunsWithTheContextClassLoaderOfItsFunction() {
    var seen =
        inProcess(me -> me.async(() -> Thread.currentThread().getContextClassLoader()).await());
    assertThat(seen).isSameAs(TaskTest.class.getClassLoader());
  }

  @Test
  void taskThatFailsIsLoggedOnceAndOneThatEndsAsExpectedNever() {
    try (var log = LogCapture.of(TaskProcess.class)) {
      inTrappingProcess(me -> {
        Callable<String> quiet =
            () -> {
              throw new ExitException(ExitReason.shutdown("enough"));
            };
        var tasks = List.of(me.async(() -> ""), me.async(quiet), me.async(failing()));
        me.yieldMany(tasks, Timeouts.DEFAULT);
        assertThat(log.lines(Level.SEVERE))
            .singleElement()
            .asString()
            .startsWith("task crashed pid=" + pidOf(tasks.getLast()) + " owner=" + me.self())
            .contains("function=" + TaskTest.class.getName())
            .endsWith("reason=bad trace=-");
        return true;
      });
    }
  }

  // Shutting down.

  @Test
  void shutdownOfATaskThatTrapsExitsKillsItAfterItsTime() {
    var seen =
        inProcess(me -> {
          var trapping = new Gate();
          var task =
              me.async(() -> {
                ProcessContext.current().trapExit(true);
                trapping.open();
                return waitForEver(ProcessContext.current());
              });
          trapping.pass();
          return task.shutdown(Shutdown.after(SHORT));
        });
    assertThat(seen).contains(exit(ExitReason.KILLED));
  }

  @Test
  void shutdownHandsOutTheResultThatATrappingTaskGivesInTime() {
    var seen =
        inProcess(me -> {
          var trapping = new Gate();
          var task =
              me.async(() -> {
                var it = ProcessContext.current();
                it.trapExit(true);
                trapping.open();
                return receive(it) instanceof InfoMessage.Exit(_, var reason)
                    ? reason.toString()
                    : "another message";
              });
          trapping.pass();
          return task.shutdown();
        });
    assertThat(seen).contains(ok("shutdown"));
  }

  @Test
  void shutdownTellsHowATaskEndedBefore() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var seen =
          inTrappingProcess(me -> {
            var failed = me.async(failing());
            awaitEnd(me, failed);
            var awaited = me.async(() -> 42);
            awaited.await();
            awaitEnd(me, awaited);
            return List.of(failed.shutdown(), awaited.shutdown());
          });
      assertThat(seen)
          .containsExactly(Optional.of(exit(BAD)), Optional.of(exit(ExitReason.NOPROC)));
    }
  }

  @Test
  void taskThatTimedOutCanStillBeShutDown() {
    var seen =
        inProcess(me -> {
          var task = me.async(() -> waitForEver(ProcessContext.current()));
          assertThatThrownBy(() -> task.await(Duration.ZERO)).isInstanceOf(TaskException.class);
          assertThat(task.shutdown()).isEmpty();
          return me.isAlive(pidOf(task));
        });
    assertThat(seen).isFalse();
  }

  @Test
  void completedTaskCannotBeShutDownOrIgnored() {
    inProcess(me -> {
      var task = me.completedTask("done");
      assertThatIllegalArgumentException()
          .isThrownBy(task::shutdown)
          .withMessageContaining("has no process");
      assertThatIllegalArgumentException().isThrownBy(task::ignore);
      return task.await();
    });
  }

  @Test
  void completedTaskInAServerSendsItsResultAndNoEnd() {
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request complete =
        (_, state) -> Answers.reply(ProcessContext.current().completedTask(42), state);
    var task = (Task<?>) node.call(pid, complete, Object.class);
    node.call(pid, Scripted.GET, Object.class);
    assertThat(server.seen).containsExactly(new InfoMessage.Reply(task.ref(), 42));
  }

  @Test
  void ignoreHandsOutWhatIsThere() {
    var seen =
        inProcess(me -> {
          var task = me.async(() -> "there");
          awaitEnd(me, task);
          return task.ignore();
        });
    assertThat(seen).contains(ok("there"));
  }

  @Test
  void ignoredTaskHarmsItsOwnerNoMore() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var gate = new Gate();
      var seen =
          inProcess(me -> {
            Callable<String> failingLater =
                () -> {
                  gate.pass();
                  throw new ExitException(BAD);
                };
            var task = me.async(failingLater);
            task.ignore();
            gate.open();
            awaitEnd(me, task);
            return mailboxIsEmpty(me);
          });
      assertThat(seen).isTrue();
    }
  }

  // Several.

  @Test
  void nothingToAwaitIsAwaitedAtOnce() {
    var awaited = inProcess(me -> me.awaitMany(List.<Task<String>>of()));
    assertThat(awaited).isEmpty();
    var yielded = inProcess(me -> me.yieldMany(List.<Task<String>>of(), Timeouts.INFINITY));
    assertThat(yielded).isEmpty();
  }

  @Test
  void taskMayBeAwaitedWithItself() {
    var seen =
        inProcess(me -> {
          var task = me.async(() -> 42);
          return me.awaitMany(List.of(task, task));
        });
    assertThat(seen).containsExactly(42, 42);
  }

  @Test
  void thousandTasksAreAwaited() {
    var seen =
        inProcess(me -> {
          var tasks = IntStream.range(0, 1_000).mapToObj(i -> me.async(() -> i)).toList();
          return me.awaitMany(tasks, Duration.ofSeconds(20));
        });
    assertThat(seen).containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void yieldManyLeavesNoMoreThanItsLimit() {
    var seen =
        inProcess(me -> {
          var tasks = List.of(me.async(() -> 1), me.async(() -> 2), me.async(() -> 3));
          tasks.forEach(task -> awaitEnd(me, task));
          var first = me.yieldMany(tasks, YieldOptions.within(Timeouts.DEFAULT).limit(2));
          return List.of(
              first.stream().filter(Optional::isPresent).count(),
              me.yieldMany(tasks, Duration.ZERO).stream().filter(Optional::isPresent).count());
        });
    assertThat(seen).containsExactly(2L, 1L);
  }

  @Test
  void yieldManyKillsOrIgnoresWhatIsLate() {
    var seen =
        inProcess(me -> {
          var gate = new Gate();
          var killed = me.async(passing(gate, "killed"));
          var results =
              me.yieldMany(
                  List.of(killed),
                  YieldOptions.within(SHORT).onTimeout(YieldOptions.OnTimeout.KILL_TASK));
          assertThat(me.isAlive(pidOf(killed))).isFalse();
          var ignored = me.async(passing(gate, "ignored"));
          me.yieldMany(
              List.of(ignored),
              YieldOptions.within(SHORT).onTimeout(YieldOptions.OnTimeout.IGNORE));
          assertThat(me.isAlive(pidOf(ignored))).isTrue();
          gate.open();
          awaitEnd(me, ignored);
          assertThat(mailboxIsEmpty(me)).isTrue();
          return results;
        });
    assertThat(seen).containsExactly(Optional.empty());
  }

  // Streams.

  @Test
  void failingElementOfAStreamEndsItsReader() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var reader =
          TestProcess.spawn(node, me -> me.asyncStream(List.of(1), _ -> failing().call()).toList());
      assertThat(reader.awaitEnd()).isEqualTo(BAD);
    }
  }

  @Test
  void failingElementIsAnElementWhereExitsAreTrapped() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var seen =
          inTrappingProcess(me -> {
            var results =
                me.asyncStream(
                        List.of(1, 2, 3),
                        i -> i == 2 ? failing().call() : "" + i,
                        StreamOptions.defaults().withInputOnExit())
                    .toList();
            assertThat(mailboxIsEmpty(me)).isTrue();
            return results;
          });
      assertThat(seen).containsExactly(ok("1"), new TaskResult.Exit<>(BAD, 2), ok("3"));
    }
  }

  @Test
  void streamInAServerLeavesNoMessages() {
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request reading =
        (_, state) ->
            Answers.reply(
                ProcessContext.current().asyncStream(List.of(1, 2, 3), i -> i * i).toList(), state);
    assertThat(node.call(pid, reading, Object.class)).isEqualTo(List.of(ok(1), ok(4), ok(9)));
    assertThat(node.awaitIdle(Duration.ofSeconds(20).toNanos())).isTrue();
    assertThat(server.seen).isEmpty();
  }

  @Test
  void tasksOfAStreamEndWithTheirReader() {
    for (var traps : List.of(false, true)) {
      var running = new AtomicInteger();
      var reader =
          TestProcess.spawn(
              node,
              me -> {
                me.trapExit(traps);
                return me.asyncStream(
                        List.of(1, 2),
                        _ -> {
                          running.incrementAndGet();
                          return waitForEver(ProcessContext.current());
                        },
                        StreamOptions.defaults().maxConcurrency(2))
                    .toList();
              });
      await().until(() -> running.get() == 2);
      node.exit(reader.pid(), ExitReason.KILL);
      assertThat(reader.awaitEnd()).isEqualTo(ExitReason.KILLED);
      await("end of the tasks, trapping " + traps).until(() -> node.processCount() == 0);
    }
  }

  @Test
  void timeOfAnElementCountsFromItsOwnStart() {
    var time = new ManualTime();
    try (var held = Node.create(1, time)) {
      var first = new Gate();
      var second = new Gate();
      var reader =
          TestProcess.spawn(
              held,
              me ->
                  me.asyncStream(
                          List.of(first, second),
                          gate -> {
                            gate.pass();
                            return "in time";
                          },
                          StreamOptions.defaults()
                              .maxConcurrency(1)
                              .timeout(Duration.ofSeconds(1))
                              .onTimeout(OnTimeout.KILL_TASK))
                      .toList());
      first.awaitArrival();
      await().until(() -> time.waiting() == 1);
      time.advance(Duration.ofMillis(999));
      first.open();
      second.awaitArrival();
      await().until(() -> time.waiting() == 1);
      time.advance(Duration.ofMillis(999));
      time.advance(Duration.ofMillis(1));
      assertThat(reader.awaitResult()).containsExactly(ok("in time"), exit(ExitReason.TIMEOUT));
    }
  }

  @Test
  void inputsMayBeWithoutEndAndAreReadAsFarAsNeeded() {
    var read = new AtomicInteger();
    Iterable<Integer> inputs = () -> Stream.generate(read::incrementAndGet).iterator();
    var seen =
        inProcess(me ->
            me.asyncStream(inputs, i -> i * 10, StreamOptions.defaults().maxConcurrency(2))
                .limit(3)
                .toList());
    assertThat(seen).containsExactly(ok(10), ok(20), ok(30));
    assertThat(read).hasValueLessThanOrEqualTo(6);
  }

  @Test
  void inputThatThrowsEndsTheTasksThatRun() {
    Iterable<Integer> inputs =
        () ->
            Stream.of(1, 2)
                .peek(i -> {
                  if (i == 2) {
                    throw new IllegalStateException("no more");
                  }
                })
                .iterator();
    var seen =
        inProcess(me -> {
          var stream =
              me.asyncStream(
                  inputs,
                  _ -> waitForEver(ProcessContext.current()),
                  StreamOptions.defaults().maxConcurrency(2));
          assertThatIllegalStateException().isThrownBy(stream::toList).withMessage("no more");
          return node.processCount();
        });
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void readerThatThrowsEndsTheTasksThatRun() {
    var seen =
        inProcess(me -> {
          var stream =
              me.asyncStream(
                  List.of(1, 2, 3),
                  i -> i > 1 && waitForEver(ProcessContext.current()) ? 0 : i,
                  StreamOptions.defaults().maxConcurrency(3));
          assertThatIllegalStateException()
              .isThrownBy(() ->
                  stream.forEach(_ -> {
                    throw new IllegalStateException("enough");
                  }));
          return node.processCount();
        });
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void timeoutOfAStreamThatIsCaughtLeavesNothingRunning() {
    var seen =
        inProcess(me -> {
          var stream =
              me.asyncStream(
                  List.of(1, 2),
                  _ -> waitForEver(ProcessContext.current()),
                  StreamOptions.defaults().maxConcurrency(2).timeout(SHORT));
          var thrown = catchThrowableOfType(TaskException.class, stream::toList);
          assertThat(thrown.reason()).isEqualTo(ExitReason.TIMEOUT);
          assertThat(mailboxIsEmpty(me)).isTrue();
          return node.processCount();
        });
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void tasksOfAStreamHaveItsReaderForCaller() {
    var seen =
        inProcess(me ->
            me.asyncStream(List.of(1), _ -> ProcessContext.current().callers())
                .toList()
                .equals(List.of(ok(List.of(me.self())))));
    assertThat(seen).isTrue();
  }

  @Test
  void streamOptionsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamOptions.defaults().maxConcurrency(0))
        .withMessageContaining("must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StreamOptions.defaults().timeout(Duration.ofMillis(-1)));
    assertThat(StreamOptions.defaults().timeout()).isEqualTo(Duration.ofSeconds(5));
  }
}
