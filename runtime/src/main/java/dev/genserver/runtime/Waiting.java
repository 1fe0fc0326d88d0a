package dev.genserver.runtime;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Parks a thread until something holds, a time is over, or it is interrupted.
final class Waiting {

  private Waiting() {}

  /// Whoever makes `condition` true must unpark the thread afterwards.
  ///
  /// @return whether the condition holds; if not, the time is over or the thread was interrupted,
  ///   which it then still is
  static boolean until(BooleanSupplier condition, TimeSource time, long timeoutNanos) {
    var me = Thread.currentThread();
    if (timeoutNanos == Long.MAX_VALUE) {
      while (!condition.getAsBoolean() && !me.isInterrupted()) {
        LockSupport.park();
      }
      return condition.getAsBoolean();
    }
    if (condition.getAsBoolean()) {
      return true;
    }
    if (time instanceof SystemTime system) {
      untilDeadline(condition, system, timeoutNanos);
      return condition.getAsBoolean();
    }
    return untilTimer(condition, time, timeoutNanos);
  }

  private static void untilDeadline(BooleanSupplier condition, SystemTime time, long timeoutNanos) {
    var me = Thread.currentThread();
    var deadline = System.nanoTime() + timeoutNanos;
    if (me.isVirtual() && timeoutNanos >= Sleepers.LEAST_NANOS) {
      time.sleepers().until(condition, deadline);
      return;
    }
    for (long left;
        !condition.getAsBoolean()
            && !me.isInterrupted()
            && (left = deadline - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /// What is left of a timeout that began at `start`; may be negative.
  static long left(TimeSource time, long start, long timeoutNanos) {
    return timeoutNanos == Long.MAX_VALUE ? timeoutNanos : timeoutNanos - (time.nanoTime() - start);
  }

  /// For a time source that is not the machine's: its timer wakes the thread.
  private static boolean untilTimer(BooleanSupplier condition, TimeSource time, long timeoutNanos) {
    var me = Thread.currentThread();
    var start = time.nanoTime();
    var timer = time.schedule(timeoutNanos, () -> LockSupport.unpark(me));
    try {
      while (!condition.getAsBoolean()
          && !me.isInterrupted()
          && time.nanoTime() - start < timeoutNanos) {
        LockSupport.park();
      }
      return condition.getAsBoolean();
    } finally {
      timer.cancel();
    }
  }
}
