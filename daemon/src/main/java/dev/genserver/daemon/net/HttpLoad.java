package dev.genserver.daemon.net;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;

/// How much the connections of an HTTP server ask for together. For their one event loop alone.
///
/// There is always room for whoever asks for the daemon's health: no more than [#MOST_AT_WORK]
/// requests and [#MOST_STREAMS] streams hold connections for long, which is less than
/// [#MOST_CONNECTIONS]; of the others the one that has waited longest gives way.
final class HttpLoad {

  static final int MOST_CONNECTIONS = 200;
  static final int MOST_AT_WORK = 120;
  static final int MOST_STREAMS = 50;

  private final CompletableFuture<Void> quiet = new CompletableFuture<>();
  private final SequencedSet<HttpConnection> waiting = new LinkedHashSet<>();
  private int connections;
  private int atWork;
  private int streams;
  private boolean draining;

  void entered(HttpConnection connection) {
    connections++;
    if (connections > MOST_CONNECTIONS && !waiting.isEmpty()) {
      waiting.removeFirst().giveWay();
    }
    waiting.add(connection);
  }

  void left(HttpConnection connection) {
    connections--;
    waiting.remove(connection);
  }

  /// The connection waits for its peer, and gives way if another needs the room.
  void waits(HttpConnection connection) {
    waiting.addLast(connection);
  }

  boolean isFull() {
    return atWork >= MOST_AT_WORK;
  }

  void workBegins(HttpConnection connection) {
    atWork++;
    waiting.remove(connection);
  }

  void workEnds() {
    atWork--;
    checkQuiet();
  }

  boolean hasRoomForStream() {
    return streams < MOST_STREAMS;
  }

  void streamBegins(HttpConnection connection) {
    streams++;
    waiting.remove(connection);
  }

  void streamEnds() {
    streams--;
  }

  /// Has connections end with their next answer.
  ///
  /// @return done when no request is at work
  CompletableFuture<Void> drain() {
    draining = true;
    checkQuiet();
    return quiet;
  }

  boolean isDraining() {
    return draining;
  }

  private void checkQuiet() {
    if (draining && atWork == 0) {
      quiet.complete(null);
    }
  }
}
