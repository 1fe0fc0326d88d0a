package dev.genserver.daemon.metrics;

import java.util.stream.LongStream;

/// How long many things took, as counts of buckets.
///
/// The bounds are preferred numbers, twenty a decade from a microsecond to a thousand seconds: a
/// bucket is about 12 % wide, and the bounds that people ask for, 1, 2.5 and 5, are among them.
final class Latencies {

  // R20 of ISO 3, times a hundred.
  private static final int[] PREFERRED = {
    100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800,
    900
  };

  private static final int DECADES = 9;

  /// The upper bound of each bucket in nanoseconds, included; the last bucket has none.
  private static final long[] BOUNDS = bounds();

  static final int BUCKETS = BOUNDS.length + 1;

  /// By the position of the highest bit and the three bits after it: the first bucket that may be
  /// right.
  private static final int[] FIRST = first();

  private final long[] counts;
  private final long nanos;

  /// @param counts by bucket; owned by this
  /// @param nanos the sum of all
  Latencies(long[] counts, long nanos) {
    this.counts = counts;
    this.nanos = nanos;
  }

  private static long[] bounds() {
    var bounds = LongStream.builder();
    var unit = 10L; // a hundredth of a microsecond
    for (var decade = 0; decade < DECADES; decade++) {
      for (var preferred : PREFERRED) {
        bounds.add(preferred * unit);
      }
      unit *= 10;
    }
    return bounds.add(100 * unit).build().toArray();
  }

  private static int[] first() {
    var first = new int[64 * 8];
    for (var i = 0; i < first.length; i++) {
      var least = (8L | (i & 7)) << Math.max(0, (i >> 3) - 3);
      first[i] = search(least);
    }
    return first;
  }

  private static int search(long nanos) {
    var bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// The bucket for that many nanoseconds.
  static int bucketOf(long nanos) {
    if (nanos <= BOUNDS[0]) {
      return 0;
    }
    var bit = 63 - Long.numberOfLeadingZeros(nanos);
    var bucket = FIRST[(bit << 3) | ((int) (nanos >> (bit - 3)) & 7)];
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// What came since `before`.
  Latencies since(Latencies before) {
    var more = new long[counts.length];
    for (var i = 0; i < more.length; i++) {
      more[i] = counts[i] - before.counts[i];
    }
    return new Latencies(more, nanos - before.nanos);
  }

  /// The sum of all times.
  long nanos() {
    return nanos;
  }

  /// How many there are.
  long count() {
    return LongStream.of(counts).sum();
  }

  /// How many took at most so long.
  ///
  /// @param nanos one of the bounds
  long countUpTo(long nanos) {
    return LongStream.of(counts).limit(bucketOf(nanos) + 1L).sum();
  }

  /// How long the given part of all took at most, in nanoseconds: the upper bound of the bucket
  /// that the last of them is in; of the last bucket, its lower one. Zero if there are none.
  ///
  /// @param part 0.5 for the median, 1 for the longest
  long quantile(double part) {
    var rank = Math.max(1, (long) Math.ceil(part * count()));
    var seen = 0L;
    for (var bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        return BOUNDS[Math.min(bucket, BOUNDS.length - 1)];
      }
    }
    return 0;
  }
}
