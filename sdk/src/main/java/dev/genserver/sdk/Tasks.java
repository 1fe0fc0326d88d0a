package dev.genserver.sdk;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a process can do with tasks of its own; part of [ProcessContext].
///
/// A task that fails leaves one line in the log, with its owner and function. Tasks run under a
/// supervisor if a [TaskSupervisor] starts them, or as a [ChildSpec#task].
///
/// @otp the functions of Elixir's Task
public interface Tasks {

  /// Runs `work` in a process of its own, linked to this one, which owns the task.
  ///
  /// @otp Task.async/1
  <R extends @Nullable Object> Task<R> async(Callable<R> work);

  /// A task that is over and has the result `value`. It needs no process. Unless awaited, the
  /// result comes as [InfoMessage.Reply], and no [InfoMessage.Down] after it.
  ///
  /// @otp Task.completed/1
  <R extends @Nullable Object> Task<R> completedTask(R value);

  /// Runs `work` in a process of its own, without a link, and without anybody waiting for it.
  ///
  /// @otp Task.start/1
  Pid startTask(Runnable work);

  /// [#startTask] with a link to this process.
  ///
  /// @otp Task.start_link/1
  Pid startLinkTask(Runnable work);

  /// Waits for the results of all `tasks`.
  ///
  /// @return the results in the order of the tasks
  /// @throws TaskException at once with the reason of the first task that ended without a result,
  ///   or with [ExitReason#TIMEOUT]; none of the tasks can be asked again
  /// @throws IllegalArgumentException if this process does not own them all
  /// @otp Task.await_many/2
  <R extends @Nullable Object> List<R> awaitMany(
      Collection<? extends Task<R>> tasks, Duration timeout);

  /// [#awaitMany(Collection, Duration)] with [Timeouts#DEFAULT].
  default <R extends @Nullable Object> List<R> awaitMany(Collection<? extends Task<R>> tasks) {
    return awaitMany(tasks, Timeouts.DEFAULT);
  }

  /// Waits until all `tasks` are over, or as the options say.
  ///
  /// @return what became of each, in the order of the tasks; empty for one that was not over
  /// @throws IllegalArgumentException if this process does not own them all
  /// @otp Task.yield_many/2
  <R extends @Nullable Object> List<Optional<TaskResult<R>>> yieldMany(
      Collection<? extends Task<R>> tasks, YieldOptions options);

  /// [#yieldMany(Collection, YieldOptions)] within `timeout`.
  default <R extends @Nullable Object> List<Optional<TaskResult<R>>> yieldMany(
      Collection<? extends Task<R>> tasks, Duration timeout) {
    return yieldMany(tasks, YieldOptions.within(timeout));
  }

  /// A stream that runs `work` on each input, each in a task of its own, several at once.
  ///
  /// Lazy: nothing runs until it is read, and then no more tasks than
  /// [StreamOptions#maxConcurrency()] at once. The process that reads it owns the tasks. Its
  /// elements are [TaskResult.Ok]; a task that fails ends the reader by their link, but if that
  /// traps exits the element is a [TaskResult.Exit]. No messages reach the reader.
  ///
  /// Running tasks are killed when reading ends early: after `limit` or `findFirst` have enough,
  /// when an input or the reader's own code throws, or at the end of the reader.
  /// [Stream#iterator()] cannot tell when it ends and so runs all tasks first.
  ///
  /// ```java
  /// process().asyncStream(urls, Fetch::get, StreamOptions.defaults()).forEach(this::store);
  /// ```
  ///
  /// @param inputs read as far as tasks are started; may be without end
  /// @throws TaskException while reading, if a task takes too long and the options say so
  /// @otp Task.async_stream/3
  <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> asyncStream(
      Iterable<? extends T> inputs, StreamWork<? super T, ? extends R> work, StreamOptions options);

  /// [#asyncStream(Iterable, StreamWork, StreamOptions)] with [StreamOptions#defaults()].
  default <T extends @Nullable Object, R extends @Nullable Object>
      Stream<TaskResult<R>> asyncStream(
          Iterable<? extends T> inputs, StreamWork<? super T, ? extends R> work) {
    return asyncStream(inputs, work, StreamOptions.defaults());
  }

  /// What a stream of tasks does with each input.
  @FunctionalInterface
  interface StreamWork<T extends @Nullable Object, R extends @Nullable Object> {
    R run(T input) throws Exception;
  }
}
