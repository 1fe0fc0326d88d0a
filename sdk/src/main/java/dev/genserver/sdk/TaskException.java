package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;

/// Waiting for a task failed. Uncaught it ends the waiting process with the same reason.
///
/// The reason is [ExitReason#TIMEOUT] if the time was over, else the one with which the task ended.
///
/// @otp the exits of Task.await/2, Task.await_many/2 and streams, `{Reason, {Task, await, [Task,
///   Timeout]}}`
public final class TaskException extends ExitException {

  private final transient Optional<Pid> task;
  private final Duration timeout;

  /// @param task the task that failed or was too slow; empty if it has no process, or several were
  ///   waited for
  public TaskException(ExitReason reason, Optional<Pid> task, Duration timeout) {
    super(reason, describe(reason, task, timeout));
    this.task = task;
    this.timeout = timeout;
  }

  /// The task that failed or was too slow; empty if it has no process, or several were waited for.
  public Optional<Pid> task() {
    return task;
  }

  /// How long the owner was ready to wait.
  public Duration timeout() {
    return timeout;
  }

  private static String describe(ExitReason reason, Optional<Pid> task, Duration timeout) {
    var what = task.map(pid -> "task " + pid).orElse("tasks");
    return reason instanceof ExitReason.Timeout
        ? "waiting for " + what + " failed: timeout, no result within " + timeout
        : "waiting for " + what + " failed: " + reason;
  }
}
