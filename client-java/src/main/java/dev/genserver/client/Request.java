package dev.genserver.client;

import dev.genserver.protocol.Executed;
import java.util.concurrent.CompletableFuture;

/// One request that waits for its answer.
final class Request {

  private final long id;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  // How many bytes the connection had to write before this request's first one.
  private volatile long position = Long.MAX_VALUE;

  Request(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  void queuedAt(long position) {
    this.position = position;
  }

  void end(Outcome end) {
    outcome.complete(end);
  }

  /// Ends it with its connection, of which `written` bytes were written.
  void lose(String why, long written) {
    end(new Outcome.Lost(why, position < written ? Executed.MAYBE : Executed.NO));
  }
}
