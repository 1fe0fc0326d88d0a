package dev.genserver.cli;

/// Bounds what is under way, in number and in bytes. One alone may be of any length. Thread-safe.
final class Window {

  private final int most;
  private final long mostBytes;
  private int count;
  private long bytes;
  private boolean closed;

  Window(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /// Takes a place if there is one now.
  synchronized boolean tryEnter(long size) {
    if (closed || (count > 0 && (count >= most || bytes + size > mostBytes))) {
      return false;
    }
    count++;
    bytes += size;
    return true;
  }

  /// Waits for a place and takes it; for some places more if there are many in all, so that those
  /// who come next need not wait one by one.
  ///
  /// @return whether it did; false once the window is closed
  synchronized boolean enter(long size) throws InterruptedException {
    while (!closed && (count > most - most / 8 || !tryEnter(size))) {
      wait();
    }
    return !closed;
  }

  synchronized void leave(int number, long size) {
    count -= number;
    bytes -= size;
    notifyAll();
  }

  /// Waits until nothing is under way.
  synchronized void awaitEmpty() throws InterruptedException {
    while (count > 0) {
      wait();
    }
  }

  /// From now on nobody enters.
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
