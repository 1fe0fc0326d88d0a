package dev.genserver.client;

import dev.genserver.protocol.ServerMessage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The monitors of one connection, by the refs that the daemon gave them. Thread-safe.
final class Monitors {

  private final ConcurrentMap<String, Monitor> byRef = new ConcurrentHashMap<>();

  void add(String ref, Monitor monitor) {
    byRef.put(ref, monitor);
  }

  /// False if its `down` was told, or it was removed before.
  boolean remove(String ref) {
    return byRef.remove(ref) != null;
  }

  /// Tells the monitor; without one it was closed meanwhile.
  void down(ServerMessage.Down down) {
    var monitor = byRef.remove(down.ref());
    if (monitor != null) {
      monitor.down(ExitReason.of(down.reason()));
    }
  }

  /// Tells all that nobody can say any more how it goes.
  void lose(String why) {
    var reason = ExitReason.noConnection(why);
    for (var ref : byRef.keySet()) {
      var monitor = byRef.remove(ref);
      if (monitor != null) {
        monitor.down(reason);
      }
    }
  }
}
