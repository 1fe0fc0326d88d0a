package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.MonitorRef;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waits for the end of a process. For the thread that made it.
final class EndWaiter implements Watcher, Wait {

  private final Thread waiting = Thread.currentThread();
  private final LocalProcess process;
  private final MonitorRef ref;
  private final long since;
  private volatile @Nullable ExitReason reason;

  private EndWaiter(LocalProcess process) {
    this.process = process;
    this.ref = process.node.nextMonitorRef();
    this.since = process.node.time().nanoTime();
  }

  /// Watches the process from now on.
  static EndWaiter on(LocalProcess process) {
    var waiter = new EndWaiter(process);
    if (!process.watch(waiter.ref, waiter)) {
      waiter.reason = ExitReason.NOPROC;
    }
    return waiter;
  }

  @Override
  public LocalProcess target() {
    return process;
  }

  @Override
  public String what() {
    return "end";
  }

  @Override
  public long since() {
    return since;
  }

  @Override
  public boolean isBinding() {
    return !isOver();
  }

  @Override
  public boolean isOver() {
    return reason != null;
  }

  @Override
  public void ended(LocalProcess process, ExitReason reason) {
    this.reason = reason;
    LockSupport.unpark(waiting);
  }

  /// How it ended; null if the time is over or the thread was interrupted. Watches no longer then.
  @Nullable ExitReason await(TimeSource time, long timeoutNanos) {
    if (!Waiting.until(this::isOver, time, timeoutNanos)) {
      process.unwatch(ref);
    }
    return reason;
  }
}
