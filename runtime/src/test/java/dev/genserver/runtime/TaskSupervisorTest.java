package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.TaskSupervisorSpec;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Task supervisors beyond the rows of the conformance table.
class TaskSupervisorTest {

  private static final ExitReason BAD = ExitReason.of("bad");

  @AutoClose private final Node node = Node.create();
  private final Pid supervisor =
      node.start(TaskSupervisorSpec.create(), StartOptions.none()).pidOrThrow();

  private static boolean runForEver() {
    return waitForEver(ProcessContext.current());
  }

  private static Callable<String> failing() {
    return () -> {
      throw new ExitException(BAD);
    };
  }

  /// An owner that has started a task, which runs for ever, and has ended.
  private Pid taskOfAnOwnerThatEnds(boolean linked) {
    var task = new CompletableFuture<Pid>();
    var owner =
        TestProcess.spawn(
            node,
            me -> {
              var tasks = me.taskSupervisor(supervisor);
              var started =
                  linked
                      ? tasks.async(TaskSupervisorTest::runForEver)
                      : tasks.asyncNolink(TaskSupervisorTest::runForEver);
              task.complete(started.pid().orElseThrow());
              throw new ExitException(BAD);
            });
    assertThat(owner.awaitEnd()).isEqualTo(BAD);
    return TestProcess.await(task);
  }

  @Test
  void linkedTaskEndsWithItsOwnerAndTheSupervisorLives() {
    var task = taskOfAnOwnerThatEnds(true);
    await().until(() -> !node.isAlive(task));
    await().until(() -> node.taskSupervisor(supervisor).children().isEmpty());
    assertThat(node.isAlive(supervisor)).isTrue();
  }

  @Test
  void taskWithoutLinkOutlivesItsOwner() {
    var task = taskOfAnOwnerThatEnds(false);
    assertThat(node.taskSupervisor(supervisor).children()).containsExactly(task);
  }

  @Test
  void linkedTaskThatFailsEndsItsOwnerAndNotTheSupervisor() {
    try (var _ = LogCapture.of(TaskProcess.class);
        var _ = LogCapture.of(Supervision.class)) {
      var owner =
          TestProcess.spawn(node, me -> me.taskSupervisor(supervisor).async(failing()).await());
      assertThat(owner.awaitEnd()).isEqualTo(BAD);
      assertThat(node.isAlive(supervisor)).isTrue();
    }
  }

  @Test
  void tasksEndWithTheirSupervisor() {
    var tasks = node.taskSupervisor(supervisor);
    var task = tasks.startChild(TaskSupervisorTest::runForEver).pidOrThrow();
    node.stop(supervisor);
    assertThat(node.isAlive(task)).isFalse();
  }

  @Test
  void taskIsTerminatedByItsPid() {
    var tasks = node.taskSupervisor(supervisor);
    var task = tasks.startChild(TaskSupervisorTest::runForEver).pidOrThrow();
    var other = tasks.startChild(TaskSupervisorTest::runForEver).pidOrThrow();
    assertThat(tasks.children()).containsExactlyInAnyOrder(task, other);
    assertThat(tasks.terminateChild(task)).isEqualTo(Supervisor.Outcome.OK);
    assertThat(tasks.terminateChild(task)).isEqualTo(Supervisor.Outcome.NOT_FOUND);
    assertThat(tasks.children()).containsExactly(other);
  }

  @Test
  void codeThatIsNoProcessCanStartTasksButOwnsNone() {
    var tasks = node.taskSupervisor(supervisor);
    var callers = new CompletableFuture<List<Pid>>();
    tasks.startChild(() -> callers.complete(ProcessContext.current().callers()));
    assertThat(TestProcess.await(callers)).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> tasks.async(() -> 42))
        .withMessageContaining("this thread runs no process");
  }

  @Test
  void supervisorThatIsNotThereFailsWithNoproc() {
    var failure =
        TestProcess.failure(() -> node.taskSupervisor(ServerRef.named("nobody")).children());
    assertThat(failure.reason()).isEqualTo(ExitReason.NOPROC);
  }

  @Test
  void otherServersAreNoTaskSupervisors() {
    var server = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    assertThatIllegalArgumentException().isThrownBy(() -> node.taskSupervisor(server).children());
  }

  @Test
  void streamWithoutLinksGivesFailuresToAReaderThatDoesNotTrapExits() {
    try (var _ = LogCapture.of(TaskProcess.class);
        var _ = LogCapture.of(Supervision.class)) {
      var reader =
          TestProcess.spawn(
              node,
              me -> {
                var results =
                    me.taskSupervisor(supervisor)
                        .asyncStreamNolink(
                            List.of(1, 2, 3),
                            i -> i == 2 ? failing().call() : "" + i,
                            StreamOptions.defaults())
                        .toList();
                assertThat(mailboxIsEmpty(me)).isTrue();
                return results;
              });
      assertThat(reader.awaitResult())
          .containsExactly(
              new TaskResult.Ok<>("1"), new TaskResult.Exit<>(BAD), new TaskResult.Ok<>("3"));
    }
  }

  @Test
  void linkedStreamRunsUnderTheSupervisor() {
    var reader =
        TestProcess.spawn(
            node,
            me ->
                me.taskSupervisor(supervisor)
                    .asyncStream(
                        List.of(1),
                        _ -> {
                          var it = ProcessContext.current();
                          return it.ancestors().equals(List.of(supervisor))
                              && it.callers().equals(List.of(me.self()));
                        },
                        StreamOptions.defaults())
                    .toList());
    assertThat(reader.awaitResult()).containsExactly(new TaskResult.Ok<>(true));
  }

  @Test
  void streamThatNeedsMoreTasksThanThereMayBeThrowsAndEndsThoseThatRun() {
    var small =
        node.start(TaskSupervisorSpec.create().maxChildren(1), StartOptions.none()).pidOrThrow();
    var reader =
        TestProcess.spawn(
            node,
            me -> {
              var stream =
                  me.taskSupervisor(small)
                      .asyncStream(
                          List.of(1, 2),
                          _ -> runForEver(),
                          StreamOptions.defaults().maxConcurrency(2));
              assertThatIllegalStateException()
                  .isThrownBy(stream::toList)
                  .withMessageContaining("larger maxChildren");
              await().until(() -> me.taskSupervisor(small).children().isEmpty());
              return mailboxIsEmpty(me);
            });
    assertThat(reader.awaitResult()).isTrue();
  }

  @Test
  void taskSupervisorIsAChildLikeOthers() {
    var child =
        ChildSpec.supervisor("tasks", TaskSupervisorSpec.create(), StartOptions.named("tasks"));
    node.start(SupervisorSpec.oneForOne(List.of(child)), StartOptions.none()).pidOrThrow();
    var owner =
        TestProcess.spawn(
            node, me -> me.taskSupervisor(ServerRef.named("tasks")).async(() -> 42).await());
    assertThat(owner.awaitResult()).isEqualTo(42);
  }
}
