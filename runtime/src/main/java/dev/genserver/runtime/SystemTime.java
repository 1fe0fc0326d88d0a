package dev.genserver.runtime;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The real time; its tasks run on one platform thread of its own.
final class SystemTime implements TimeSource, AutoCloseable {

  private final ScheduledThreadPoolExecutor timers;
  private final Sleepers sleepers = new Sleepers(this);

  SystemTime() {
    timers =
        new ScheduledThreadPoolExecutor(1, work -> HostThreads.named("genserver-timers", work));
    timers.setRemoveOnCancelPolicy(true);
    // After close nothing runs any more; what is still asked for is no error of the one who asks.
    timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    return new Scheduled(timers.schedule(task, delayNanos, TimeUnit.NANOSECONDS));
  }

  Sleepers sleepers() {
    return sleepers;
  }

  @Override
  public void close() {
    timers.shutdownNow();
    sleepers.close();
  }

  private record Scheduled(ScheduledFuture<?> future) implements Timer {
    @Override
    public boolean cancel() {
      return future.cancel(false);
    }
  }
}
