package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static dev.genserver.runtime.TestProcess.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.StreamOptions.OnTimeout;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.TaskSupervisorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section TASK of the conformance table, a test a row.
class TaskConformanceTest {

  private static final ExitReason BAD = ExitReason.of("bad");
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(20);

  @AutoClose private final Node node = Node.create();

  // What tasks do.

  private static Callable<String> failing() {
    return () -> {
      throw new ExitException(BAD);
    };
  }

  private static <R> Callable<R> passing(Gate gate, R result) {
    return () -> {
      gate.pass();
      return result;
    };
  }

  private static String sleep(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis + " ms";
  }

  private static <R> TaskResult.Ok<R> ok(R value) {
    return new TaskResult.Ok<>(value);
  }

  private static <R> TaskResult.Exit<R> exit(ExitReason reason) {
    return new TaskResult.Exit<>(reason);
  }

  private static ExitReason reasonOf(ThrowingCallable call) {
    var thrown = catchThrowableOfType(ExitException.class, call);
    assertThat(thrown).as("the failure").isNotNull();
    return thrown.reason();
  }

  private static Pid pidOf(Task<?> task) {
    return task.pid().orElseThrow();
  }

  private static void awaitEnd(ProcessContext me, Task<?> task) {
    await("end of the task").until(() -> !me.isAlive(pidOf(task)));
  }

  // The rows.

