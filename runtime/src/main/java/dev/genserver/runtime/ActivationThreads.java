package dev.genserver.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A new thread for each activation: a virtual one, or one of the operating system where the
/// process is declared to compute, so that it keeps no carrier thread from others. Such a thread
/// gives way to all others.
///
/// Those of the operating system are not used again, since what a plugin leaves in thread locals
/// would stay there after the plugin is gone. Starting one waits for its first turn, which takes
/// long while many compute. Neither a virtual thread, which keeps its carrier meanwhile, nor an
/// event loop is to wait for it, so there is a thread that does.
final class ActivationThreads implements Scheduler {

  /// How many activations of a node may have a thread of the operating system at a time.
  static final int MOST_CPU_BOUND = 256;

  /// Starts them, one after the other, as the JVM has a lock for that.
  private static final ThreadPoolExecutor STARTER =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          work -> HostThreads.named("genserver-starter", work));

  private final Thread.Builder virtual = Thread.ofVirtual().inheritInheritableThreadLocals(false);
  private final ThreadFactory own;
  private final Semaphore room;

  /// @param most how many of the operating system there may be at a time
  /// @param own makes them
  ActivationThreads(int most, ThreadFactory own) {
    this.own = own;
    this.room = new Semaphore(most);
  }

  @Override
  public void activate(LocalProcess process, Runnable activation, ClassLoader loader) {
    if (!process.isCpuBound() || !room.tryAcquire()) {
      startVirtual(activation, loader);
      return;
    }
    try {
      STARTER.execute(() -> startOwn(process, activation, loader));
    } catch (OutOfMemoryError _) {
      startVirtualInstead(activation, loader);
    }
  }

  private void startOwn(LocalProcess process, Runnable activation, ClassLoader loader) {
    var thread = own.newThread(() -> runAndLeave(activation));
    thread.setName(process.shownName());
    thread.setContextClassLoader(loader);
    try {
      thread.start();
    } catch (OutOfMemoryError _) {
      startVirtualInstead(activation, loader);
    }
  }

  private void runAndLeave(Runnable activation) {
    try {
      LowPriority.takeOn();
      letOthersStart();
      activation.run();
    } finally {
      room.release();
    }
  }

  /// Waits until those are started that are to be by now. If the first of many computed already,
  /// the start of each further one would wait for its turn behind them; and so would all who need
  /// the JVM's lock meanwhile, among them whoever needs another carrier thread.
  private static void letOthersStart() {
    if (STARTER.getQueue().isEmpty()) {
      return;
    }
    var started = new CountDownLatch(1);
    STARTER.execute(started::countDown);
    try {
      started.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the activation's affair
    }
  }

  /// The operating system has no more threads, but the activation must not be lost.
  private void startVirtualInstead(Runnable activation, ClassLoader loader) {
    room.release();
    startVirtual(activation, loader);
  }

  private void startVirtual(Runnable activation, ClassLoader loader) {
    var thread = virtual.unstarted(activation);
    thread.setContextClassLoader(loader);
    thread.start();
  }

  /// A thread of the operating system that runs one activation. Its class tells it from those that
  /// the code of a plugin has started.
  static final class Own extends Thread {

    Own(Runnable activation) {
      super(null, activation, "", 0, false);
      setDaemon(true);
    }
  }
}
