package dev.genserver.daemon.access;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The access that applies now, and who is to know when it changes. Thread-safe.
public final class AccessControl {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Access current;

  public AccessControl(Access current) {
    this.current = current;
  }

  public Access current() {
    return current;
  }

  /// Lets `next` apply, to those who are logged in too.
  public void replace(Access next) {
    current = next;
    listeners.forEach(Runnable::run);
  }

  /// Has `listener` run after each change, by the thread that makes it.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
