package dev.genserver.cli;

/// Counts of lengths of time, from which quantiles are told to within one percent. For one thread.
///
/// Buckets are as wide as a nanosecond up to 255, and from there on double in width with each power
/// of two, 128 to each. The longest that is told apart is 18 minutes.
final class Latencies {

  private static final int EXACT = 256;
  private static final int HALF = EXACT / 2;
  private static final long LONGEST = (1L << 40) - 1;

  private final long[] counts = new long[index(LONGEST) + 1];
  private long count;
  private long max;

  void record(long nanos) {
    long within = Math.clamp(nanos, 0, LONGEST);
    counts[index(within)]++;
    count++;
    max = Math.max(max, within);
  }

  void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    max = Math.max(max, other.max);
  }

  long count() {
    return count;
  }

  /// The longest, in nanoseconds; 0 if there is none.
  long max() {
    return max;
  }

  /// What that share of all is not longer than, in nanoseconds; 0 if there are none.
  ///
  /// @param share above 0, at most 1
  long quantile(double share) {
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length && count > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(highest(i), max);
      }
    }
    return max;
  }

  private static int index(long nanos) {
    if (nanos < EXACT) {
      return (int) nanos;
    }
    int doublings = 56 - Long.numberOfLeadingZeros(nanos);
    return doublings * HALF + (int) (nanos >>> doublings);
  }

  /// The longest that is counted at that index.
  private static long highest(int index) {
    if (index < EXACT) {
      return index;
    }
    int doublings = index / HALF - 1;
    long start = index - (long) doublings * HALF;
    return ((start + 1) << doublings) - 1;
  }
}
