package dev.genserver.daemon.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one thread counts of what passes it: requests, and how long calls took. Written by that
/// thread alone, so that counting is no more than an addition to memory that is its own; read by
/// anyone.
public final class Meter {

  private final Map<Op, AtomicLong> requests = new EnumMap<>(Op.class);
  private final AtomicLongArray answers = new AtomicLongArray(Latencies.BUCKETS);
  private final AtomicLong nanos = new AtomicLong();

  Meter() {
    Arrays.stream(Op.values()).forEach(op -> requests.put(op, new AtomicLong()));
  }

  /// A request was read. For the meter's thread.
  public void request(Op op) {
    add(count(op), 1);
  }

  /// A call was answered, with a reply or an error. For the meter's thread.
  ///
  /// @param took since it was read, in nanoseconds
  public void answered(long took) {
    var bucket = Latencies.bucketOf(took);
    answers.setOpaque(bucket, answers.getPlain(bucket) + 1);
    add(nanos, Math.max(0, took));
  }

  /// No thread writes but this one, so there is nothing to be atomic about.
  private static void add(AtomicLong count, long more) {
    count.setOpaque(count.getPlain() + more);
  }

  private AtomicLong count(Op op) {
    return Objects.requireNonNull(requests.get(op));
  }

  long requests(Op op) {
    return count(op).getOpaque();
  }

  /// Adds what was counted by now.
  void addTo(long[] counts) {
    for (var i = 0; i < counts.length; i++) {
      counts[i] += answers.getOpaque(i);
    }
  }

  long nanos() {
    return nanos.getOpaque();
  }
}
