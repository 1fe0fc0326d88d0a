package dev.genserver.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final FailedLogins failures = new FailedLogins(now::get);
  private final InetAddress here = address(1);

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void waitDoublesWithEachFailureUpToItsLimit() {
    assertThat(IntStream.range(0, 8).mapToObj(_ -> failures.add(here).delay().toMillis()))
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 3200L, 3200L);
  }

  @Test
  void everyAddressIsCountedForItself() {
    failures.add(here);
    assertThat(failures.add(address(2)).count()).isEqualTo(1);
    assertThat(failures.add(here).count()).isEqualTo(2);
  }

  @Test
  void quietMinuteIsForgiven() {
    failures.add(here);
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(failures.add(here).count()).isEqualTo(1);
  }

  @Test
  void logGrowsWithTheLogarithmOfTheFailures() {
    var logged = IntStream.range(0, 1_000).filter(_ -> failures.add(here).isLogged()).count();
    assertThat(logged).isEqualTo(10);
  }

  @Test
  void oldestOfTooManyAddressesIsForgotten() {
    failures.add(here);
    IntStream.range(2, 10_002).forEach(i -> failures.add(address(i)));
    assertThat(failures.add(here).count()).isEqualTo(1);
  }
}
