package dev.genserver.examples.ratelimiter;

import dev.genserver.sdk.Args;

/// How fast tokens come, how many can be saved, and how much this server holds.
///
/// @param nanosPerToken the time that one token takes to come
/// @param burst how many tokens a full bucket holds
/// @param maxWaiting how many callers may wait at one bucket
/// @param maxBuckets how many buckets there may be that are not full
record Limits(long nanosPerToken, long burst, int maxWaiting, int maxBuckets) {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// Reads `rate` (tokens a second, 0.001 to 10^9, default 10), `burst` (default 10), `max-waiting`
  /// and `max-buckets` (default 1,000 each); the last three from 1 to 1,000,000.
  ///
  /// @throws IllegalArgumentException if one is out of its range, which fails the start
  static Limits of(Args args) {
    var rate = args.doubleOr("rate", 10);
    if (!(rate >= 0.001 && rate <= NANOS_PER_SECOND)) {
      throw new IllegalArgumentException("argument 'rate' must be from 0.001 to 1e9, is " + rate);
    }
    return new Limits(
        Math.round(NANOS_PER_SECOND / rate),
        upToMillion(args, "burst", 10),
        upToMillion(args, "max-waiting", 1_000),
        upToMillion(args, "max-buckets", 1_000));
  }

  private static int upToMillion(Args args, String name, int fallback) {
    var value = args.longOr(name, fallback);
    if (value < 1 || value > 1_000_000) {
      throw new IllegalArgumentException(
          "argument '" + name + "' must be from 1 to 1,000,000, is " + value);
    }
    return (int) value;
  }
}
