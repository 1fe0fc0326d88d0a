package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskException;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.Tasks;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.YieldOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a process can do with tasks; the part of its [Context] that is about them.
interface OwnTasks extends Tasks {

  /// The process.
  LocalProcess process();

  @Override
  default <R extends @Nullable Object> Task<R> async(Callable<R> work) {
    return async(TaskStarter::bySelf, process(), true, work);
  }

  /// A task of `owner`.
  static <R extends @Nullable Object> Task<R> async(
      TaskStarter starter, LocalProcess owner, boolean linked, Callable<R> work) {
    owner.checkAlive();
    var task = new AsyncTask<R>(owner);
    try {
      starter.start(owner, linked, parent -> task.processUnder(parent, work));
    } catch (RuntimeException notStarted) {
      task.drop();
      throw notStarted;
    }
    owner.checkAlive();
    return task;
  }

  @Override
  default <R extends @Nullable Object> Task<R> completedTask(R value) {
    process().checkAlive();
    return AsyncTask.completed(process(), value);
  }

  @Override
  default Pid startTask(Runnable work) {
    return start(work, false);
  }

  @Override
  default Pid startLinkTask(Runnable work) {
    return start(work, true);
  }

  private Pid start(Runnable work, boolean linked) {
    var me = process();
    me.checkAlive();
    var task = new TaskProcess(me, me, work, Executors.callable(work), null);
    return me.node.start(task, linked ? me : null);
  }

  @Override
  default <T extends @Nullable Object, R extends @Nullable Object>
      Stream<TaskResult<R>> asyncStream(
          Iterable<? extends T> inputs,
          StreamWork<? super T, ? extends R> work,
          StreamOptions options) {
    return TaskStream.of(TaskStarter::bySelf, true, inputs, work, options);
  }

  @Override
  default <R extends @Nullable Object> List<R> awaitMany(
      Collection<? extends Task<R>> tasks, Duration timeout) {
    var nanos = Timeouts.toNanos(timeout);
    var all = own(tasks, "awaitMany");
    var outcomes = gather(all, true, nanos, outcome -> outcome instanceof TaskResult.Exit);
    all.forEach(AsyncTask::drop);
    outcomes.forEach((task, outcome) -> task.valueOrThrow(outcome, timeout));
    var results = new ArrayList<R>(all.size());
    for (var task : all) {
      var outcome = outcomes.get(task);
      if (outcome == null) {
        throw new TaskException(Node.unanswered(), Optional.empty(), timeout);
      }
      results.add(task.valueOrThrow(outcome, timeout));
    }
    return results;
  }

  @Override
  default <R extends @Nullable Object> List<Optional<TaskResult<R>>> yieldMany(
      Collection<? extends Task<R>> tasks, YieldOptions options) {
    var all = own(tasks, "yieldMany");
    var left = new int[] {options.limit()};
    var outcomes = gather(all, false, Timeouts.toNanos(options.timeout()), _ -> --left[0] == 0);
    var results = new ArrayList<Optional<TaskResult<R>>>(all.size());
    for (var task : all) {
      var outcome = outcomes.get(task);
      results.add(
          outcome != null
              ? Optional.of(outcome)
              : switch (options.onTimeout()) {
                case NOTHING -> Optional.empty();
                case IGNORE -> task.ignore();
                case KILL_TASK -> task.shutdown(Shutdown.brutalKill());
              });
    }
    return results;
  }

  private static <R extends @Nullable Object> List<AsyncTask<R>> own(
      Collection<? extends Task<R>> tasks, String what) {
    var own = new ArrayList<AsyncTask<R>>(tasks.size());
    for (var task : tasks) {
      var async = (AsyncTask<R>) task;
      async.checkOwner(what);
      own.add(async);
    }
    return own;
  }

  /// Takes what becomes of the tasks, as it comes, until all are over, the time is, or one of the
  /// outcomes is enough.
  private <R extends @Nullable Object> Map<AsyncTask<R>, TaskResult<R>> gather(
      List<AsyncTask<R>> tasks, boolean all, long nanos, Predicate<TaskResult<R>> enough) {
    var outcomes = new HashMap<AsyncTask<R>, TaskResult<R>>();
    var pending = new ArrayList<>(new LinkedHashSet<>(tasks));
    if (pending.isEmpty()) {
      return outcomes;
    }
    var time = process().node.time();
    var start = time.nanoTime();
    while (awaitAny(List.copyOf(pending), all, Waiting.left(time, start, nanos))) {
      for (var task : List.copyOf(pending)) {
        if (task.isOver()) {
          var outcome = task.take();
          outcomes.put(task, outcome);
          pending.remove(task);
          if (pending.isEmpty() || enough.test(outcome)) {
            return outcomes;
          }
        }
      }
    }
    return outcomes;
  }

  private <R extends @Nullable Object> boolean awaitAny(
      List<AsyncTask<R>> tasks, boolean all, long nanos) {
    return AsyncTask.waitUntil(
        process(), tasks, all, () -> tasks.stream().anyMatch(AsyncTask::isOver), nanos);
  }
}
