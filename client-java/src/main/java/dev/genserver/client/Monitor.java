package dev.genserver.client;

import dev.genserver.protocol.RawJson;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watch over one life of a process. Thread-safe.
///
/// Its listener is called once, on a thread of the common pool, unless [#close] comes first.
///
/// @otp the reference that erlang:monitor/2 returns
public final class Monitor implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Monitor.class.getName());

  private final String target;
  private final Consumer<Down> listener;

  // Guarded by this.
  private @Nullable Connection connection; // that it has begun on
  private @Nullable String ref;
  private @Nullable String pid;
  private boolean over;

  Monitor(String target, Consumer<Down> listener) {
    this.target = target;
    this.listener = listener;
    this.pid = isPid() ? target : null;
  }

  /// The process that is watched; empty if nobody had the name, or the connection was lost before
  /// the daemon could tell.
  public synchronized Optional<String> pid() {
    return Optional.ofNullable(pid);
  }

  /// Ends the watch: the listener is not called any more, unless its call has begun. Does not wait
  /// for the daemon. Closing again does nothing.
  ///
  /// @otp erlang:demonitor/2 with `flush`
  @Override
  public void close() {
    Connection watching;
    String begun;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      watching = connection;
      begun = ref;
    }
    if (watching != null && begun != null) {
      watching.demonitor(begun);
    }
  }

  /// The daemon watches from now on. On the connection's own thread, so that it comes before any
  /// `down`.
  void begun(Connection watching, RawJson answer) {
    if (!(answer.toValue() instanceof Map<?, ?> result)
        || !(result.get("ref") instanceof String begun)) {
      return;
    }
    watching.register(begun, this);
    boolean closed;
    synchronized (this) {
      connection = watching;
      ref = begun;
      if (result.get("pid") instanceof String told) {
        pid = told;
      }
      closed = over;
    }
    if (closed) {
      watching.demonitor(begun);
    }
  }

  synchronized boolean hasBegun() {
    return ref != null;
  }

  /// Has the listener told.
  void down(ExitReason reason) {
    var down = new Down(pid().orElse(null), isPid() ? null : target, reason);
    CompletableFuture.runAsync(() -> tell(down));
  }

  private void tell(Down down) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    try {
      listener.accept(down);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "listener of monitor failed target=" + target + " down=" + down, e);
    }
  }

  private boolean isPid() {
    return target.startsWith("<");
  }

  @Override
  public String toString() {
    return "monitor of '" + target + "'";
  }
}
