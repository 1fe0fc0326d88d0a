package dev.genserver.runtime;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Virtual threads that wait for something, and are woken when their time is up. Thread-safe.
///
/// Where each parks for a time the JDK makes a timer for it and cancels that, and wakes a thread
/// for both: a quarter of what a call takes. Hardly any of these timers ever fires. So those that
/// have time enough share one, which looks now and then whose time is up.
final class Sleepers {

  /// Who has less time is to be woken when it is up.
  static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// How long between two looks: by so much, at most, is somebody woken late.
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// And so much more for each that waits, so that looking at very many does not take up a
  /// processor.
  private static final long MORE_NANOS_EACH = 500;

  private final TimeSource time;
  private final ConcurrentHashMap<Thread, Long> deadlines = new ConcurrentHashMap<>();
  private final AtomicBoolean willLook = new AtomicBoolean();
  private volatile boolean closed;

  /// @param time that of the machine, whose timers it uses
  Sleepers(TimeSource time) {
    this.time = time;
  }

  /// Parks this thread until the condition holds, `deadline` has come, as [System#nanoTime] tells
  /// it, or the thread is interrupted. Whoever makes the condition true must unpark the thread.
  void until(BooleanSupplier condition, long deadline) {
    var me = Thread.currentThread();
    deadlines.put(me, deadline);
    lookSoon();
    try {
      for (long left;
          !condition.getAsBoolean()
              && !me.isInterrupted()
              && (left = deadline - System.nanoTime()) > 0; ) {
        if (closed) {
          LockSupport.parkNanos(left);
        } else {
          LockSupport.park();
        }
      }
    } finally {
      deadlines.remove(me);
    }
  }

  private void lookSoon() {
    if (!willLook.get() && willLook.compareAndSet(false, true)) {
      var later = INTERVAL_NANOS + MORE_NANOS_EACH * deadlines.size();
      time.schedule(later, this::look);
    }
  }

  private void look() {
    willLook.set(false);
    var now = System.nanoTime();
    deadlines.forEach((thread, deadline) -> {
      if (deadline - now <= 0) {
        LockSupport.unpark(thread);
      }
    });
    if (!deadlines.isEmpty()) {
      lookSoon();
    }
  }

  /// From now on each has a timer of its own: `time` has no more.
  void close() {
    closed = true;
    deadlines.keySet().forEach(LockSupport::unpark);
  }
}
