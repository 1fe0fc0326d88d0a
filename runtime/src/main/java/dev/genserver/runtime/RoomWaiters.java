package dev.genserver.runtime;

import java.util.ArrayList;
import java.util.List;

/// Those who wait until a mailbox has room again. Thread-safe.
final class RoomWaiters {

  private final List<Runnable> tasks = new ArrayList<>();

  synchronized void add(Runnable task) {
    tasks.add(task);
  }

  /// Runs and forgets them all if there is room.
  void check(MailboxProcess process) {
    List<Runnable> ready;
    synchronized (this) {
      if (tasks.isEmpty() || (process.isAlive() && process.queued() > process.maxQueue() / 2)) {
        return;
      }
      ready = List.copyOf(tasks);
      tasks.clear();
    }
    ready.forEach(Runnable::run);
  }
}
