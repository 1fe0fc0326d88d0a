package dev.genserver.client;

import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// One request that waits for its answer.
final class Request {

  private final long id;
  private final Consumer<RawJson> onResult;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  // How many bytes the connection had to write before this request's first one.
  private volatile long position = Long.MAX_VALUE;

  /// @param onResult gets the result before anybody else, on the connection's own thread; also one
  ///   that comes when the request was given up
  Request(long id, Consumer<RawJson> onResult) {
    this.id = id;
    this.onResult = onResult;
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
    if (end instanceof Outcome.Done done) {
      onResult.accept(done.result());
    }
    outcome.complete(end);
  }

  /// Ends it with its connection, of which `written` bytes were written.
  void lose(String why, long written) {
    end(new Outcome.Lost(why, position < written ? Executed.MAYBE : Executed.NO));
  }
}
