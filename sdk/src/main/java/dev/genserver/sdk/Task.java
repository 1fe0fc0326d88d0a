package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function that runs in a process of its own and whose result its owner wants: a future with
/// links and exit reasons. Started by [Tasks#async] or a task supervisor.
///
/// The process that started a task owns it, and it alone may ask for the result, once. A server
/// that does not ask is told in [GenServer#handleInfo]: by [InfoMessage.Reply] with the result, and
/// by [InfoMessage.Down] with the end. What was asked for here does not come there.
///
/// A task is linked to its owner, unless it was started without: if it fails, its owner ends for
/// the same reason, also where it catches what [#await] throws, and if the owner fails the task
/// ends. An owner that traps exits gets [InfoMessage.Exit] instead.
///
/// ```java
/// Task<Price> price = process().async(() -> shop.priceOf(item));
/// var stock = store.stockOf(item);
/// return new Offer(stock, price.await());
/// ```
///
/// All methods are for the code of the owner, and all but those that only tell throw
/// [IllegalArgumentException] elsewhere.
///
/// @param <R> the result
/// @otp Elixir's Task
public interface Task<R extends @Nullable Object> {

  /// The process that runs it; empty for a task that was [completed][Tasks#completedTask] from the
  /// start.
  Optional<Pid> pid();

  /// What [InfoMessage.Reply] and [InfoMessage.Down] carry.
  MonitorRef ref();

  /// The process that may ask for the result.
  Pid owner();

  /// Waits for the result.
  ///
  /// Whatever comes of it, the task cannot be asked again: its result is dropped if it comes later.
  /// Asked again, this waits in vain for the whole time.
  ///
  /// @param timeout how long to wait, zero or more, or [Timeouts#INFINITY]
  /// @throws TaskException with the reason for which the task ended, or [ExitReason#TIMEOUT]; the
  ///   task then goes on, unless the exception ends the owner and with it the linked task
  /// @throws IllegalArgumentException if another process than the owner asks
  /// @otp Task.await/2
  R await(Duration timeout);

  /// [#await(Duration)] with [Timeouts#DEFAULT].
  default R await() {
    return await(Timeouts.DEFAULT);
  }

  /// Waits for the result or the end, and may be called again if neither came.
  ///
  /// @return empty if the task still runs, or what became of it was taken before
  /// @throws IllegalArgumentException if another process than the owner asks
  /// @otp Task.yield/2
  @SuppressWarnings("NamedLikeContextualKeyword") // the word for it, and always called on a task
  Optional<TaskResult<R>> yield(Duration timeout);

  /// [#yield(Duration)] with [Timeouts#DEFAULT].
  @SuppressWarnings("NamedLikeContextualKeyword") // the word for it, and always called on a task
  default Optional<TaskResult<R>> yield() {
    return this.yield(Timeouts.DEFAULT);
  }

  /// Takes the link away and ends the task, unless it has ended; returns when it has.
  ///
  /// @return the result, if it came before the end; empty if the task ended as it was told to; else
  ///   how it ended, [ExitReason#KILLED] if it did not end in time, [ExitReason#NOPROC] if what
  ///   became of it was taken before
  /// @throws IllegalArgumentException if another process than the owner asks, or the task has no
  ///   process
  /// @otp Task.shutdown/2
  Optional<TaskResult<R>> shutdown(Shutdown how);

  /// [#shutdown(Shutdown)] within [Timeouts#DEFAULT].
  default Optional<TaskResult<R>> shutdown() {
    return shutdown(Shutdown.after(Timeouts.DEFAULT));
  }

  /// Takes the link away and lets the task run on, without its ever sending its result.
  ///
  /// @return what became of the task if it is over; empty if it runs
  /// @throws IllegalArgumentException if another process than the owner asks, or the task has no
  ///   process
  /// @otp Task.ignore/1
  Optional<TaskResult<R>> ignore();
}
