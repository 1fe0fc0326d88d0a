package dev.genserver.runtime;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Threads that are kept track of, so that a test can tell when nothing goes on.
final class TrackingScheduler implements Scheduler {

  /*
   * Nothing goes on when each thread that is under way is parked, and nobody is about to unpark it. One
   * look at all of them cannot tell, since a thread may run between the looks at two others. So there
   * are two looks, and the moment between them is the one that counts. A thread that is parked in the
   * same wait both times was in it at that moment, for each wait is another object; one whose wait is
   * over counts as running, though it has not come so far yet. Its thread alone cannot tell that: one that
   * is unparked while it is about to park looks parked for a moment. A thread that was started and has ended
   * between the looks is known by the count of starts.
   */

  private final Scheduler threads = Scheduler.newThreads();
  private final Set<Activation> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicLong starts = new AtomicLong();

  @Override
  public void activate(LocalProcess process, Runnable activation, ClassLoader loader) {
    var tracked = new Activation(process, activation);
    underWay.add(tracked);
    starts.incrementAndGet();
    threads.activate(process, tracked, loader);
  }

  /// See [Node#isStill].
  boolean isStill() {
    var startsBefore = starts.get();
    var first = pauses();
    return first != null && first.equals(pauses()) && starts.get() == startsBefore;
  }

  /// What the threads wait for; null if one of them does not.
  private @Nullable Set<Object> pauses() {
    Set<Object> pauses = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var activation : underWay) {
      var pause = activation.pause();
      if (pause == null) {
        return null;
      }
      pauses.add(pause);
    }
    return pauses;
  }

  private final class Activation implements Runnable {

    private final LocalProcess process;
    private final Runnable code;
    private volatile @Nullable Thread thread;

    Activation(LocalProcess process, Runnable code) {
      this.process = process;
      this.code = code;
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      try {
        code.run();
      } finally {
        underWay.remove(this);
      }
    }

    /// What the thread is parked in; null if it runs, or code of a plugin holds it up.
    @Nullable Object pause() {
      var running = thread;
      var pause = process.pause();
      if (running == null || pause == null || running.isInterrupted()) {
        return null;
      }
      return switch (running.getState()) {
        case WAITING, TIMED_WAITING -> pause;
        case NEW, RUNNABLE, BLOCKED, TERMINATED -> null;
      };
    }
  }
}
