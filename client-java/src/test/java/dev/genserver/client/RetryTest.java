package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ScriptedServer.Peer;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RetryTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

  private final AtomicInteger attempts = new AtomicInteger();

  /// A daemon that refuses the first requests in this way, and then does what it is asked.
  private ScriptedServer refusing(int times, ErrorCode code, Executed executed) throws Exception {
    return ScriptedServer.start(peer -> {
      for (ClientMessage message; (message = peer.read()) != null; ) {
        answer(
            peer, message, times, new WireError(code, "not now", executed, Map.of("queued", 7L)));
      }
    });
  }

  private void answer(Peer peer, ClientMessage message, int times, WireError error)
      throws Exception {
    if (attempts.getAndIncrement() < times) {
      peer.send(new ServerMessage.Failure(message.id(), error));
    } else if (message instanceof ClientMessage.Cast) {
      peer.send(new ServerMessage.Ok(message.id(), null));
    } else {
      peer.reply(message, "5");
    }
  }

  private static GenServerClient client(ScriptedServer server, Retry retry) {
    return GenServerClient.connect(server.address(), ClientOptions.defaults().retry(retry));
  }

  @ParameterizedTest
  @EnumSource(names = {"OVERLOADED", "UNAVAILABLE"})
  void whatPassesAndWasNotExecutedIsAskedAgain(ErrorCode code) throws Exception {
    try (var server = refusing(2, code, Executed.NO);
        var client = client(server, Retry.unexecuted(3, SOON))) {
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(5);
      assertThat(attempts).hasValue(3);

      attempts.set(0);
      assertThat(client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS))
          .isEqualTo(5);
      attempts.set(0);
      client.castConfirmed("c", "reset", LONG);
      attempts.set(0);
      client.castConfirmedAsync("c", "reset", LONG).get(20, TimeUnit.SECONDS);
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void lastFailureSaysHowManyAttemptsWereMade() throws Exception {
    try (var server = refusing(100, ErrorCode.OVERLOADED, Executed.NO);
        var client = client(server, Retry.unexecuted(4, SOON))) {
      var failure =
          catchThrowableOfType(
              OverloadedException.class, () -> client.call("c", "get", Long.class, LONG));
      assertThat(failure).hasMessage("call to 'c' failed: overloaded, not now (after 4 attempts)");
      assertThat(failure.details()).containsEntry("attempts", 4).containsEntry("queued", 7L);
      assertThat(attempts).hasValue(4);

      attempts.set(0);
      assertThatThrownBy(
              () -> client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS))
          .hasMessageEndingWith("not now (after 4 attempts)");
      assertThat(attempts).hasValue(4);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Executed.class,
      names = {"MAYBE", "YES"})
  void whatMayHaveBeenExecutedIsNeverAskedAgain(Executed executed) throws Exception {
    try (var server = refusing(100, ErrorCode.UNAVAILABLE, executed);
        var client = client(server, Retry.unexecuted(9, SOON).andNoProcess())) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .hasMessage("call to 'c' failed: unavailable, not now");
      assertThatThrownBy(
              () -> client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnavailableException.class);
      assertThat(attempts).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TIMEOUT", "EXIT", "BAD_MESSAGE", "FORBIDDEN", "CANCELLED", "NOPROC"})
  void whatDoesNotPassIsNotAskedAgain(ErrorCode code) throws Exception {
    try (var server = refusing(100, code, Executed.NO);
        var client = client(server, Retry.unexecuted(9, SOON))) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .hasMessage("call to 'c' failed: " + code + ", not now");
      assertThat(attempts).hasValue(1);
    }
  }

  @Test
  void missingProcessIsWaitedForOnlyIfThatIsWanted() throws Exception {
    try (var server = refusing(2, ErrorCode.NOPROC, Executed.NO);
        var client = client(server, Retry.unexecuted(3, SOON).andNoProcess())) {
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(5);
    }
  }

  @Test
  void nothingIsAskedAgainUnlessThatIsWanted() throws Exception {
    try (var server = refusing(1, ErrorCode.OVERLOADED, Executed.NO);
        var client = server.connect()) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .isInstanceOf(OverloadedException.class);
    }
  }

  @Test
  void attemptsEndWithTheTimeout() throws Exception {
    var slow = new Backoff(Duration.ofMillis(20), Duration.ofMillis(20));
    try (var server = refusing(Integer.MAX_VALUE, ErrorCode.OVERLOADED, Executed.NO);
        var client = client(server, Retry.unexecuted(Integer.MAX_VALUE, slow))) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> client.call("c", "get", Long.class, Duration.ofMillis(200)))
          .isInstanceOfAny(OverloadedException.class, CallTimeoutException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(attempts).hasValueGreaterThan(1);
    }
  }

  @Test
  void daemonThatIsNotThereIsAskedAgainWhereCallsDoNotWait() throws Exception {
    var options =
        ClientOptions.defaults()
            .reconnect(SOON)
            .whenUnconnected(Patience.FAIL)
            .retry(Retry.unexecuted(Integer.MAX_VALUE, SOON));
    try (var port = new QuietPort();
        var client = GenServerClient.connectInBackground(port.address(), options)) {
      var call = client.callAsync("c", "get", Long.class, LONG);
      await("an attempt in vain")
          .until(() -> client.state() instanceof ConnectionState.Reconnecting);
      try (var listener = port.listen();
          var accepted = listener.accept()) {
        var peer = new Peer(accepted);
        peer.welcome();
        peer.reply(peer.read(), "2");
        assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(2);
      }
    }
  }

  @Test
  void interruptedWhileItWaitsToAskAgainACallIsCancelledUnexecuted() throws Exception {
    var never = new Backoff(Duration.ofHours(1), Duration.ofHours(1));
    try (var server = refusing(1, ErrorCode.OVERLOADED, Executed.NO);
        var client = client(server, Retry.unexecuted(2, never))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.call("c", "get", Long.class, Duration.ofDays(1)))
          .isInstanceOfSatisfying(
              CallCancelledException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void backoffDoublesUpToItsEndAndIsDrawnFromAllOfIt() {
    var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    assertThat(backoff.nanos(1, 1)).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(backoff.nanos(3, 1)).isEqualTo(Duration.ofMillis(400).toNanos());
    assertThat(backoff.nanos(5, 1)).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(backoff.nanos(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(backoff.nanos(3, 0.5)).isEqualTo(Duration.ofMillis(200).toNanos());
    assertThat(backoff.nanos(3, 0)).isZero();
    assertThatThrownBy(() -> new Backoff(Duration.ofMillis(2), Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
