package dev.genserver.runtime;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import jdk.management.VirtualThreadSchedulerMXBean;

/// Sees to it that processes that compute do not keep others from their turn.
///
/// The JDK runs virtual threads on as many carrier threads as there are processors, and takes none
/// off its carrier that does not block. When as many processes compute, in long callbacks or in
/// many short ones, nobody else has a turn. So while all carriers are taken, a thread that does
/// nothing is started now and then; if it has no turn within [#PATIENCE] there are more carriers.
/// From then on it is the operating system that shares the processors among them, as among any
/// threads. Carriers that are not needed any more are taken back.
///
/// For the whole JVM: its scheduler of virtual threads is one. Thread-safe.
public final class SchedulerWatch implements AutoCloseable {

  /// How many carriers there may be in addition to the usual ones.
  public static final int MOST_MORE = 64;

  /// How long a thread may wait for its turn before there are more carriers.
  static final Duration PATIENCE = Duration.ofMillis(10);

  private static final int A_FEW = 4;

  /// How many looks in a row have to show spare carriers before these are taken back: a second.
  private static final int CALM = 100;

  private static final System.Logger LOG = System.getLogger(SchedulerWatch.class.getName());

  private static final VirtualThreadSchedulerMXBean SCHEDULER =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  /// How many carriers the JVM has at first.
  private static final int USUAL = SCHEDULER.getParallelism();

  private final Thread thread =
      Thread.ofPlatform().daemon().name("genserver-scheduler").unstarted(this::watch);

  // The thread's alone.
  private int looks;
  private int busiest;

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
          Thread.sleep(PATIENCE);
        } else {
          more();
        }
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  /// Whether a thread that is started now has its turn soon.
  private boolean hasTurn() throws InterruptedException {
    var busy = SCHEDULER.getMountedVirtualThreadCount();
    if (busy < SCHEDULER.getParallelism()) {
      calm(busy);
      return true;
    }
    looks = 0;
    return Thread.startVirtualThread(() -> {}).join(PATIENCE);
  }

  /// A few more carriers; if that was not enough, as many as there may be: each that is added looks
  /// for the next one itself as long as there is something to do, up to the number that is set.
  private void more() {
    var now = SCHEDULER.getParallelism();
    var next = now == USUAL ? USUAL + A_FEW : USUAL + MOST_MORE;
    if (next > now) {
      LOG.log(Level.DEBUG, "carrier threads added, processes compute threads={0}", next);
      SCHEDULER.setParallelism(next);
    }
    // The scheduler looks for another carrier when a thread joins an empty queue, and each thread
    // from outside has a queue that it was given at random: one that is new may find an empty one.
    Thread.ofPlatform().daemon().start(() -> Thread.startVirtualThread(() -> {}));
  }

  private void calm(int busy) {
    busiest = looks == 0 ? busy : Math.max(busiest, busy);
    if (++looks < CALM) {
      return;
    }
    looks = 0;
    var now = SCHEDULER.getParallelism();
    var next = Math.max(USUAL, busiest + 1);
    if (next < now) {
      LOG.log(Level.DEBUG, "carrier threads taken back threads={0}", next);
      SCHEDULER.setParallelism(next);
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
