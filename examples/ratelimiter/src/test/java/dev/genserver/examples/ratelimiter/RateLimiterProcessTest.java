package dev.genserver.examples.ratelimiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.examples.ratelimiter.RateLimiter.AcquireReply;
import dev.genserver.examples.ratelimiter.RateLimiter.BucketStatus;
import dev.genserver.examples.ratelimiter.RateLimiter.Call;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import dev.genserver.testkit.TestNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real node, with real callers, whose time the test moves.
@Timeout(30)
class RateLimiterProcessTest {

  private static final Args ONE_A_SECOND = Args.of("rate", 1).with("burst", 1);

  @AutoClose private final TestNode node = TestNode.create();
  private final Pid limiter =
      node.start(new RateLimiter(node::nanoTime), StartOptions.none().args(ONE_A_SECOND));

  @Test
  void callerWaitsForItsToken() {
    assertThat(acquire(Duration.ofSeconds(5))).isCompletedWithValue(new AcquireReply.Granted());
    var second = acquire(Duration.ofSeconds(5));
    node.advance(Duration.ofMillis(999));
    assertThat(second).isNotDone();

    node.advance(Duration.ofMillis(1));
    assertThat(second).isCompletedWithValue(new AcquireReply.Granted());
  }

  @Test
  void callerThatTimedOutLeavesItsTokenToTheNext() {
    acquire(Duration.ofSeconds(5));
    var hasty = acquire(Duration.ofMillis(500));
    var patient = acquire(Duration.ofSeconds(5));
    assertThat(waiting()).isEqualTo(2);

    node.advance(Duration.ofMillis(500));
    assertThat(hasty.exceptionNow())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.TIMEOUT));
    node.advance(Duration.ofMillis(500));
    assertThat(patient).isCompletedWithValue(new AcquireReply.Granted());
  }

  private CompletableFuture<AcquireReply> acquire(Duration timeout) {
    var request = new Call.Acquire("mail", Optional.empty());
    return node.callAsync(limiter, request, AcquireReply.class, timeout);
  }

  private int waiting() {
    return node.call(limiter, new Call.Status("mail"), BucketStatus.class).waiting();
  }
}
