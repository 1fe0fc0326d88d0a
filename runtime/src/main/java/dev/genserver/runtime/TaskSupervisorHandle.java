package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.Tasks.StreamWork;
import dev.genserver.sdk.Timeouts;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Has a dynamic supervisor run tasks.
///
/// @param caller whose handle it is; null for one of code that is no process
record TaskSupervisorHandle(DynamicSupervisor supervisor, @Nullable LocalProcess caller)
    implements TaskSupervisor, TaskStarter {

  private static final String ID = "task";

  @Override
  public <R extends @Nullable Object> Task<R> async(Callable<R> work) {
    return OwnTasks.async(this, current(), true, work);
  }

  @Override
  public <R extends @Nullable Object> Task<R> asyncNolink(Callable<R> work) {
    return OwnTasks.async(this, current(), false, work);
  }

  @Override
  public StartResult startChild(Runnable work) {
    return startChild(work, Restart.TEMPORARY, Shutdown.after(Timeouts.DEFAULT));
  }

  @Override
  public StartResult startChild(Runnable work, Restart restart, Shutdown shutdown) {
    var spec =
        ChildSpec.function(
            ID,
            () -> {
              var me = current();
              var task = new TaskProcess(me, caller, work, Executors.callable(work), null);
              return new StartResult.Ok(me.node.start(task, me));
            });
    return supervisor.startChild(spec.restart(restart).shutdown(shutdown));
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> asyncStream(
      Iterable<? extends T> inputs,
      StreamWork<? super T, ? extends R> work,
      StreamOptions options) {
    return TaskStream.of(this, true, inputs, work, options);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object>
      Stream<TaskResult<R>> asyncStreamNolink(
          Iterable<? extends T> inputs,
          StreamWork<? super T, ? extends R> work,
          StreamOptions options) {
    return TaskStream.of(this, false, inputs, work, options);
  }

  @Override
  public void start(
      LocalProcess owner, boolean linked, Function<LocalProcess, TaskProcess> process) {
    var spec = ChildSpec.function(ID, () -> startHere(owner, linked, process));
    var result = supervisor.startChild(spec.restart(Restart.TEMPORARY));
    if (!(result instanceof StartResult.Ok)) {
      throw new IllegalStateException(
          "task not started: "
              + result
              + "; give the task supervisor a larger maxChildren, or start fewer at once");
    }
  }

  /// Starts a task in the supervisor's process.
  private static StartResult startHere(
      LocalProcess owner, boolean linked, Function<LocalProcess, TaskProcess> process) {
    var me = current();
    var task = process.apply(me);
    if (linked) {
      owner.link(task);
      if (!owner.isAlive()) {
        return new StartResult.Ignore(); // nobody wants it any more
      }
    }
    return new StartResult.Ok(me.node.start(task, me));
  }

  @Override
  public List<Pid> children() {
    return supervisor.whichChildren().stream().flatMap(child -> child.pid().stream()).toList();
  }

  @Override
  public Supervisor.Outcome terminateChild(Pid pid) {
    return supervisor.terminateChild(pid);
  }

  private static LocalProcess current() {
    return ((Context) ProcessContext.current()).process();
  }
}
