package dev.genserver.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private static final long[] BOUNDS =
      IntStream.range(0, Latencies.BUCKETS - 1).mapToLong(LatenciesTest::bound).toArray();

  private final Meters meters = new Meters();
  private final Meter meter = meters.newMeter();

  private Latencies of(long... nanos) {
    for (var each : nanos) {
      meter.answered(each);
    }
    return meters.latencies();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eachTimeIsInTheBucketWhoseBoundsHoldIt(long seed) {
    var random = new Random(seed);
    for (var i = 0; i < 10_000; i++) {
      var nanos = random.nextLong() >>> random.nextInt(1, 64);
      assertThat(Latencies.bucketOf(nanos)).as("%d ns", nanos).isEqualTo(searched(nanos));
    }
  }

  /// The first bucket whose bound is not below.
  private static int searched(long nanos) {
    var bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// The bound of a bucket, as the quantile of one that has something in that bucket alone tells
  /// it.
  private static long bound(int bucket) {
    var counts = new long[Latencies.BUCKETS];
    counts[bucket] = 1;
    return new Latencies(counts, 0).quantile(1);
  }

  @Test
  void boundsAreIncludedAndOneMoreIsInTheNextBucket() {
    for (var bucket = 0; bucket < Latencies.BUCKETS - 1; bucket++) {
      assertThat(Latencies.bucketOf(bound(bucket))).isEqualTo(bucket);
      assertThat(Latencies.bucketOf(bound(bucket) + 1)).isEqualTo(bucket + 1);
    }
    assertThat(bound(0)).isEqualTo(MICRO);
    assertThat(bound(Latencies.BUCKETS - 2)).isEqualTo(TimeUnit.SECONDS.toNanos(1_000));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1})
  void timesBelowAMicrosecondAndWrongOnesAreInTheFirst(long nanos) {
    assertThat(Latencies.bucketOf(nanos)).isZero();
    assertThat(of(nanos).nanos()).isBetween(0L, 1L);
  }

  @Test
  void quantilesAreUpperBoundsOfTheirBuckets() {
    var latencies = of(90 * MICRO, 100 * MICRO, 101 * MICRO, 7 * MILLI);

    assertThat(latencies.quantile(0.25)).isEqualTo(90 * MICRO);
    assertThat(latencies.quantile(0.5)).isEqualTo(100 * MICRO);
    assertThat(latencies.quantile(0.75)).isEqualTo(112 * MICRO);
    assertThat(latencies.quantile(0.99)).isEqualTo(7_100 * MICRO);
    assertThat(latencies.quantile(1)).isEqualTo(7_100 * MICRO);
    assertThat(latencies.nanos()).isEqualTo(291 * MICRO + 7 * MILLI);
    assertThat(new Meters().latencies().quantile(0.5)).isZero();
  }

  @Test
  void whatCameBeforeIsTakenOff() {
    var before = of(MICRO, MILLI);
    var after = of(2 * MILLI);

    var recent = after.since(before);

    assertThat(recent.count()).isEqualTo(1);
    assertThat(recent.quantile(0.01)).isEqualTo(2 * MILLI);
    assertThat(recent.nanos()).isEqualTo(2 * MILLI);
  }

  @Test
  void countsOfSeveralThreadsAreAddedUp() {
    var other = meters.newMeter();
    other.answered(MILLI);
    other.request(Op.CAST);
    meter.request(Op.CAST);
    meter.request(Op.CALL);
    meters.request(Op.CALL);
    meters.answered(2 * MILLI);

    assertThat(of(MILLI, 3 * MILLI).countUpTo(MILLI)).isEqualTo(2);
    assertThat(meters.latencies().count()).isEqualTo(4);
    assertThat(meters.requests(Op.CAST)).isEqualTo(2);
    assertThat(meters.requests(Op.CALL)).isEqualTo(2);
  }
}
