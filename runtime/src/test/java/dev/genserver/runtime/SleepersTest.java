package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SleepersTest {

  private static final long TIMEOUT = Sleepers.LEAST_NANOS;
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  @Test
  void eachOfManyIsWokenWhenItsTimeIsUpAndNotBefore() throws Exception {
    try (var time = new SystemTime()) {
      var waits = new FutureTask<?>[1_000];
      for (var i = 0; i < waits.length; i++) {
        var timeout = TIMEOUT + TimeUnit.MILLISECONDS.toNanos(i % 50);
        waits[i] =
            start(() -> {
              var begun = System.nanoTime();
              assertThat(Waiting.until(() -> false, time, timeout)).isFalse();
              assertThat(System.nanoTime() - begun).isBetween(timeout, LONG);
            });
      }
      for (var wait : waits) {
        wait.get();
      }
    }
  }

  @Test
  void oneThatIsUnparkedGoesOnAtOnce() throws Exception {
    try (var time = new SystemTime()) {
      var isDone = new AtomicBoolean();
      var waits = new Thread[1];
      var begun = new CountDownLatch(1);
      var wait =
          start(() -> {
            waits[0] = Thread.currentThread();
            begun.countDown();
            assertThat(Waiting.until(isDone::get, time, LONG)).isTrue();
          });
      begun.await();
      isDone.set(true);
      LockSupport.unpark(waits[0]);
      wait.get();
    }
  }

  @Test
  void oneThatIsInterruptedGoesOnAndStaysInterrupted() throws Exception {
    try (var time = new SystemTime()) {
      var wait =
          start(() -> {
            Thread.currentThread().interrupt();
            assertThat(Waiting.until(() -> false, time, LONG)).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
          });
      wait.get();
    }
  }

  @Test
  void thoseWhoWaitWhenTheTimersEndAreWokenAllTheSame() throws Exception {
    var time = new SystemTime();
    var begun = new CountDownLatch(1);
    var before =
        start(() -> {
          begun.countDown();
          assertThat(Waiting.until(() -> false, time, TIMEOUT)).isFalse();
        });
    begun.await();
    time.close();
    var after = start(() -> assertThat(Waiting.until(() -> false, time, TIMEOUT)).isFalse());
    before.get();
    after.get();
  }

  private static FutureTask<?> start(Runnable waiting) {
    var task = new FutureTask<>(waiting, null);
    Thread.ofVirtual().start(task);
    return task;
  }
}
