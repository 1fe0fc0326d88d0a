package dev.genserver.examples.ratelimiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Args;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Callers come, wait and leave at random; `-Dseed=17` runs one seed again.
class RateLimiterPropertyTest {

  private static final int BURST = 5;
  private static final long ONE_TOKEN = Duration.ofMillis(100).toNanos();

  private record Asked(TestFrom from, long tokens) {}

  private record Grant(long at, long tokens) {}

  @TestFactory
  Stream<DynamicTest> noSpanOfTimeGetsMoreThanBurstAndRateGiveAndNobodyOvertakes() {
    var fixed = Long.getLong("seed");
    var seeds = fixed == null ? LongStream.range(0, 100) : LongStream.of(fixed);
    return seeds.mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private static void check(long seed) {
    var random = new Random(seed);
    var limiter = new RateLimiterRun(Args.of("rate", 10).with("burst", BURST));
    var line = new ArrayDeque<Asked>();
    var grants = new ArrayList<Grant>();
    for (var step = 0; step < 200; step++) {
      switch (random.nextInt(4)) {
        case 0 ->
            line.stream()
                .skip(random.nextInt(line.size() + 1))
                .findFirst()
                .ifPresent(asked -> asked.from().leave());
        case 1 -> limiter.advance(Duration.ofMillis(random.nextInt(300)));
        default -> {
          var tokens = 1 + random.nextInt(BURST);
          line.add(new Asked(limiter.acquire("mail", tokens), tokens));
        }
      }
      line.removeIf(asked -> !asked.from().isWaiting() && !asked.from().isAnswered());
      while (!line.isEmpty() && line.getFirst().from().isAnswered()) {
        grants.add(new Grant(limiter.process().nanoTime(), line.removeFirst().tokens()));
        assertEverySpanFits(grants);
      }
      assertThat(line).as("answered out of turn").noneMatch(asked -> asked.from().isAnswered());
    }
  }

  /// Looks at the spans that end with the last grant.
  private static void assertEverySpanFits(List<Grant> grants) {
    var end = grants.getLast().at();
    var granted = 0L;
    for (var first : grants.reversed()) {
      granted += first.tokens();
      assertThat(granted * ONE_TOKEN).isLessThanOrEqualTo(end - first.at() + BURST * ONE_TOKEN);
    }
  }
}
