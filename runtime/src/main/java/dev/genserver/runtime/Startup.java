package dev.genserver.runtime;

import dev.genserver.sdk.StartResult;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A start that somebody waits for.
final class Startup {

  private final Thread starter = Thread.currentThread();
  private volatile @Nullable StartResult result;

  /// Tells the starter, unless it was told before.
  void complete(StartResult result) {
    synchronized (this) {
      if (this.result != null) {
        return;
      }
      this.result = result;
    }
    LockSupport.unpark(starter);
  }

  /// Waits; null if the time is over or the thread was interrupted.
  @Nullable StartResult await(TimeSource time, long timeoutNanos) {
    Waiting.until(() -> result != null, time, timeoutNanos);
    return result;
  }
}
