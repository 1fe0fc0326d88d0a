package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A daemon that has to stop before all is done says whose work that was.
@Timeout(60)
class UnfinishedEndTest {

  /// Does not come to an end with the first message.
  static final class Stuck extends GenServer<Integer, Void, String> {

    @Override
    public Init<Integer> init(Args args) {
      return ok(0);
    }

    @Override
    public Result<Integer> handleCast(String message, Integer state) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return noReply(state);
    }
  }

  @Test
  void processesThatHoldUpTheEndAreNamed() throws Exception {
    try (var log = CapturedLog.of(Daemon.class)) {
      try (var daemon =
          DaemonUnderTest.start(Optional.empty(), Map.of("--shutdown-drain", "100ms"))) {
        var node = daemon.daemon.node();
        var stuck = node.start(new Stuck(), StartOptions.named("stuck")).pidOrThrow();
        node.cast(stuck, "first");
        node.cast(stuck, "second");
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> !node.inspect(stuck).orElseThrow().atHand().isZero());
      }
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("daemon stops with work unfinished"))
          .singleElement()
          .asString()
          .matches(
              "daemon stops with work unfinished grace=PT0.1S"
                  + " processes=\\['stuck' <\\d+\\.\\d+> running for PT[0-9.]+S, 1 queued]");
    }
  }
}
