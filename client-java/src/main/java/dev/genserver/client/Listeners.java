package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All listeners of a client, as one that does not fail. Thread-safe.
final class Listeners {

  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  /// One attempt, and all who hear of it.
  static final class Observed {

    private static final Observed NOBODY = new Observed(List.of());

    private final List<ClientListener.Attempt> attempts;
    private final long start;

    private Observed(List<ClientListener.Attempt> attempts) {
      this.attempts = attempts;
      this.start = attempts.isEmpty() ? 0 : System.nanoTime();
    }

    /// The first that any of them has.
    @Nullable String traceparent() {
      for (var attempt : attempts) {
        try {
          var trace = attempt.traceparent();
          if (trace != null) {
            return trace;
          }
        } catch (RuntimeException e) {
          warn(e);
        }
      }
      return null;
    }

    void ended(Outcome outcome) {
      if (!attempts.isEmpty()) {
        var error = outcome.wireError();
        tell(
            Optional.ofNullable(error).map(WireError::code),
            error == null ? Executed.YES : error.executed());
      }
    }

    /// A silent cast was taken.
    void taken() {
      if (!attempts.isEmpty()) {
        tell(Optional.empty(), Executed.MAYBE);
      }
    }

    private void tell(Optional<ErrorCode> code, Executed executed) {
      var end = new ClientListener.End(Duration.ofNanos(System.nanoTime() - start), code, executed);
      attempts.forEach(attempt -> guarded(attempt, heard -> heard.ended(end)));
    }
  }

  private final List<ClientListener> listeners;

  // The last of the events that are told one after the other. Guarded by this.
  private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

  Listeners(List<ClientListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  Observed began(ClientListener.Op op, String to, int attempt) {
    if (listeners.isEmpty()) {
      return Observed.NOBODY;
    }
    var request = new ClientListener.Request(op, to, attempt);
    return new Observed(
        listeners.stream().map(l -> began(l, request)).filter(Objects::nonNull).toList());
  }

  private static ClientListener.@Nullable Attempt began(
      ClientListener listener, ClientListener.Request request) {
    try {
      return listener.began(request);
    } catch (RuntimeException e) {
      warn(e);
      return null;
    }
  }

  void stateChanged(ConnectionState state) {
    tellAll(listener -> listener.stateChanged(state));
  }

  void castsLost(long count, String reason) {
    tellAll(listener -> listener.castsLost(count, reason));
  }

  private synchronized void tellAll(Consumer<ClientListener> event) {
    if (!listeners.isEmpty()) {
      told = told.thenRunAsync(() -> listeners.forEach(listener -> guarded(listener, event)));
    }
  }

  private static <T> void guarded(T listener, Consumer<T> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      warn(e);
    }
  }

  private static void warn(RuntimeException e) {
    LOG.log(Level.WARNING, "listener of client failed", e);
  }
}
