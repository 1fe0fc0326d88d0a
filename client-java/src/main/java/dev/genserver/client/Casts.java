package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts the silent casts of a client. Thread-safe.
final class Casts {

  private static final System.Logger LOG = System.getLogger(Casts.class.getName());

  private final Listeners listeners;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final AtomicLong maybeLost = new AtomicLong();
  private final AtomicLong untold = new AtomicLong(); // lost or dropped since the last flush

  Casts(Listeners listeners) {
    this.listeners = listeners;
  }

  void accepted() {
    accepted.increment();
  }

  void refused() {
    refused.increment();
  }

  /// So many that were accepted were not sent, and will not be.
  void dropped(long count, String why) {
    if (count > 0) {
      refused.add(count);
      untold.addAndGet(count);
      LOG.log(Level.WARNING, "casts dropped count=" + count + " reason=" + why);
      listeners.castsLost(count, why);
    }
  }

  /// So many that were sent may not have been read.
  void lost(long count, String why) {
    if (count > 0) {
      maybeLost.addAndGet(count);
      untold.addAndGet(count);
      LOG.log(Level.WARNING, "casts maybe lost count=" + count + " reason=" + why);
      listeners.castsLost(count, why);
    }
  }

  /// Throws if the flush failed, or casts were lost since the last one that told so.
  ///
  /// @param outcome of the ping that was sent behind them
  void flushed(Outcome outcome) {
    var unused = outcome.resultOf("flush");
    long count = untold.getAndSet(0);
    if (count > 0) {
      throw new ConnectionLostException(
          "flush",
          new WireError(
              ErrorCode.UNAVAILABLE,
              count
                  + (count == 1 ? " cast is lost, or may be:" : " casts are lost, or may be:")
                  + " a connection ended before they were known to be read",
              Executed.MAYBE,
              Map.of("lost", count)));
    }
  }

  CastCounters counters(long buffered) {
    return new CastCounters(accepted.sum(), buffered, refused.sum(), maybeLost.get());
  }
}
