package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.client.CallTimeoutException;
import dev.genserver.client.ConnectionLostException;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.NoProcessException;
import dev.genserver.client.ProcessExitException;
import dev.genserver.daemon.StartException;
import dev.genserver.protocol.Executed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a caller is told when things go wrong, and that it is true.
class HonestyIT {

  @TempDir Path plugins;

  @Test
  void callToAnUnknownNameFailsAtOnceWithASuggestion() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client()) {
      assertThatThrownBy(() -> client.call("waywart", "get", Long.class, Duration.ofMinutes(1)))
          .isInstanceOfSatisfying(
              NoProcessException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.NO);
                assertThat(e.details()).containsEntry("did_you_mean", "wayward");
              });
    }
  }

  @Test
  void callQueuedPastItsDeadlineIsNotExecutedAsTheStateProves() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client()) {
      var sleeping =
          client.callAsync(
              "wayward",
              // It has begun long before its timeout, and ends long after that.
              Map.of("type", "sleep", "millis", 3_000),
              String.class,
              Duration.ofMillis(1_500));
      var add = Map.of("type", "add", "by", 5);
      assertThatThrownBy(() -> client.call("wayward", add, Long.class, Duration.ofMillis(300)))
          .isInstanceOfSatisfying(
              CallTimeoutException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.NO);
                assertThat(e.details()).containsEntry("phase", "queued");
              });
      assertThatThrownBy(sleeping::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              CallTimeoutException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.MAYBE);
                assertThat(e.details()).containsEntry("phase", "running");
              });
      assertThat(client.call("wayward", "get", Long.class)).isZero();
    }
  }

  @Test
  void crashIsToldWithItsReasonAndTheProcessIsBackWithFreshState() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client()) {
      client.call("wayward", Map.of("type", "add", "by", 3), Long.class);
      assertThatThrownBy(() -> client.call("wayward", "crash", Long.class))
          .isInstanceOfSatisfying(
              ProcessExitException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.MAYBE);
                assertThat(e.reasonKind()).isEqualTo("error");
                assertThat(e).hasMessageContaining("told to");
              });
      assertThat(callOnceItIsBack(client)).isZero();
    }
  }

  /// Between the crash and the restart the name is free for a moment.
  private static Long callOnceItIsBack(GenServerClient client) {
    for (var tries = 0; ; tries++) {
      try {
        return client.call("wayward", "get", Long.class);
      } catch (NoProcessException e) {
        if (tries > 10_000) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void endOfTheDaemonFailsOpenCallsAtOnce() throws StartException {
    var daemon = DaemonFixture.start(prepared(), Map.of("--shutdown-drain", "0s"));
    try (var client = daemon.client()) {
      var open =
          client.callAsync(
              "wayward",
              Map.of("type", "sleep", "millis", 20_000),
              String.class,
              Duration.ofMinutes(1));
      client.ping(Duration.ofSeconds(5));
      daemon.close();
      assertThatThrownBy(open::join)
          .cause()
          .isInstanceOfAny(ConnectionLostException.class, ProcessExitException.class);
    }
  }

  private Path prepared() {
    DaemonFixture.WAYWARD.writeTo(plugins);
    return plugins;
  }
}
