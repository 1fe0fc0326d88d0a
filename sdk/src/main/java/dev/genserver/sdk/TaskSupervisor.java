package dev.genserver.sdk;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A running supervisor of tasks, as [TaskSupervisorSpec] describes it; got by
/// [Processes#taskSupervisor]. Its tasks have it for an ancestor, and for a caller the process that
/// asked for them.
///
/// Each method is a call to the supervisor that waits as long as it takes, and throws
/// [CallException] if there is no such process. Those that give a [Task] are for code of a process,
/// which owns it, and throw [IllegalStateException] elsewhere, and where the supervisor has as many
/// tasks as it may have.
///
/// @otp Elixir's Task.Supervisor
public interface TaskSupervisor {

  /// Runs `work` in a task that is linked to its owner, too, and has 5 seconds to end. It is never
  /// restarted.
  ///
  /// @otp Task.Supervisor.async/2
  <R extends @Nullable Object> Task<R> async(Callable<R> work);

  /// [#async] without a link to the owner: neither harms the other. How the task ended is told by
  /// [Task#yield] or, to an owner that does not ask, by [InfoMessage.Down].
  ///
  /// @otp Task.Supervisor.async_nolink/2
  <R extends @Nullable Object> Task<R> asyncNolink(Callable<R> work);

  /// Runs `work` in a task that nobody waits for. It is not restarted, and has 5 seconds to end.
  ///
  /// @return failed with `max_children` if there are as many tasks as there may be
  /// @otp Task.Supervisor.start_child/2
  StartResult startChild(Runnable work);

  /// [#startChild(Runnable)] that may be restarted: the work is run again.
  ///
  /// @otp the options of Task.Supervisor.start_child/3
  StartResult startChild(Runnable work, Restart restart, Shutdown shutdown);

  /// [Tasks#asyncStream] whose tasks run under this supervisor. While it is read there must be room
  /// for its [StreamOptions#maxConcurrency()].
  ///
  /// @otp Task.Supervisor.async_stream/4
  <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> asyncStream(
      Iterable<? extends T> inputs,
      Tasks.StreamWork<? super T, ? extends R> work,
      StreamOptions options);

  /// [#asyncStream] whose tasks are not linked to the reader: one that fails is a
  /// [TaskResult.Exit], also where the reader does not trap exits.
  ///
  /// @otp Task.Supervisor.async_stream_nolink/4
  <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> asyncStreamNolink(
      Iterable<? extends T> inputs,
      Tasks.StreamWork<? super T, ? extends R> work,
      StreamOptions options);

  /// The tasks that run, in no order.
  ///
  /// @otp Task.Supervisor.children/1
  List<Pid> children();

  /// Ends a task within its shutdown time.
  ///
  /// @return ok, or not found
  /// @otp Task.Supervisor.terminate_child/2
  Supervisor.Outcome terminateChild(Pid pid);
}
