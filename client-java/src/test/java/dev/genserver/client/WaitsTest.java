package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitsTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final ScheduledExecutorService timers = Timers.start();
  private final Waits waits = new Waits(timers);

  @AfterEach
  void end() {
    timers.shutdownNow();
  }

  private static Request request(Duration timeout) {
    return new Request(
        1,
        Deadline.after(timeout),
        millis -> new ClientMessage.Ping(RequestId.of(1)),
        (connection, result) -> {});
  }

  @Test
  void waitsUntilTheRequestHasEnded() throws Exception {
    var request = request(LONG);
    var waiting = CompletableFuture.supplyAsync(() -> await(request), WaitsTest::inThread);
    assertThat(waiting).isNotDone();
    request.end(Outcome.closed());
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(await(request)).isTrue();
  }

  @Test
  void isOverWhenTheTimeIs() {
    for (var timeout : new Duration[] {Duration.ofMillis(20), Duration.ofMillis(150)}) {
      long begin = System.nanoTime();
      assertThat(await(request(timeout))).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(timeout);
    }
  }

  @Test
  void eachOfManyHasItsOwnTime() throws Exception {
    var patient = request(LONG);
    var waitsLong = CompletableFuture.supplyAsync(() -> await(patient), WaitsTest::inThread);
    var others = new ArrayList<CompletableFuture<Boolean>>();
    for (int i = 0; i < 3; i++) {
      others.add(
          CompletableFuture.supplyAsync(
              () -> await(request(Duration.ofMillis(150))), WaitsTest::inThread));
    }
    for (var each : others) {
      assertThat(each.get(10, TimeUnit.SECONDS)).isFalse();
    }
    assertThat(waitsLong).isNotDone();
    patient.end(Outcome.closed());
    assertThat(waitsLong.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void interruptEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> waits.await(request(LONG))).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void inThread(Runnable task) {
    new Thread(task).start();
  }

  private boolean await(Request request) {
    try {
      return waits.await(request);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
