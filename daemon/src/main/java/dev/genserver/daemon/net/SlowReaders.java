package dev.genserver.daemon.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The connections whose answers wait for their peers, those first that have not read for longest.
/// When all together have too much, these have to go. Thread-safe.
///
/// Only those count that keep [Held#STEP] or more, so that short answers cost nothing here.
final class SlowReaders {

  private final long most;
  private final Map<Connection, Long> waiting = new LinkedHashMap<>();
  private long total;

  SlowReaders(long most) {
    this.most = most;
  }

  /// So many bytes wait for that peer, after more were written.
  void waits(Connection connection, long bytes) {
    if (bytes < Held.STEP) {
      return;
    }
    for (var slowest : take(connection, bytes)) {
      slowest.execute(slowest::closeAsSlow);
    }
  }

  private synchronized List<Connection> take(Connection connection, long bytes) {
    put(connection, bytes);
    List<Connection> slowest = new ArrayList<>(0);
    for (var each = waiting.entrySet().iterator(); total > most && each.hasNext(); ) {
      var next = each.next();
      slowest.add(next.getKey());
      total -= next.getValue();
      each.remove();
    }
    return slowest;
  }

  /// The peer has read all that was there when it was last looked at, or is gone; so many bytes
  /// wait since.
  synchronized void hasRead(Connection connection, long bytes) {
    var before = waiting.remove(connection);
    total -= before == null ? 0 : before;
    if (bytes >= Held.STEP) {
      put(connection, bytes);
    }
  }

  private void put(Connection connection, long bytes) {
    var before = waiting.put(connection, bytes);
    total += bytes - (before == null ? 0 : before);
  }

  synchronized long total() {
    return total;
  }
}
