package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void quantilesAreThoseOfTheSortedTimesToWithinOnePercent(long seed) {
    var random = new Random(seed);
    var times =
        LongStream.generate(() -> (long) Math.exp(random.nextDouble() * 27)).limit(5_000).toArray();
    var latencies = new Latencies();
    var others = new Latencies();
    for (int i = 0; i < times.length; i++) {
      (i % 3 == 0 ? latencies : others).record(times[i]);
    }
    latencies.add(others);

    var sorted = LongStream.of(times).sorted().toArray();
    assertThat(latencies.count()).isEqualTo(times.length);
    assertThat(latencies.max()).isEqualTo(sorted[sorted.length - 1]);
    for (var share : new double[] {0.001, 0.5, 0.9, 0.99, 0.999, 1}) {
      var exact = sorted[(int) Math.ceil(share * sorted.length) - 1];
      assertThat(latencies.quantile(share))
          .as("quantile %s", share)
          .isGreaterThanOrEqualTo(exact)
          .isCloseTo(exact, Percentage.withPercentage(1));
    }
  }

  @Test
  void shortTimesAreExactAndAbsurdOnesAreKeptWithinTheScale() {
    var latencies = new Latencies();
    latencies.record(255);
    assertThat(latencies.quantile(0.5)).isEqualTo(255);
    latencies.record(Long.MAX_VALUE);
    latencies.record(-1);
    assertThat(latencies.max()).isEqualTo((1L << 40) - 1);
    assertThat(latencies.quantile(0.01)).isZero();
  }

  @Test
  void nothingHasNoQuantiles() {
    assertThat(new Latencies().quantile(0.5)).isZero();
    assertThat(new Latencies().max()).isZero();
  }
}
