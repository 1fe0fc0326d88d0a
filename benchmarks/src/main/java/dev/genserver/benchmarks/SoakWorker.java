package dev.genserver.benchmarks;

import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import dev.genserver.protocol.Executed;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// One thread that sends one numbered request after the other, and remembers what it was told of
/// each.
final class SoakWorker {

  /// What it sends.
  enum Kind {
    CALL,
    CAST_CONFIRMED,
    CAST
  }

  private static final long PAUSE = Duration.ofMillis(1).toNanos();

  final int id;
  final Kind kind;
  final BitSet done = new BitSet();
  final BitSet notExecuted = new BitSet();
  private final GenServerClient client;
  private final Thread thread = Thread.ofVirtual().unstarted(this::work);
  private volatile boolean stopped;
  int sent;
  long longestNanos;

  SoakWorker(int id, Kind kind, GenServerClient client) {
    this.id = id;
    this.kind = kind;
    this.client = client;
  }

  void start() {
    thread.start();
  }

  /// Lets it finish the request that it is at. What it has noted may be read then.
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  private void work() {
    while (!stopped) {
      var seq = sent++;
      var begin = System.nanoTime();
      try {
        send(Map.of("type", "note", "worker", id, "seq", seq));
        done.set(seq);
      } catch (GenServerException e) {
        if (e.executed() == Executed.NO) {
          notExecuted.set(seq);
        }
      }
      longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
      LockSupport.parkNanos(PAUSE);
    }
  }

  private void send(Map<String, Object> message) {
    switch (kind) {
      case CALL -> client.call("ledger", message, Long.class);
      case CAST_CONFIRMED -> client.castConfirmed("ledger", message);
      case CAST -> client.cast("ledger", message);
    }
  }
}
