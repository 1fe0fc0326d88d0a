package dev.genserver.runtime;

import dev.genserver.sdk.StartResult;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A start that somebody waits for.
final class Startup implements Wait {

  private final LocalProcess process;
  private final long since;
  private final Thread starter = Thread.currentThread();
  private volatile @Nullable StartResult result;

  Startup(LocalProcess process) {
    this.process = process;
    this.since = process.node.time().nanoTime();
  }

  @Override
  public LocalProcess target() {
    return process;
  }

  @Override
  public String what() {
    return "start";
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
    return result != null;
  }

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
    Waiting.until(this::isOver, time, timeoutNanos);
    return result;
  }
}
