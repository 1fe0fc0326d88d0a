package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {

  @Test
  void timesBecomeNanoseconds() {
    assertThat(Timeouts.toNanos(Timeouts.DEFAULT)).isEqualTo(5_000_000_000L);
    assertThat(Timeouts.toNanos(Duration.ZERO)).isZero();
  }

  @Test
  void infinityAndTimesTooLargeToCountAreTheLargestNumber() {
    assertThat(Timeouts.toNanos(Timeouts.INFINITY)).isEqualTo(Long.MAX_VALUE);
    assertThat(Timeouts.toNanos(Duration.ofDays(1_000_000))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void negativeTimesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.toNanos(Duration.ofMillis(-1)))
        .withMessageContaining("PT-0.001S is negative");
  }
}
