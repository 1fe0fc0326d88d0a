package dev.genserver.benchmarks;

import java.util.Arrays;

/// How often which time was taken, to 1.6 %. Not thread-safe.
public final class Histogram {

  /*
   * Each power of two has 64 buckets of one width: the highest bits of a time choose the power, the
   * six below them the bucket. Times below 64 ns have a bucket each.
   */
  private static final int BITS = 6;

  private static final int BUCKETS = 1 << BITS;

  private final long[] counts = new long[(Long.SIZE - BITS) * BUCKETS];
  private long count;
  private long longest;

  public void add(long nanos) {
    var time = Math.max(0, nanos);
    counts[bucket(time)]++;
    count++;
    longest = Math.max(longest, time);
  }

  public void addAll(Histogram other) {
    for (var bucket = 0; bucket < counts.length; bucket++) {
      counts[bucket] += other.counts[bucket];
    }
    count += other.count;
    longest = Math.max(longest, other.longest);
  }

  public void clear() {
    Arrays.fill(counts, 0);
    count = 0;
    longest = 0;
  }

  public long count() {
    return count;
  }

  public double longestMillis() {
    return longest / 1e6;
  }

  /// The time that this share of all did not exceed, in milliseconds; 0 if there is none.
  public double millis(double share) {
    var left = (long) Math.ceil(share * count);
    for (var bucket = 0; bucket < counts.length && count > 0; bucket++) {
      left -= counts[bucket];
      if (left <= 0) {
        return Math.min(longest, highest(bucket)) / 1e6;
      }
    }
    return 0;
  }

  private static int bucket(long time) {
    var shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(time));
    return shift * BUCKETS + (int) (time >>> shift);
  }

  /// The longest time of a bucket.
  private static long highest(int bucket) {
    var shift = Math.max(0, bucket / BUCKETS - 1);
    return ((bucket - shift * BUCKETS + 1L) << shift) - 1;
  }
}
