package dev.genserver.daemon.net;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;

/// How much the connections of an HTTP server ask for together. For their one event loop alone.
///
/// There is always room for whoever asks for the daemon's health: no more than [#MOST_AT_WORK]
/// requests and [#MOST_STREAMS] streams hold connections for long, which is less than
/// [#MOST_CONNECTIONS]; of the others the one that has waited longest gives way.
///
/// So many requests may be short without harm. Bodies and answers over [#SHORT] share a number of
/// bytes: a body is refused where there is no room, for an answer the client gives way that has
/// left its own unread for longest.
final class HttpLoad {

  static final int MOST_CONNECTIONS = 200;
  static final int MOST_AT_WORK = 120;
  static final int MOST_STREAMS = 50;

  /// How long a body or an answer may be that is not counted.
  static final int SHORT = Held.STEP;

  private final long maxHeld;
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();
  private final SequencedSet<HttpConnection> waiting = new LinkedHashSet<>();
  private final SequencedSet<HttpConnection> unread = new LinkedHashSet<>();
  private int connections;
  private int atWork;
  private int streams;
  private long held;
  private boolean draining;

  /// @param maxHeld how many bytes there are for bodies and answers that are not short
  HttpLoad(long maxHeld) {
    this.maxHeld = maxHeld;
  }

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
    unread.remove(connection);
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

  void workEnds(HttpExchange exchange) {
    atWork--;
    keep(exchange, 0);
    checkQuiet();
  }

  /// Takes room for a body of so many bytes, of which some may have theirs already.
  ///
  /// @return false if there is none
  boolean takeRoom(HttpExchange exchange, long length) {
    if (length <= Math.max(SHORT, exchange.held)) {
      return true;
    }
    if (held - exchange.held >= maxHeld) {
      return false;
    }
    keep(exchange, length);
    return true;
  }

  /// The connection has an answer of so many bytes that is not written yet, in place of a body.
  void answerWaits(HttpConnection connection, HttpExchange exchange, int length) {
    keep(exchange, length <= SHORT ? 0 : length);
    if (exchange.held > 0) {
      unread.add(connection);
    }
    while (held > maxHeld && unread.size() > 1) {
      unread.removeFirst().giveWay();
    }
  }

  /// The connection has none any more.
  void answerIsWritten(HttpConnection connection) {
    unread.remove(connection);
  }

  private void keep(HttpExchange exchange, long bytes) {
    held += bytes - exchange.held;
    exchange.held = bytes;
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
