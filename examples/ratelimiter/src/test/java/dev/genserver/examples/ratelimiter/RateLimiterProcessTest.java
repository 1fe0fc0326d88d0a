package dev.genserver.examples.ratelimiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.examples.ratelimiter.RateLimiter.AcquireReply;
import dev.genserver.examples.ratelimiter.RateLimiter.BucketStatus;
import dev.genserver.examples.ratelimiter.RateLimiter.Call;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import dev.genserver.testkit.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real node, with real callers, whose time the test moves.
@Timeout(30)
class RateLimiterProcessTest {

  private static final Args ONE_A_SECOND = Args.of("rate", 1).with("burst", 1);

  private final ManualTime time = new ManualTime();
  private final Node node = Node.create(1, time);
  private final Pid limiter =
      node.start(new RateLimiter(time::nanoTime), StartOptions.none().args(ONE_A_SECOND))
          .pidOrThrow();

  @AfterEach
  void closeNode() {
    node.close();
  }

  @Test
  void callerWaitsForItsToken() {
    assertThat(acquire(Duration.ofSeconds(5)).join()).isEqualTo(new AcquireReply.Granted());
    var second = acquire(Duration.ofSeconds(5));
    awaitWaiting(1);

    time.advance(Duration.ofSeconds(1));
    assertThat(second.join()).isEqualTo(new AcquireReply.Granted());
  }

  @Test
  void callerThatTimedOutLeavesItsTokenToTheNext() {
    acquire(Duration.ofSeconds(5)).join();
    var hasty = acquire(Duration.ofMillis(500));
    awaitWaiting(1);
    var patient = acquire(Duration.ofSeconds(5));
    awaitWaiting(2);

    time.advance(Duration.ofMillis(500));
    assertThat(hasty)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.TIMEOUT));
    time.advance(Duration.ofMillis(500));
    assertThat(patient.join()).isEqualTo(new AcquireReply.Granted());
  }

  private CompletableFuture<Object> acquire(Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> node.call(limiter, new Call.Acquire("mail", Optional.empty()), Object.class, timeout),
        Thread::startVirtualThread);
  }

  private void awaitWaiting(int callers) {
    await()
        .until(() ->
            node.call(limiter, new Call.Status("mail"), BucketStatus.class).waiting() == callers);
  }
}
