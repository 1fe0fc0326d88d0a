package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskException;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A task as its owner holds it.
final class AsyncTask<R extends @Nullable Object>
    implements Task<R>, TaskProcess.Receiver, Watcher {

  /*
   * What becomes of a task comes twice: as messages into the owner's mailbox, for an owner that does not
   * ask, and into `reply` and `ended`, for one that does, since a server cannot take single messages out
   * of its mailbox. The owner has it once all the same: it has its monitor `ref` as long as it has taken
   * neither. Who asks takes the monitor away, and the messages are dropped when their turn comes; who
   * handles the messages is asked in vain afterwards.
   *
   * Messages go first: when the owner sees `reply` or `ended`, what it has to drop is in its mailbox.
   */

  private final LocalProcess owner;
  private final MonitorRef ref;
  private @Nullable TaskProcess process;
  private boolean replyTaken; // the owner's
  private volatile @Nullable Thread waiting;
  private volatile TaskResult.@Nullable Ok<R> reply;
  private volatile boolean ended;

  AsyncTask(LocalProcess owner) {
    this.owner = owner;
    this.ref = owner.node.nextMonitorRef();
  }

  /// A task that is over.
  static <R extends @Nullable Object> AsyncTask<R> completed(LocalProcess owner, R value) {
    var task = new AsyncTask<R>(owner);
    owner.expect(task.ref, null);
    task.replied(value);
    return task;
  }

  /// The process for it, not running yet. The owner is told what becomes of it from now on.
  TaskProcess processUnder(LocalProcess parent, Callable<R> work) {
    var made = new TaskProcess(parent, owner, work, work, this);
    process = made;
    if (owner.expect(ref, made)) {
      made.watch(ref, this);
    }
    return made;
  }

  // From the task.

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // its function gives an R, perhaps null
  public void replied(@Nullable Object value) {
    var trace = (process == null ? owner : process).traceContext();
    owner.deliverExpected(ref, new InfoMessage.Reply(ref, value), trace);
    reply = new TaskResult.Ok<>((R) value);
    LockSupport.unpark(waiting);
  }

  @Override
  public void ended(LocalProcess process, ExitReason reason) {
    owner.deliverExpected(ref, new InfoMessage.Down(ref, process.pid(), reason));
    ended = true;
    LockSupport.unpark(waiting);
  }

  @Override
  public void replyTaken() {
    replyTaken = true;
  }

  // From the owner.

  @Override
  public R await(Duration timeout) {
    var nanos = Timeouts.toNanos(timeout);
    checkOwner("await");
    boolean over;
    try {
      over = waitUntil(true, this::isOver, nanos);
    } catch (ExitException cycle) {
      drop();
      throw new TaskException(cycle.reason(), pid(), timeout);
    }
    if (!over) {
      drop();
      throw new TaskException(Node.unanswered(), pid(), timeout);
    }
    return valueOrThrow(take(), timeout);
  }

  /// The result; the task may not have ended otherwise.
  R valueOrThrow(TaskResult<R> outcome, Duration timeout) {
    return switch (outcome) {
      case TaskResult.Ok<R>(R value) -> value;
      case TaskResult.Exit<R>(ExitReason reason, _) ->
          throw new TaskException(reason, pid(), timeout);
    };
  }

  @Override
  public Optional<TaskResult<R>> yield(Duration timeout) {
    var nanos = Timeouts.toNanos(timeout);
    checkOwner("yield");
    return waitUntil(false, this::isOver, nanos) ? Optional.of(take()) : Optional.empty();
  }

  @Override
  public Optional<TaskResult<R>> shutdown(Shutdown how) {
    var task = running("shutdown");
    var endedBefore = !task.isAlive();
    owner.unlink(task.pid());
    var asTold =
        switch (how) {
          case Shutdown.BrutalKill() -> kill(task);
          case Shutdown.After(Duration timeout) -> end(task, Timeouts.toNanos(timeout));
        };
    if (endedBefore && !owner.expects(ref)) {
      return Optional.of(new TaskResult.Exit<>(ExitReason.NOPROC));
    }
    var outcome = take();
    return outcome instanceof TaskResult.Exit<R> exit && exit.reason().equals(asTold)
        ? Optional.empty()
        : Optional.of(outcome);
  }

  /// @return as what it should have ended
  private ExitReason kill(TaskProcess task) {
    task.exitSignal(owner.pid(), ExitReason.KILL);
    awaitEnd(task, Long.MAX_VALUE);
    return ExitReason.KILLED;
  }

  /// @return as what it should have ended
  private ExitReason end(TaskProcess task, long nanos) {
    task.exitSignal(owner.pid(), ExitReason.SHUTDOWN);
    if (!awaitEnd(task, nanos)) {
      kill(task);
    }
    return ExitReason.SHUTDOWN;
  }

  private boolean awaitEnd(TaskProcess task, long nanos) {
    var time = owner.node.time();
    var end = EndWaiter.on(task);
    var came =
        owner.waitFor(
            new TaskWait(task, time.nanoTime(), false, end::isOver),
            () -> end.await(time, nanos) != null);
    owner.checkAlive();
    return came;
  }

  @Override
  public Optional<TaskResult<R>> ignore() {
    var task = running("ignore");
    if (isOver()) {
      return Optional.of(take());
    }
    owner.unlink(task.pid());
    drop();
    return Optional.empty();
  }

  /// Whether there is something to take.
  boolean isOver() {
    return (hasReply() || ended) && owner.expects(ref);
  }

  private boolean hasReply() {
    return reply != null && !replyTaken;
  }

  /// Takes what became of it, and drops the messages that tell of it.
  TaskResult<R> take() {
    var result = owner.expects(ref) && hasReply() ? reply : null;
    var reason = process == null ? null : process.exitReason();
    drop();
    return result != null
        ? translated(result)
        : new TaskResult.Exit<>(reason == null ? ExitReason.KILLED : reason);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // of the same type, perhaps in another version
  private TaskResult<R> translated(TaskResult.Ok<R> result) {
    return new TaskResult.Ok<>((R) owner.node.translated(result.value(), owner.loader()));
  }

  /// Wants to hear no more of it.
  void drop() {
    owner.demonitor(ref);
  }

  private boolean waitUntil(boolean needed, BooleanSupplier condition, long nanos) {
    return waitUntil(owner, List.of(this), needed, condition, nanos);
  }

  /// Has the owner wait for what one of its tasks makes true.
  ///
  /// @param needed whether each of them must do so
  static <R extends @Nullable Object> boolean waitUntil(
      LocalProcess owner,
      List<AsyncTask<R>> tasks,
      boolean needed,
      BooleanSupplier condition,
      long nanos) {
    var time = owner.node.time();
    tasks.forEach(task -> task.waiting = Thread.currentThread());
    var holds =
        owner.waitFor(
            wait(owner, tasks, needed, condition),
            () -> {
              if (needed) {
                CallCycle.refuse(owner);
              }
              return Waiting.until(condition, time, nanos);
            });
    tasks.forEach(task -> task.waiting = null);
    owner.checkAlive();
    return holds;
  }

  private static <R extends @Nullable Object> TaskWait wait(
      LocalProcess owner, List<AsyncTask<R>> tasks, boolean needed, BooleanSupplier condition) {
    var task = tasks.getFirst().process;
    return new TaskWait(
        task == null ? owner : task,
        owner.node.time().nanoTime(),
        needed && task != null,
        condition);
  }

  private TaskProcess running(String what) {
    checkOwner(what);
    if (process == null) {
      throw new IllegalArgumentException(
          this + " has no process; one that was completed from the start has only a result");
    }
    return process;
  }

  void checkOwner(String what) {
    var asking = CurrentProcess.isBound() ? ProcessContext.current().self() : null;
    if (!owner.pid().equals(asking)) {
      throw new IllegalArgumentException(
          "%s of %s by %s: only its owner %s may ask; have the owner send the result on"
              .formatted(
                  what, this, asking == null ? "a thread of no process" : asking, owner.pid()));
    }
    owner.checkAlive();
  }

  @Override
  public Optional<Pid> pid() {
    return Optional.ofNullable(process).map(LocalProcess::pid);
  }

  @Override
  public MonitorRef ref() {
    return ref;
  }

  @Override
  public Pid owner() {
    return owner.pid();
  }

  @Override
  public String toString() {
    return process == null ? "task " + ref : "task " + process.pid();
  }
}