  @Test
  void task01_asyncAndAwait() {
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var result = me.async(() -> 42).await();
              assertThat(mailboxIsEmpty(me)).isTrue();
              return result;
            });
    assertThat(owner.awaitResult()).isEqualTo(42);
  }

  @Test
  void task01_nothingIsKeptOfTasksThatWereAwaited() {
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              for (var i = 0; i < 100; i++) {
                me.async(() -> 42).await();
              }
              var process = (PlainProcess) node.table.find(me.self());
              await().until(() -> process.queued() == 0);
              return true;
            });
    assertThat(owner.awaitResult()).isTrue();
  }

  @Test
  void task02_awaitTimeoutCaught() {
    var gate = new Gate();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(passing(gate, "late"));
              assertThat(reasonOf(() -> task.await(SHORT))).isEqualTo(ExitReason.TIMEOUT);
              var end = TestProcess.endOf(node, pidOf(task));
              gate.open();
              assertThat(TestProcess.await(end)).isEqualTo(ExitReason.NORMAL);
              return mailboxIsEmpty(me);
            });
    assertThat(owner.awaitResult()).isTrue();
  }

  @Test
  void task03_awaitTimeoutNotCaught() {
    var taskEnd = new CompletableFuture<ExitReason>();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(() -> waitForEver(ProcessContext.current()));
              TestProcess.endOf(node, pidOf(task)).thenAccept(taskEnd::complete);
              return task.await(SHORT);
            });
    assertThat(owner.awaitEnd()).isEqualTo(ExitReason.TIMEOUT);
    assertThat(TestProcess.await(taskEnd)).isEqualTo(ExitReason.TIMEOUT);
  }

  @Test
  void task04_crashReachesTheCaller() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var boom = new IllegalStateException("boom");
      assertThat(
              endOfOwner(() -> {
                throw boom;
              }))
          .isEqualTo(new ExitReason.Failure(boom));
      assertThat(endOfOwner(failing())).isEqualTo(BAD);
      var checked = new Exception("checked");
      assertThat(
              endOfOwner(() -> {
                throw checked;
              }))
          .isEqualTo(new ExitReason.Failure(checked));
    }
  }

  private ExitReason endOfOwner(Callable<String> work) {
    return TestProcess.spawn(
            node,
            me -> {
              try {
                return me.async(work).await();
              } catch (ExitException e) {
                return "the link ends it all the same";
              }
            })
        .awaitEnd();
  }

  @Test
  void task05_crashTrappingCaller() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var owner =
          TestProcess.spawnTrapping(
              node,
              me -> {
                var task = me.async(failing());
                assertThat(reasonOf(task::await)).isEqualTo(BAD);
                assertThat(receive(me)).isEqualTo(new InfoMessage.Exit(pidOf(task), BAD));
                return mailboxIsEmpty(me);
              });
      assertThat(owner.awaitResult()).isTrue();
    }
  }

  @Test
  void task06_onlyTheOwnerMayAsk() {
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(() -> 42);
              var other = TestProcess.spawn(node, _ -> refusals(task));
              assertThat(other.awaitResult()).isEqualTo(4);
              assertThat(TestProcess.await(TestProcess.outside(() -> refusals(task)))).isEqualTo(4);
              return task.await();
            });
    assertThat(owner.awaitResult()).isEqualTo(42);
  }

  private static int refusals(Task<?> task) {
    List<ThrowingCallable> questions =
        List.of(task::await, task::yield, task::shutdown, task::ignore);
    questions.forEach(question ->
        assertThatIllegalArgumentException()
            .isThrownBy(question)
            .withMessageContaining("only its owner " + task.owner() + " may ask"));
    return questions.size();
  }

  @Test
  void task07_yield() {
    var gate = new Gate();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(passing(gate, "v"));
              var first = task.yield(SHORT);
              gate.open();
              return List.of(first, task.yield(LONG), task.yield(SHORT), mailboxIsEmpty(me));
            });
    assertThat(owner.awaitResult())
        .containsExactly(Optional.empty(), Optional.of(ok("v")), Optional.empty(), true);
  }

  @Test
  void task08_shutATaskDown() {
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var running = me.async(() -> waitForEver(ProcessContext.current()));
              assertThat(running.shutdown()).isEmpty();
              assertThat(me.isAlive(pidOf(running))).isFalse();

              var finished = me.async(() -> "value");
              awaitEnd(me, finished);
              assertThat(finished.shutdown()).contains(ok("value"));

              var killed = me.async(TaskConformanceTest::trapForEver);
              assertThat(killed.shutdown(Shutdown.brutalKill())).isEmpty();
              assertThat(me.isAlive(pidOf(killed))).isFalse();
              return mailboxIsEmpty(me);
            });
    assertThat(owner.awaitResult()).isTrue();
  }

  private static boolean trapForEver() {
    ProcessContext.current().trapExit(true);
    return waitForEver(ProcessContext.current());
  }

  @Test
  void task09_awaitManyInTheOrderOfTheTasks() {
    var gates = List.of(new Gate(), new Gate(), new Gate());
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var first = me.async(passing(gates.get(0), 80));
              var second = me.async(passing(gates.get(1), 10));
              var third = me.async(passing(gates.get(2), 40));
              gates.get(1).open();
              awaitEnd(me, second);
              gates.get(2).open();
              awaitEnd(me, third);
              gates.get(0).open();
              var results = me.awaitMany(List.of(first, second, third));
              assertThat(mailboxIsEmpty(me)).isTrue();
              return results;
            });
    assertThat(owner.awaitResult()).containsExactly(80, 10, 40);
  }

  @Test
  void task09_awaitManyFailsAtOnce() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var slow = new Gate();
      var owner =
          TestProcess.spawn(
              node, me -> me.awaitMany(List.of(me.async(passing(slow, "")), me.async(failing()))));
      assertThat(owner.awaitEnd()).isEqualTo(BAD);

      var trapping =
          TestProcess.spawnTrapping(
              node,
              me -> {
                var tasks = List.of(me.async(passing(slow, "")), me.async(failing()));
                return reasonOf(() -> me.awaitMany(tasks));
              });
      assertThat(trapping.awaitResult()).isEqualTo(BAD);
    }
  }

  @Test
  void task09_awaitManyTimesOut() {
    var slow = new Gate();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var tasks = List.of(me.async(() -> ""), me.async(passing(slow, "")));
              assertThat(reasonOf(() -> me.awaitMany(tasks, SHORT))).isEqualTo(ExitReason.TIMEOUT);
              slow.open();
              awaitEnd(me, tasks.getLast());
              return mailboxIsEmpty(me);
            });
    assertThat(owner.awaitResult()).isTrue();
  }

  @Test
  void task10_yieldMany() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var slow = new Gate();
      var owner =
          TestProcess.spawnTrapping(
              node,
              me -> {
                var tasks =
                    List.of(
                        me.async(() -> "a"), me.async(passing(slow, "slow")), me.async(failing()));
                awaitEnd(me, tasks.getFirst());
                awaitEnd(me, tasks.getLast());
                var results = me.yieldMany(tasks, Duration.ofMillis(80));
                assertThat(me.isAlive(pidOf(tasks.get(1)))).isTrue();
                return results;
              });
      assertThat(owner.awaitResult())
          .containsExactly(Optional.of(ok("a")), Optional.empty(), Optional.of(exit(BAD)));
    }
  }

  @Test
  void task11_asyncStreamInTheOrderOfTheInputs() {
    var reader =
        TestProcess.spawn(
            node,
            me ->
                me.asyncStream(
                        List.of(60, 5, 30),
                        TaskConformanceTest::sleep,
                        StreamOptions.defaults().maxConcurrency(3))
                    .toList());
    assertThat(reader.awaitResult()).containsExactly(ok("60 ms"), ok("5 ms"), ok("30 ms"));
  }

  @Test
  void task11_asyncStreamInTheOrderOfCompletion() {
    var gates = IntStream.range(0, 3).mapToObj(_ -> new Gate()).toList();
    var reader =
        TestProcess.spawn(
            node,
            me -> {
              var results = new ArrayList<TaskResult<Integer>>();
              gates.get(1).open();
              me.asyncStream(
                      List.of(0, 1, 2),
                      i -> {
                        gates.get(i).pass();
                        return i;
                      },
                      StreamOptions.defaults().maxConcurrency(3).unordered())
                  .forEach(result -> {
                    results.add(result);
                    gates.get(results.size() == 1 ? 2 : 0).open();
                  });
              return results;
            });
    assertThat(reader.awaitResult()).containsExactly(ok(1), ok(2), ok(0));
  }

  @Test
  void task11_neverMoreTasksAtOnceThanAllowed() {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var reader =
        TestProcess.spawn(
            node,
            me ->
                me.asyncStream(
                        IntStream.range(0, 12).boxed().toList(),
                        i -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          sleep(2);
                          running.decrementAndGet();
                          return i;
                        },
                        StreamOptions.defaults().maxConcurrency(3))
                    .toList());
    assertThat(reader.awaitResult())
        .containsExactlyElementsOf(
            IntStream.range(0, 12).mapToObj(TaskConformanceTest::ok).toList());
    assertThat(most).hasValue(3);
  }

  @Test
  void task12_streamTimeout() {
    assertThat(slowStream(OnTimeout.EXIT, false).awaitEnd()).isEqualTo(ExitReason.TIMEOUT);
    assertThat(slowStream(OnTimeout.KILL_TASK, false).awaitResult())
        .containsExactly(ok(1), exit(ExitReason.TIMEOUT), ok(3));
    var withInput = slowStream(OnTimeout.KILL_TASK, true).awaitResult();
    assertThat(withInput)
        .containsExactly(ok(1), new TaskResult.Exit<>(ExitReason.TIMEOUT, 2), ok(3))
        .asString()
        .contains("{exit, {2, timeout}}");
  }

  /// A reader of a stream whose second element never comes.
  private TestProcess<List<TaskResult<Integer>>> slowStream(OnTimeout onTimeout, boolean zip) {
    return TestProcess.spawn(
        node,
        me -> {
          var options =
              StreamOptions.defaults()
                  .maxConcurrency(3)
                  .timeout(Duration.ofMillis(300))
                  .onTimeout(onTimeout);
          var results =
              me.asyncStream(
                      List.of(1, 2, 3),
                      i -> i == 2 && waitForEver(ProcessContext.current()) ? 0 : i,
                      zip ? options.withInputOnExit() : options)
                  .toList();
          assertThat(mailboxIsEmpty(me)).isTrue();
          return results;
        });
  }

  @Test
  void task13_streamsAreLazy() {
    var started = new AtomicInteger();
    var reader =
        TestProcess.spawn(
            node,
            me ->
                me.asyncStream(
                        IntStream.range(0, 100).boxed().toList(),
                        i -> {
                          started.incrementAndGet();
                          return i;
                        },
                        StreamOptions.defaults().maxConcurrency(2))
                    .limit(2)
                    .toList());
    assertThat(reader.awaitResult()).containsExactly(ok(0), ok(1));
    assertThat(started).hasValueLessThanOrEqualTo(5);
  }

  @Test
  void task13_streamThatIsNotReadRunsNothing() {
    var started = new AtomicInteger();
    var reader =
        TestProcess.spawn(
            node,
            me -> {
              var stream = me.asyncStream(List.of(1, 2), _ -> started.incrementAndGet());
              assertThat(node.processCount()).isEqualTo(1);
              return stream;
            });
    assertThat(reader.awaitResult()).isInstanceOf(Stream.class);
    assertThat(started).hasValue(0);
  }

  @Test
  void task13_tasksEndWhenReadingStopsEarly() {
    var reader =
        TestProcess.spawn(
            node,
            me -> {
              var first =
                  me.asyncStream(
                          List.of(1, 2, 3),
                          i -> i > 1 && waitForEver(ProcessContext.current()) ? 0 : i,
                          StreamOptions.defaults().maxConcurrency(3))
                      .findFirst();
              assertThat(node.processCount()).isEqualTo(1);
              return first;
            });
    assertThat(reader.awaitResult()).contains(ok(1));
    assertThat(reader.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }

  private TaskSupervisor taskSupervisor(ProcessContext me, TaskSupervisorSpec spec) {
    return me.taskSupervisor(node.start(spec, StartOptions.none()).pidOrThrow());
  }

  @Test
  void task14_asyncWithoutLink() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var boom = new IllegalStateException("boom");
      Callable<String> raising =
          () -> {
            throw boom;
          };
      var owner =
          TestProcess.spawn(
              node,
              me -> {
                var supervisor = taskSupervisor(me, TaskSupervisorSpec.create());
                assertThat(supervisor.asyncNolink(failing()).yield()).contains(exit(BAD));
                assertThat(supervisor.asyncNolink(() -> "v").yield()).contains(ok("v"));
                var third = supervisor.asyncNolink(raising);
                assertThat(reasonOf(third::await)).isEqualTo(new ExitReason.Failure(boom));
                return mailboxIsEmpty(me);
              });
      assertThat(owner.awaitResult()).isTrue();
    }
  }

  @Test
  void task15_taskLimit() {
    var gate = new Gate();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var supervisor = taskSupervisor(me, TaskSupervisorSpec.create().maxChildren(1));
              supervisor.startChild(gate::pass).pidOrThrow();
              assertThatIllegalStateException()
                  .isThrownBy(() -> supervisor.async(() -> 1))
                  .withMessageContaining("max_children");
              return supervisor.startChild(gate::pass);
            });
    assertThat(owner.awaitResult())
        .isEqualTo(new StartResult.Failed(ExitReason.of("max_children")));
    gate.open();
  }

  @Test
  void task17_restartedTask() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var runs = new AtomicInteger();
      Runnable fails =
          () -> {
            runs.incrementAndGet();
            throw new ExitException(BAD);
          };
      var tries = new AtomicInteger();
      var done = new CompletableFuture<Integer>();
      Runnable succeedsInTheEnd =
          () -> {
            if (tries.incrementAndGet() < 3) {
              throw new ExitException(BAD);
            }
            done.complete(tries.get());
          };
      var supervisor =
          node.taskSupervisor(
              node.start(TaskSupervisorSpec.create(), StartOptions.none()).pidOrThrow());
      supervisor.startChild(fails);
      supervisor.startChild(
          succeedsInTheEnd, Restart.TRANSIENT, Shutdown.after(Duration.ofSeconds(5)));
      assertThat(TestProcess.await(done)).isEqualTo(3);
      await().until(() -> supervisor.children().isEmpty());
      assertThat(runs).hasValue(1);
      assertThat(tries).hasValue(3);
    }
  }

  @Test
  void task20_callersUnderATaskSupervisor() {
    var caller =
        TestProcess.spawn(
            node,
            me -> {
              var pid = node.start(TaskSupervisorSpec.create(), StartOptions.none()).pidOrThrow();
              var lines =
                  me.taskSupervisor(pid)
                      .async(() -> {
                        var it = ProcessContext.current();
                        return List.of(it.callers(), it.ancestors());
                      })
                      .await();
              return lines.equals(List.of(List.of(me.self()), List.of(pid)));
            });
    assertThat(caller.awaitResult()).isTrue();
  }

  @Test
  void task16_supervisedTaskCrashes() {
    try (var _ = LogCapture.of(TaskProcess.class)) {
      var runs = new AtomicInteger();
      Runnable crashing =
          () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("boom");
          };
      var pid =
          node.start(
                  SupervisorSpec.oneForOne(List.of(ChildSpec.task("task", crashing))),
                  StartOptions.none())
              .pidOrThrow();
      var supervisor = node.supervisor(pid);
      await().until(() -> supervisor.whichChildren().isEmpty());
      assertThat(runs).hasValue(1);
      assertThat(node.isAlive(pid)).isTrue();
    }
  }

  @Test
  void task18_completed() {
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.completedTask("done");
              assertThat(task.pid()).isEmpty();
              assertThat(node.processCount()).isEqualTo(1);
              return List.of(task.await(), mailboxIsEmpty(me));
            });
    assertThat(owner.awaitResult()).containsExactly("done", true);
  }

  @Test
  void task18_ignored() {
    var gate = new Gate();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var task = me.async(passing(gate, "unheard"));
              var end = TestProcess.endOf(node, pidOf(task));
              assertThat(task.ignore()).isEmpty();
              gate.open();
              assertThat(TestProcess.await(end)).isEqualTo(ExitReason.NORMAL);
              return mailboxIsEmpty(me);
            });
    assertThat(owner.awaitResult()).isTrue();
  }

  @Test
  void task19_taskInsideAServer() {
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request startTask =
        (_, state) -> {
          var task = ProcessContext.current().async(() -> 42);
          return Answers.reply(task, state);
        };
    var task = (Task<?>) node.call(pid, startTask, Object.class);
    await().until(() -> server.seen.size() == 2);
    assertThat(server.seen)
        .containsExactly(
            new InfoMessage.Reply(task.ref(), 42),
            new InfoMessage.Down(task.ref(), pidOf(task), ExitReason.NORMAL));
  }

  @Test
  void task20_callers() {
    var caller =
        TestProcess.spawn(
            node,
            me -> {
              assertThat(me.callers()).isEmpty();
              var outer =
                  me.async(() -> {
                    var it = ProcessContext.current();
                    var inner = it.async(() -> ProcessContext.current().callers());
                    return List.of(it.callers(), inner.await());
                  });
              return List.of(
                  outer
                      .await()
                      .equals(List.of(List.of(me.self()), List.of(pidOf(outer), me.self()))),
                  me.async(() -> ProcessContext.current().ancestors())
                      .await()
                      .equals(List.of(me.self())));
            });
    assertThat(caller.awaitResult()).containsExactly(true, true);
  }
}
