package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimeBudgetTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final BlockingQueue<Long> timeouts = new LinkedBlockingQueue<>();

  private ScriptedServer telling() throws Exception {
    return ScriptedServer.start(peer -> {
      for (ClientMessage message; (message = peer.read()) != null; ) {
        timeouts.add(((ClientMessage.Call) message).timeoutMs());
        peer.reply(message, "1");
      }
    });
  }

  private long nextTimeout() throws InterruptedException {
    var next = timeouts.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("a call").isNotNull();
    return next;
  }

  @Test
  void callTakesTheLesserOfItsTimeoutAndWhatIsLeft() throws Exception {
    try (var server = telling();
        var client = server.connect()) {
      try (var within = TimeBudget.of(Duration.ofSeconds(10))) {
        assertThat(within.left()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(10));
        client.call("c", "get", Long.class, LONG);
        assertThat(nextTimeout()).isBetween(1L, 10_000L);
        client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS);
        assertThat(nextTimeout()).isBetween(1L, 10_000L);
        client.call("c", "get", Long.class, Duration.ofSeconds(2));
        assertThat(nextTimeout()).isBetween(1L, 2_000L);
      }
      client.call("c", "get", Long.class, LONG);
      assertThat(nextTimeout()).as("outside of it").isGreaterThan(10_000);
    }
  }

  @Test
  void innerBudgetHasNoMoreThanTheOuterOneAndEndsWithItsScope() throws Exception {
    try (var server = telling();
        var client = server.connect();
        var outer = TimeBudget.of(Duration.ofSeconds(20))) {
      try (var greater = TimeBudget.of(LONG)) {
        assertThat(greater.left()).isLessThanOrEqualTo(Duration.ofSeconds(20));
        try (var lesser = TimeBudget.of(Duration.ofSeconds(10))) {
          assertThat(lesser.left()).isLessThanOrEqualTo(Duration.ofSeconds(10));
          assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
        }
      }
      client.call("c", "get", Long.class, LONG);
      assertThat(nextTimeout()).isBetween(10_001L, 20_000L);
    }
  }

  @Test
  void onceItIsSpentNothingIsSent() throws Exception {
    try (var server = telling();
        var client = server.connect()) {
      try (var spent = TimeBudget.of(Duration.ofMillis(-1))) {
        assertThat(spent.left()).isZero();
        assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
            .isInstanceOfSatisfying(
                CallTimeoutException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO))
            .hasMessage("call to 'c' failed: timeout, no time was left for it, so it was not sent");
        assertThatThrownBy(
                () -> client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(CallTimeoutException.class);
        assertThatThrownBy(() -> client.cast("c", "reset"))
            .isInstanceOf(CallTimeoutException.class);
      }
      client.call("c", "get", Long.class, LONG);
      nextTimeout();
      assertThat(timeouts).isEmpty();
    }
  }

  @Test
  void otherThreadsHaveTheirOwn() throws Exception {
    try (var server = telling();
        var client = server.connect();
        var within = TimeBudget.of(Duration.ofSeconds(1))) {
      var other = new Thread(() -> client.call("c", "get", Long.class, LONG));
      other.start();
      assertThat(nextTimeout()).isGreaterThan(within.left().toMillis());
      other.join(20_000);
    }
  }
}
