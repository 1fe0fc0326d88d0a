package dev.genserver.client;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import org.jspecify.annotations.Nullable;

/// The thread that keeps the time of a client. What it does must not block.
final class Timers {

  private Timers() {}

  /// Once it is shut down it ignores what it is given.
  static ScheduledExecutorService start() {
    var timers = new ScheduledThreadPoolExecutor(1, Timers::thread, new DiscardPolicy());
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  private static Thread thread(@Nullable Runnable task) {
    var thread = new Thread(task, "genserver-client-timers");
    thread.setDaemon(true);
    return thread;
  }
}
