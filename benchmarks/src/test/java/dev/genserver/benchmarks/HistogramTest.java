package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void aShareIsTheTimeThatSoManyDidNotExceed() {
    var histogram = new Histogram();
    var random = new Random(1);
    var times = random.longs(10_000, 1, 10_000_000_000L).sorted().toArray();
    for (var time : times) {
      histogram.add(time);
    }

    for (var share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
      var exact = times[(int) (share * times.length) - 1] / 1e6;
      assertThat(histogram.millis(share)).isCloseTo(exact, withPercentage(1.6));
    }
    assertThat(histogram.millis(1)).isEqualTo(histogram.longestMillis());
    assertThat(histogram.longestMillis()).isEqualTo(times[times.length - 1] / 1e6);
  }

  @Test
  void anyTimeHasABucket() {
    var histogram = new Histogram();
    for (var time : new long[] {-1, 0, 1, 63, 64, 127, 128, Long.MAX_VALUE}) {
      histogram.clear();
      histogram.add(time);

      assertThat(histogram.millis(0.5)).isEqualTo(Math.max(0, time) / 1e6);
    }
  }

  @Test
  void nothingHasNoTime() {
    assertThat(new Histogram().millis(0.5)).isZero();
  }
}
