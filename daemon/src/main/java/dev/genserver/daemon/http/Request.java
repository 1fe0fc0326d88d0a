package dev.genserver.daemon.http;

import java.util.concurrent.CompletableFuture;

/// A request that has come whole. Thread-safe.
public final class Request {

  private final Head head;
  private final byte[] body;
  private final long arrivedNanos;
  private final CompletableFuture<Void> gone;

  /// A request that has come just now.
  ///
  /// @param body is not changed any more
  /// @param gone done when the peer has hung up before it was answered
  public Request(Head head, byte[] body, CompletableFuture<Void> gone) {
    this.head = head;
    this.body = body;
    this.arrivedNanos = System.nanoTime();
    this.gone = gone;
  }

  Head head() {
    return head;
  }

  /// The bytes, which must not be changed.
  public byte[] body() {
    return body;
  }

  /// When it had come, by [System#nanoTime].
  long arrivedNanos() {
    return arrivedNanos;
  }

  /// Runs `task` if the peer hangs up before it is answered, perhaps now. On any thread; must not
  /// block.
  public void whenGone(Runnable task) {
    var _ = gone.thenRun(task);
  }
}
