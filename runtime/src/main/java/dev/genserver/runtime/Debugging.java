package dev.genserver.runtime;

import dev.genserver.sdk.Sys;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is switched on to watch one server. There is none while nothing is. For the server's
/// consumer alone.
///
/// @otp the debug options of `sys`
final class Debugging {

  private static final System.Logger LOG = System.getLogger(Debugging.class.getName());

  private final ArrayDeque<Sys.Event> log = new ArrayDeque<>();
  private final List<Consumer<Sys.Event>> listeners = new ArrayList<>();
  private int logSize;
  private @Nullable Instant countingSince;
  private long busyBefore;
  private long in;
  private long out;

  void happened(Sys.Event event) {
    count(event);
    if (logSize > 0) {
      if (log.size() == logSize) {
        log.removeFirst();
      }
      log.addLast(event);
    }
    if (!listeners.isEmpty()) {
      listeners.removeIf(listener -> !tell(listener, event));
    }
  }

  private void count(Sys.Event event) {
    switch (event) {
      case Sys.Event.CallIn _, Sys.Event.CastIn _, Sys.Event.InfoIn _ -> in++;
      case Sys.Event.Out _ -> out++;
      case Sys.Event.Continued _, Sys.Event.NoReply _ -> {}
    }
  }

  /// @return false if the listener is not to be told any more
  private static boolean tell(Consumer<Sys.Event> listener, Sys.Event event) {
    try {
      listener.accept(event);
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "trace listener threw and was taken away", e);
      return false;
    }
  }

  /// Starts counting from zero.
  void count(long busyNanos) {
    countingSince = Instant.now();
    busyBefore = busyNanos;
    in = 0;
    out = 0;
  }

  void stopCounting() {
    countingSince = null;
  }

  Sys.@Nullable Statistics statistics(long busyNanos) {
    return countingSince == null
        ? null
        : new Sys.Statistics(
            countingSince, Instant.now(), Duration.ofNanos(busyNanos - busyBefore), in, out);
  }

  void keepLog(int size) {
    logSize = size;
    while (log.size() > size) {
      log.removeFirst();
    }
  }

  /// Drops the events that were kept.
  void forget() {
    log.clear();
  }

  List<Sys.Event> log() {
    return List.copyOf(log);
  }

  void add(Consumer<Sys.Event> listener) {
    if (!listeners.contains(listener)) {
      listeners.add(listener);
    }
  }

  void remove(Consumer<Sys.Event> listener) {
    listeners.remove(listener);
  }

  /// What is switched on.
  List<String> options() {
    var options = new ArrayList<String>();
    if (countingSince != null) {
      options.add("statistics");
    }
    if (logSize > 0) {
      options.add("log");
    }
    if (!listeners.isEmpty()) {
      options.add("trace");
    }
    return options;
  }
}
