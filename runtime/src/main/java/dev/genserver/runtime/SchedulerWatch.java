package dev.genserver.runtime;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;

/// Sees to it that processes that compute do not keep others from their turn.
///
/// The JDK runs virtual threads on as many carrier threads as there are processors, and takes none
/// off its carrier that does not block. When as many processes compute, in long callbacks or in
/// many short ones, nobody else has a turn. So while all carriers are taken, a thread that does
/// nothing is started now and then; if it has no turn within [#PATIENCE] there are more carriers.
/// From then on it is the operating system that shares the processors among them, as among any
/// threads.
///
/// More carriers cost those who do not compute, so they are taken back after a while, on trial.
/// Where that was too soon they are there again at once, and for longer.
///
/// For the whole JVM: its scheduler of virtual threads is one. Thread-safe.
public final class SchedulerWatch implements AutoCloseable {

  /// How many carriers there may be in addition to the usual ones.
  public static final int MOST_MORE = 64;

  /// How many are added at first.
  private static final int A_FEW = 4;

  /// How long a thread may wait for its turn before there are more carriers. Where processors are
  /// shared with other programs all carriers may well be off them for some ten milliseconds.
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /// How long between two looks; while nothing runs there are fewer of them.
  private static final Duration INTERVAL = Duration.ofMillis(10);

  private static final Duration IDLE_INTERVAL = Duration.ofMillis(50);

  /// How long there are more carriers, at first and at most.
  private static final long SHORTEST_HOLD = TimeUnit.SECONDS.toNanos(5);

  private static final long LONGEST_HOLD = TimeUnit.MINUTES.toNanos(2);

  private static final System.Logger LOG = System.getLogger(SchedulerWatch.class.getName());

  private static final VirtualThreadSchedulerMXBean SCHEDULER =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  /// How many carriers the JVM has at first.
  private static final int USUAL = SCHEDULER.getParallelism();

  private final Thread thread =
      Thread.ofPlatform().daemon().name("genserver-scheduler").unstarted(this::watch);

  // The thread's alone.
  private int needed = USUAL;
  private long changed = System.nanoTime();
  private long hold = SHORTEST_HOLD;

  private SchedulerWatch() {}

  /// Begins to watch, until it is closed.
  public static SchedulerWatch start() {
    var watch = new SchedulerWatch();
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (true) {
        if (hasTurn()) {
          takeBack();
          Thread.sleep(SCHEDULER.getMountedVirtualThreadCount() == 0 ? IDLE_INTERVAL : INTERVAL);
        } else {
          more();
        }
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  /// Whether a thread that is started now has its turn soon.
  private static boolean hasTurn() throws InterruptedException {
    return SCHEDULER.getMountedVirtualThreadCount() < SCHEDULER.getParallelism()
        || Thread.startVirtualThread(() -> {}).join(PATIENCE);
  }

  /// As many carriers as were needed before, or else a few more; if that was not enough, as many as
  /// there may be: each that is added looks for the next one itself as long as there is something
  /// to do, up to the number that is set.
  private void more() {
    if (SCHEDULER.getParallelism() == USUAL && needed > USUAL) {
      hold = Math.min(2 * hold, LONGEST_HOLD);
    } else {
      needed = needed == USUAL ? USUAL + A_FEW : USUAL + MOST_MORE;
    }
    set(needed);
    // The scheduler looks for another carrier when a thread joins an empty queue, and each thread
    // from outside has a queue that it was given at random: one that is new may find an empty one.
    Thread.ofPlatform().daemon().start(() -> Thread.startVirtualThread(() -> {}));
  }

  private void takeBack() {
    if (needed == USUAL || System.nanoTime() - changed < hold) {
      return;
    }
    if (SCHEDULER.getParallelism() > USUAL) {
      set(USUAL);
    } else { // for so long, and all had their turn
      needed = USUAL;
      hold = SHORTEST_HOLD;
    }
  }

  private void set(int carriers) {
    if (SCHEDULER.getParallelism() != carriers) {
      LOG.log(Level.DEBUG, "carrier threads changed threads={0} usual={1}", carriers, USUAL);
      SCHEDULER.setParallelism(carriers);
      changed = System.nanoTime();
    }
  }

  /// Ends, and leaves the scheduler as it was at first.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    SCHEDULER.setParallelism(USUAL);
  }
}
