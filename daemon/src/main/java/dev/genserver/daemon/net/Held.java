package dev.genserver.daemon.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes all connections together keep waiting, on one way. Connections report what they
/// keep in rough steps, so that this is no place where they all meet. Thread-safe.
final class Held {

  /// By how much a connection may be off.
  static final int STEP = 64 * 1024;

  private final long most;
  private final AtomicLong total = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  Held(long most) {
    this.most = most;
  }

  /// Counts more, or less.
  void add(long bytes) {
    if (total.addAndGet(bytes) < roomy()) {
      for (Runnable task; (task = waiting.poll()) != null; ) {
        task.run();
      }
    }
  }

  /// Counts more if there is room, be it too little.
  boolean tryAdd(long bytes) {
    while (true) {
      var now = total.get();
      if (now >= roomy()) {
        return false;
      }
      if (total.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  boolean isTooMuch() {
    return total.get() > most;
  }

  /// Runs `task` once there is room again, perhaps now; on any thread.
  void whenRoom(Runnable task) {
    waiting.add(task);
    add(0);
  }

  long total() {
    return total.get();
  }

  private long roomy() {
    return most - most / 8;
  }
}
