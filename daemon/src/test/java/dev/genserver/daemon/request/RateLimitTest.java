package dev.genserver.daemon.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND / 2);
  private final RateLimit rate = new RateLimit(10, now::get);

  @Test
  void afterAQuietSecondAsManyAsInASecondGoAtOnce() {
    var waits = IntStream.range(0, 12).mapToObj(_ -> rate.take()).toList();
    assertThat(waits.subList(0, 10)).allMatch(wait -> wait <= 0);
    assertThat(waits.subList(10, 12)).containsExactly(SECOND / 10, 2 * SECOND / 10);
  }

  @Test
  void quietHourGivesNoMoreThanAQuietSecond() {
    now.addAndGet(3600 * SECOND);
    assertThat(IntStream.range(0, 100).filter(_ -> rate.tryTake()).count()).isEqualTo(10);
    now.addAndGet(SECOND / 10);
    assertThat(rate.tryTake()).isTrue();
    assertThat(rate.tryTake()).isFalse();
  }
}
