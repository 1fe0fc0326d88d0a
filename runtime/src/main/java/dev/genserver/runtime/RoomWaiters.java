package dev.genserver.runtime;

import java.util.ArrayList;
import java.util.List;

/// Those who wait until a mailbox has room again. Thread-safe.
final class RoomWaiters {

  private final List<Runnable> tasks = new ArrayList<>();
  private volatile boolean waiting;

  synchronized void add(Runnable task) {
    tasks.add(task);
    waiting = true;
  }

  /// Runs and forgets them all if there is room.
  void check(MailboxProcess process) {
    if (!waiting) {
      return; // asked after every message, so this must be cheap
    }
    List<Runnable> ready;
    synchronized (this) {
      if (tasks.isEmpty() || (process.isAlive() && process.queued() > process.maxQueue() / 2)) {
        return;
      }
      ready = List.copyOf(tasks);
      tasks.clear();
      waiting = false;
    }
    ready.forEach(Runnable::run);
  }
}
