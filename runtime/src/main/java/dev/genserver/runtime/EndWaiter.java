package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waits for the end of a process. For the thread that made it.
final class EndWaiter implements Watcher {

  private final Thread waiting = Thread.currentThread();
  private volatile @Nullable ExitReason reason;

  /// Watches the process from now on.
  static EndWaiter on(LocalProcess process) {
    var waiter = new EndWaiter();
    if (!process.watch(process.node.nextMonitorRef(), waiter)) {
      waiter.reason = ExitReason.NOPROC;
    }
    return waiter;
  }

  @Override
  public void ended(LocalProcess process, ExitReason reason) {
    this.reason = reason;
    LockSupport.unpark(waiting);
  }

  /// How it ended; null if the time is over or the thread was interrupted.
  @Nullable ExitReason await(TimeSource time, long timeoutNanos) {
    Waiting.until(() -> reason != null, time, timeoutNanos);
    return reason;
  }
}
