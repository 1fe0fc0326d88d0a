package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ScriptedServer.Peer;
import dev.genserver.client.ScriptedServer.Script;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconnectTest {

  /// Nobody listens there, and no port that is given out is this one.
  private static final String NOWHERE = "127.0.0.1:1";

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private static final ClientOptions QUICK =
      ClientOptions.defaults().reconnect(new Backoff(Duration.ofMillis(1), Duration.ofMillis(20)));

  /// Answers each call with the same, until the client goes.
  private static Script replying(String result) {
    return peer -> answerAll(peer, result);
  }

  private static void answerAll(Peer peer, String result) throws Exception {
    for (ClientMessage message; (message = peer.read()) != null; ) {
      if (message instanceof ClientMessage.Call) {
        peer.reply(message, result);
      } else if (message instanceof ClientMessage.Ping ping) {
        peer.send(new ServerMessage.Pong(ping.id()));
      }
    }
  }

  private static Long get(GenServerClient client) {
    return client.call("c", "get", Long.class, LONG);
  }

  @Test
  void lostConnectionIsMadeAgainAndCallsWaitForIt() throws Exception {
    var lost = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(
                peer -> {
                  peer.reply(peer.read(), "1");
                  lost.await(20, TimeUnit.SECONDS);
                },
                replying("2"));
        var client = GenServerClient.connect(server.address(), QUICK)) {
      assertThat(get(client)).isEqualTo(1);
      lost.countDown();
      await("a call over the next").ignoreExceptions().until(() -> get(client) == 2);
    }
  }

  @Test
  void firstAddressThatAnswersIsTakenAndTheNextOneWhenItIsLost() throws Exception {
    try (var first = ScriptedServer.start(peer -> peer.reply(peer.read(), "1"));
        var second = ScriptedServer.start(replying("2"));
        var client =
            GenServerClient.connect(
                NOWHERE + ", " + first.address() + "," + second.address(), QUICK)) {
      assertThat(client.state())
          .isEqualTo(
              new ConnectionState.Connected(first.address(), "scripted", "test", Optional.empty()));
      assertThat(get(client)).isEqualTo(1);
      first.awaitEnd();
      await("a call over the second").ignoreExceptions().until(() -> get(client) == 2);
      assertThat(client.state())
          .isInstanceOfSatisfying(
              ConnectionState.Connected.class,
              state -> assertThat(state.address()).isEqualTo(second.address()));
    }
  }

  @Test
  void whereNoAddressAnswersConnectingFailsAndTellsOfAll() throws Exception {
    var one = NOWHERE;
    var two = "127.0.0.1:2";

    var failure =
        catchThrowableOfType(
            UnavailableException.class, () -> GenServerClient.connect(one + "," + two));

    assertThat(failure).hasMessageStartingWith("connecting to " + two + " failed");
    assertThat(failure.getSuppressed())
        .singleElement()
        .satisfies(
            other -> assertThat(other).hasMessageStartingWith("connecting to " + one + " failed"));
  }

  @Test
  void addressThatDoesNotAnswerLeavesTimeForTheOthers() throws Exception {
    try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var server = ScriptedServer.start(replying("2"))) {
      var addresses = "127.0.0.1:" + deaf.getLocalPort() + "," + server.address();
      try (var client =
          GenServerClient.connect(addresses, QUICK.connectTimeout(Duration.ofSeconds(2)))) {
        assertThat(get(client)).isEqualTo(2);
      }
    }
  }

  @Test
  void afterAGoodbyeNewRequestsGoToTheNextAddressAndOpenOnesAreStillAnswered() throws Exception {
    var go = new CountDownLatch(1);
    try (var old =
            ScriptedServer.start(peer -> {
              var open = peer.read();
              peer.send(new ServerMessage.Goodbye(ErrorCode.UNAVAILABLE, "shutting down", 1000L));
              go.await(20, TimeUnit.SECONDS);
              peer.reply(open, "1");
              assertThat(peer.read()).as("the client closes what it has no use for").isNull();
            });
        var next = ScriptedServer.start(replying("2"));
        var client = GenServerClient.connect(old.address() + "," + next.address(), QUICK)) {
      var open = client.callAsync("c", "get", Long.class, LONG);
      await("the next connection")
          .until(() ->
              client.state() instanceof ConnectionState.Connected state
                  && state.address().equals(next.address()));

      assertThat(get(client)).isEqualTo(2);
      assertThat(open).isNotDone();
      go.countDown();
      assertThat(open.get(10, TimeUnit.SECONDS)).isEqualTo(1);
      old.awaitEnd();
    }
  }

  @Test
  void afterAGoodbyeOfTheOnlyDaemonTheClientWaitsForItToComeBack() throws Exception {
    var seen = new CopyOnWriteArrayList<ConnectionState>();
    var listener =
        new ClientListener() {
          @Override
          public void stateChanged(ConnectionState state) {
            seen.add(state);
          }
        };
    var server =
        ScriptedServer.start(
            peer -> {
              peer.reply(peer.read(), "1");
              peer.send(new ServerMessage.Goodbye(ErrorCode.UNAVAILABLE, "shutting down", 1000L));
              peer.drain();
            },
            replying("2"));
    try (server) {
      try (var client = GenServerClient.connect(server.address(), QUICK.listener(listener))) {
        assertThat(get(client)).isEqualTo(1);
        await("a call over the next").ignoreExceptions().until(() -> get(client) == 2);
      }
      await("the last state").until(() -> seen.contains(new ConnectionState.Closed()));
      assertThat(seen)
          .extracting(state -> state.getClass().getSimpleName())
          .startsWith("Connected", "Reconnecting")
          .endsWith("Connected", "Closed");
      assertThat(seen.get(1))
          .isInstanceOfSatisfying(
              ConnectionState.Reconnecting.class,
              state -> {
                assertThat(state.attempt()).isEqualTo(1);
                assertThat(state.problem())
                    .hasMessageEndingWith("said goodbye: unavailable, shutting down");
              });
    }
  }

  @Test
  void callThatWaitsInVainForAConnectionSaysWhyThereIsNone() throws Exception {
    try (var server = ScriptedServer.start(peer -> peer.reply(peer.read(), "1"));
        var client = GenServerClient.connect(server.address(), QUICK)) {
      assertThat(get(client)).isEqualTo(1);
      await("the loss").until(() -> client.state() instanceof ConnectionState.Reconnecting);

      assertThatThrownBy(() -> client.call("c", "get", Long.class, SHORT))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO))
          .hasMessageStartingWith(
              "call to 'c' failed: unavailable, there is no connection to "
                  + server.address()
                  + "; last problem: connect")
          .hasCauseInstanceOf(GenServerException.class);
      assertThatThrownBy(
              () -> client.callAsync("c", "get", Long.class, SHORT).get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void callWaitsForTheAttemptUnderWayOnlyWhereItIsToFail() throws Exception {
    var options =
        QUICK
            .whenUnconnected(Patience.FAIL)
            .reconnect(new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1)));
    try (var client = GenServerClient.connectInBackground(NOWHERE, options)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> get(client))
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("Connection refused");
      }
    }
  }

  @Test
  void waitingCallTellsTheDaemonWhatIsLeftOfItsTime() throws Exception {
    var told = new CompletableFuture<Long>();
    var admit = new CountDownLatch(1);
    try (var server =
            ScriptedServer.raw(peer -> {
              var hello = peer.read(ClientMessage.Hello.class);
              admit.await(20, TimeUnit.SECONDS);
              peer.welcome(hello, 1 << 20, null);
              var call = peer.read(ClientMessage.Call.class);
              told.complete(call.timeoutMs());
              peer.reply(call, "1");
              peer.drain();
            });
        var client = GenServerClient.connectInBackground(server.address(), QUICK)) {
      var begun = System.nanoTime();
      var call = client.callAsync("c", "get", Long.class, LONG);
      assertThat(call).isNotDone();
      // Times on the wire are whole milliseconds, rounded up: let one pass.
      await().until(() -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(2));
      admit.countDown();
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(told.get(1, TimeUnit.SECONDS)).isBetween(1L, 29_999L);
    }
  }

  @Test
  void waitingCallThatIsCancelledIsNeverSent() throws Exception {
    var admit = new CountDownLatch(1);
    var seen = new CompletableFuture<ClientMessage>();
    try (var server =
            ScriptedServer.raw(peer -> {
              admit.await(20, TimeUnit.SECONDS);
              peer.welcome();
              seen.complete(peer.read());
              peer.drain();
            });
        var client = GenServerClient.connectInBackground(server.address(), QUICK)) {
      client.callAsync("c", "first", Long.class, LONG).cancel(false);
      var second = client.callAsync("c", "second", Long.class, LONG);
      admit.countDown();
      assertThat(((ClientMessage.Call) seen.get(20, TimeUnit.SECONDS)).msg())
          .hasToString("\"second\"");
      second.cancel(false);
    }
  }

  @Test
  void clientThatStartsBeforeItsDaemonConnectsWhenThatIsThere() throws Exception {
    try (var port = new QuietPort();
        var client = GenServerClient.connectInBackground(port.address(), QUICK)) {
      var early = client.callAsync("c", "get", Long.class, LONG);
      await("an attempt in vain")
          .until(() -> client.state() instanceof ConnectionState.Reconnecting);
      assertThat(client.principal()).isEmpty();
      try (var listener = port.listen();
          var accepted = listener.accept()) {
        var peer = new Peer(accepted);
        peer.welcome(peer.read(ClientMessage.Hello.class), 1 << 20, "shop");
        peer.reply(peer.read(), "1");
        assertThat(early.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(client.principal()).contains("shop");
      }
    }
  }

  @Test
  void whoIsNotLetInAgainIsToldAtOnceAndAttemptsAreSlow() throws Exception {
    var logins = new AtomicInteger();
    Script refusing =
        peer -> {
          logins.incrementAndGet();
          peer.send(
              new ServerMessage.Failure(
                  peer.read(ClientMessage.Hello.class).id(),
                  WireError.refused(ErrorCode.UNAUTHENTICATED, "the token was revoked")));
        };
    var options = QUICK.reconnect(new Backoff(Duration.ofMillis(1), Duration.ofMinutes(1)));
    try (var server =
            ScriptedServer.raw(
                ScriptedServer.welcoming(peer -> peer.read()), refusing, refusing, refusing);
        var client = GenServerClient.connect(server.address(), options)) {
      assertThatThrownBy(() -> get(client)).isInstanceOf(ConnectionLostException.class);

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> get(client))
            .isInstanceOfSatisfying(
                UnauthenticatedException.class,
                e -> assertThat(e.executed()).isEqualTo(Executed.NO))
            .hasMessageEndingWith("unauthenticated, the token was revoked");
      }
      assertThat(logins).hasValue(1);
    }
  }

  @Test
  void tokenIsAskedForAnewEachTime() throws Exception {
    var tokens = new ArrayList<String>();
    Script login =
        peer -> {
          var hello = peer.read(ClientMessage.Hello.class);
          tokens.add(hello.token());
          peer.welcome(hello, 1 << 20, null);
          peer.reply(peer.read(), "1");
        };
    var count = new AtomicInteger();
    try (var server = ScriptedServer.raw(login, login);
        var client =
            GenServerClient.connect(
                server.address(), QUICK.token(() -> "t" + count.incrementAndGet()))) {
      assertThat(get(client)).isEqualTo(1);
      await("the second connection").ignoreExceptions().until(() -> get(client) == 1);
      assertThat(tokens).isEqualTo(List.of("t1", "t2"));
    }
  }

  @Test
  void daemonThatFallsSilentIsPingedAndThenReplaced() throws Exception {
    var pinged = new CompletableFuture<ClientMessage>();
    try (var server =
            ScriptedServer.start(
                peer -> {
                  pinged.complete(peer.read());
                  peer.drain();
                },
                replying("2"));
        var client =
            GenServerClient.connect(server.address(), QUICK.keepalive(Duration.ofSeconds(1)))) {
      assertThat(pinged.get(10, TimeUnit.SECONDS)).isInstanceOf(ClientMessage.Ping.class);
      await("a call over the next").atMost(LONG).ignoreExceptions().until(() -> get(client) == 2);
    }
  }

  @Test
  void daemonThatAnswersPingsIsKept() throws Exception {
    var pings = new CountDownLatch(5);
    try (var server =
            ScriptedServer.start(peer -> {
              while (pings.getCount() > 0) {
                peer.send(new ServerMessage.Pong(peer.read(ClientMessage.Ping.class).id()));
                pings.countDown();
              }
              answerAll(peer, "1");
            });
        var client =
            GenServerClient.connect(server.address(), QUICK.keepalive(Duration.ofSeconds(1)))) {
      assertThat(pings.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(get(client)).isEqualTo(1);
    }
  }

  @Test
  void connectionThatIsLostAgainAndAgainIsNotMadeInAHotLoop() throws Exception {
    var welcomes = new AtomicInteger();
    Script flapping =
        peer -> {
          peer.welcome();
          welcomes.incrementAndGet();
        };
    var scripts = new Script[1000];
    Arrays.fill(scripts, flapping);
    var options = QUICK.reconnect(new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30)));
    try (var server = ScriptedServer.raw(scripts);
        var client = GenServerClient.connectInBackground(server.address(), options)) {
      await("a pause")
          .during(Duration.ofMillis(300))
          .until(() ->
              client.state() instanceof ConnectionState.Reconnecting state && state.attempt() > 1);
      assertThat(welcomes.get()).isBetween(1, 5);
    }
  }

  @Test
  void closedClientEndsItsThreads() throws Exception {
    try (var server = ScriptedServer.start(Peer::drain)) {
      var client = GenServerClient.connect(server.address(), QUICK);
      client.close();
      assertThat(client.state()).isEqualTo(new ConnectionState.Closed());
      await("the threads have ended")
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(
                      thread -> thread.getName().equals("genserver-client-" + server.address())));
    }
  }
}
