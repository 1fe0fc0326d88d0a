package dev.genserver.conformance.plugin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Where the callbacks of one probe wait until somebody lets them on. Thread-safe.
final class Gate {

  /// Nobody is held for longer: a suite that was cut off leaves nothing behind.
  private static final long LONGEST_SECONDS = 30;

  private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore opened = new Semaphore(0);

  /// The gate of the probe called `name`.
  static Gate of(String name) {
    return GATES.computeIfAbsent(name, _ -> new Gate());
  }

  /// Lets everybody through and takes the gate away.
  static void remove(String name) {
    var gate = GATES.remove(name);
    if (gate != null) {
      gate.opened.release(Integer.MAX_VALUE / 2);
    }
  }

  /// Waits to be let on.
  void pass() throws InterruptedException {
    arrived.release();
    acquire(opened);
  }

  /// Lets one callback on, now or when it comes.
  void open() {
    opened.release();
  }

  /// Waits until one more callback is at the gate.
  ///
  /// @return whether one came
  boolean awaitArrival() throws InterruptedException {
    return acquire(arrived);
  }

  private static boolean acquire(Semaphore semaphore) throws InterruptedException {
    return semaphore.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS);
  }
}
