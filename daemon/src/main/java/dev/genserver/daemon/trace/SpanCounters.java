package dev.genserver.daemon.trace;

import java.util.concurrent.atomic.LongAdder;

/// What became of spans. Thread-safe.
public final class SpanCounters {

  final LongAdder exported = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder dropped = new LongAdder();

  /// Those that the collector has taken.
  public long exported() {
    return exported.sum();
  }

  /// Those that it has not, in the end.
  public long failed() {
    return failed.sum();
  }

  /// Those that were not even sent: too many waited, or one request had too many.
  public long dropped() {
    return dropped.sum();
  }
}
