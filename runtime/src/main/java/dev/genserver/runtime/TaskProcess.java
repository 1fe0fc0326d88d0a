package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A process that runs a task's function on behalf of its owner.
final class TaskProcess extends PlainProcess {

  /// Wants the result of a task.
  interface Receiver {

    /// Invoked before the task's end, on its thread.
    void replied(@Nullable Object value);

    /// The owner took the result from its mailbox.
    default void replyTaken() {}
  }

  private static final System.Logger LOG = System.getLogger(TaskProcess.class.getName());

  private final @Nullable Lineage callers;
  private final String owner;
  private final Object function;
  private final @Nullable Receiver receiver;

  /// @param parent who starts it: its owner, or a supervisor
  /// @param owner on whose behalf it runs; null for code that is no process
  /// @param receiver null if nobody wants the result
  TaskProcess(
      LocalProcess parent,
      @Nullable LocalProcess owner,
      Object function,
      Callable<?> body,
      @Nullable Receiver receiver) {
    super(parent.node, parent, owner, function, body);
    this.callers = owner == null ? null : new Lineage(owner.pid(), callersOf(owner));
    this.owner = owner == null ? "-" : owner.toString();
    this.function = function;
    this.receiver = receiver;
  }

  private static @Nullable Lineage callersOf(LocalProcess owner) {
    return owner instanceof TaskProcess task ? task.callers : null;
  }

  /// On whose behalf a process runs, the nearest first.
  static List<Pid> callers(LocalProcess process) {
    return Lineage.pids(callersOf(process));
  }

  @Override
  void returned(@Nullable Object result) {
    if (receiver != null && isAlive()) {
      receiver.replied(result);
    }
  }

  void replyTaken() {
    if (receiver != null) {
      receiver.replyTaken();
    }
  }

  @Override
  void logEnd(ExitReason reason) {
    if (ExitReason.isExpected(reason)) {
      return;
    }
    var text =
        "task crashed pid=%s owner=%s function=%s reason=%s trace=%s"
            .formatted(
                pid(),
                owner,
                function.getClass().getName(),
                reason,
                CrashReport.trace(traceContext()));
    if (reason instanceof ExitReason.Failure(Throwable exception)) {
      LOG.log(Level.ERROR, text, exception);
    } else {
      LOG.log(Level.ERROR, text);
    }
  }
}
