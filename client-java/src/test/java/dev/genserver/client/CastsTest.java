package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ScriptedServer.Peer;
import dev.genserver.client.ScriptedServer.Script;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.ServerMessage;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CastsTest {

  /// Nobody listens there, and no port that is given out is this one.
  private static final String NOWHERE = "127.0.0.1:1";

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);

  private static final ClientOptions QUICK =
      ClientOptions.defaults().reconnect(new Backoff(Duration.ofMillis(1), Duration.ofMillis(20)));

  /// The messages that were read, calls and casts alike.
  private final List<String> read = new CopyOnWriteArrayList<>();

  private final CountDownLatch go = new CountDownLatch(1);

  /// Reads on, and answers what wants an answer.
  private void serve(Peer peer) throws Exception {
    for (ClientMessage message; (message = peer.read()) != null; ) {
      answer(peer, message);
    }
  }

  private void answer(Peer peer, ClientMessage message) throws Exception {
    if (message instanceof ClientMessage.Cast cast) {
      read.add(cast.msg().toString());
      if (cast.id() != null) {
        peer.send(new ServerMessage.Ok(cast.id(), null));
      }
    } else if (message instanceof ClientMessage.Call call) {
      read.add(call.msg().toString());
      peer.reply(call, "1");
    } else if (message instanceof ClientMessage.Ping ping) {
      peer.send(new ServerMessage.Pong(ping.id()));
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void castsWaitForAConnectionAndArriveInOrderBeforeLaterCalls() throws Exception {
    try (var server =
            ScriptedServer.raw(peer -> {
              go.await(20, TimeUnit.SECONDS);
              peer.welcome();
              serve(peer);
            });
        var client = GenServerClient.connectInBackground(server.address(), QUICK)) {
      for (int i = 0; i < 100; i++) {
        client.cast("counter", i);
      }
      assertThat(client.casts()).isEqualTo(new CastCounters(100, 100, 0, 0));
      var call = client.callAsync("counter", 100, Long.class, LONG);
      go.countDown();

      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(read).isEqualTo(numbers(0, 101));
      assertThat(client.casts()).isEqualTo(new CastCounters(100, 0, 0, 0));
    }
  }

  @Test
  void flushReturnsOnceAllCastsWereRead() throws Exception {
    try (var server = ScriptedServer.start(this::serve);
        var client = server.connect()) {
      for (int i = 0; i < 1000; i++) {
        client.cast("counter", i);
      }
      client.flush(LONG);
      assertThat(read).isEqualTo(numbers(0, 1000));
      client.cast("counter", 1000);
      client.flushAsync(LONG).get(20, TimeUnit.SECONDS);
      assertThat(read).isEqualTo(numbers(0, 1001));
    }
  }

  @Test
  void flushThatComesToNothingInTimeSaysSo() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              go.await(20, TimeUnit.SECONDS);
              peer.drain();
            });
        var client = server.connect()) {
      client.cast("counter", 1);
      assertThatThrownBy(() -> client.flush(SHORT)).isInstanceOf(CallTimeoutException.class);
      go.countDown();
    }
  }

  @Test
  void castsThatMayHaveBeenReadAreNotSentAgainButToldByTheNextFlush() throws Exception {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  answer(peer, peer.read());
                  peer.read();
                  peer.read();
                },
                this::serve);
        var client = GenServerClient.connect(server.address(), QUICK)) {
      client.castConfirmed("c", "confirmed");
      client.cast("c", "one");
      client.cast("c", "two");

      assertThatThrownBy(() -> client.flush(LONG))
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.MAYBE);
                assertThat(e.details()).containsEntry("lost", 2L);
              })
          .hasMessageContaining("2 casts are lost, or may be");
      assertThatCode(() -> client.flush(LONG)).as("it is told once").doesNotThrowAnyException();
      assertThat(read).containsExactly("\"confirmed\"");
      assertThat(client.casts()).isEqualTo(new CastCounters(2, 0, 0, 2));
    }
  }

  @Test
  void castsBeforeAnAnswerAreKnownToHaveBeenRead() throws Exception {
    try (var server =
            ScriptedServer.start(
                peer -> {
                  for (int i = 0; i < 11; i++) {
                    answer(peer, peer.read());
                  }
                },
                this::serve);
        var client = GenServerClient.connect(server.address(), QUICK)) {
      for (int i = 0; i < 10; i++) {
        client.cast("c", i);
      }
      client.call("c", "get", Long.class, LONG);
      assertThatCode(() -> client.flush(LONG)).doesNotThrowAnyException();
      assertThat(client.casts()).isEqualTo(new CastCounters(10, 0, 0, 0));
    }
  }

  @Test
  void castsOfWhichNothingWasWrittenGoToTheNextConnectionInOrder() throws Exception {
    int count = 200;
    var text = "x".repeat(50_000);
    Script tired =
        peer -> {
          for (int i = 0; i < 10; i++) {
            answer(peer, peer.read());
          }
          go.await(20, TimeUnit.SECONDS);
          peer.reset();
        };
    try (var server = ScriptedServer.start(tired, this::serve);
        var client = GenServerClient.connect(server.address(), QUICK.maxBuffered(count * 60_000))) {
      for (int i = 0; i < count; i++) {
        client.cast("c", i + text);
      }
      assertThat(client.casts().buffered()).isPositive();
      go.countDown();
      assertThatThrownBy(() -> client.flush(LONG)).isInstanceOf(ConnectionLostException.class);

      var numbers =
          read.stream().map(s -> Integer.parseInt(s.substring(1, s.indexOf('x')))).toList();
      int first = numbers.get(10);
      assertThat(first).isGreaterThanOrEqualTo(10);
      assertThat(numbers)
          .as("the first ten, then all from one on, each once, in order")
          .isEqualTo(
              IntStream.concat(IntStream.range(0, 10), IntStream.range(first, count))
                  .boxed()
                  .toList());
      assertThat(client.casts()).isEqualTo(new CastCounters(count, 0, 0, first));
    }
  }

  @Test
  void castsThatAreNotWrittenWhenTheDaemonSaysGoodbyeGoToTheNextOne() throws Exception {
    int count = 200;
    var text = "x".repeat(50_000);
    var moved = new CountDownLatch(1);
    Script leaving =
        peer -> {
          for (int i = 0; i < 10; i++) {
            answer(peer, peer.read());
          }
          go.await(20, TimeUnit.SECONDS);
          peer.send(new ServerMessage.Goodbye(ErrorCode.UNAVAILABLE, "shutting down", 1000L));
          // To read on at once would be to be sent the rest before the goodbye is heard.
          moved.await(20, TimeUnit.SECONDS);
          try {
            peer.drain();
          } catch (EOFException e) {
            // The client has closed in the middle of what it was to drop.
          }
        };
    try (var old = ScriptedServer.start(leaving);
        var next =
            ScriptedServer.start(peer -> {
              moved.countDown();
              serve(peer);
            });
        var client =
            GenServerClient.connect(
                old.address() + "," + next.address(), QUICK.maxBuffered(count * 60_000))) {
      for (int i = 0; i < count; i++) {
        client.cast("c", i + text);
      }
      go.countDown();
      assertThatThrownBy(() -> client.flush(LONG)).isInstanceOf(ConnectionLostException.class);

      var numbers =
          read.stream().map(s -> Integer.parseInt(s.substring(1, s.indexOf('x')))).toList();
      int first = numbers.get(10);
      assertThat(first).isGreaterThanOrEqualTo(10);
      assertThat(numbers)
          .isEqualTo(
              IntStream.concat(IntStream.range(0, 10), IntStream.range(first, count))
                  .boxed()
                  .toList());
      assertThat(client.casts().maybeLost()).isEqualTo(first);
    }
  }

  @Test
  void fullBufferMakesCastsWaitWithinTheirTimeout() throws Exception {
    var options = QUICK.maxBuffered(1000).timeout(SHORT);
    try (var client = GenServerClient.connectInBackground(NOWHERE, options)) {
      int taken = castUntilFull(client, UnavailableException.class, "there is no connection");
      assertThat(client.casts()).isEqualTo(new CastCounters(taken, taken, 1, 0));
    }
  }

  @Test
  void fullBufferMakesCastsFailAtOnceIfThatIsWanted() throws Exception {
    var options = QUICK.maxBuffered(1000).whenFull(Patience.FAIL).timeout(LONG).closeTimeout(SHORT);
    var client = GenServerClient.connectInBackground(NOWHERE, options);
    int taken =
        castUntilFull(
            client,
            OverloadedException.class,
            "1,000 bytes wait here to be written already, as many as ClientOptions.maxBuffered"
                + " allows");
    assertThat(client.casts()).isEqualTo(new CastCounters(taken, taken, 1, 0));
    client.close();
    assertThat(client.casts())
        .as("what was never sent")
        .isEqualTo(new CastCounters(taken, 0, taken + 1, 0));
  }

  private static int castUntilFull(
      GenServerClient client, Class<? extends GenServerException> type, String why) {
    for (int taken = 0; taken < 1000; taken++) {
      try {
        client.cast("c", "reset");
      } catch (GenServerException e) {
        assertThat(e).isInstanceOf(type).hasMessageContaining(why);
        assertThat(e.executed()).isEqualTo(Executed.NO);
        assertThat(taken).isPositive();
        return taken;
      }
    }
    throw new AssertionError("the buffer has no limit");
  }

  @Test
  void roomInTheBufferComesWithTheConnection() throws Exception {
    var options = QUICK.maxBuffered(1000).timeout(LONG);
    try (var server =
            ScriptedServer.raw(peer -> {
              go.await(20, TimeUnit.SECONDS);
              peer.welcome();
              serve(peer);
            });
        var client = GenServerClient.connectInBackground(server.address(), options)) {
      var caster =
          new Thread(() -> IntStream.range(0, 500).forEach(i -> client.cast("counter", i)));
      caster.start();
      await("the caster waits").until(() -> caster.getState() == Thread.State.TIMED_WAITING);
      go.countDown();
      caster.join(20_000);
      assertThat(caster.isAlive()).isFalse();
      client.flush(LONG);
      assertThat(read).isEqualTo(numbers(0, 500));
    }
  }

  @Test
  void closeSendsWhatWaitsForAConnection() throws Exception {
    try (var server =
        ScriptedServer.raw(peer -> {
          go.await(20, TimeUnit.SECONDS);
          peer.welcome();
          serve(peer);
        })) {
      var client = GenServerClient.connectInBackground(server.address(), QUICK);
      client.cast("c", 1);
      var closing = new Thread(client::close);
      closing.start();
      await("it waits").until(() -> closing.getState() == Thread.State.TIMED_WAITING);
      go.countDown();
      closing.join(20_000);
      assertThat(closing.isAlive()).isFalse();
      server.awaitEnd();
      assertThat(read).containsExactly("1");
      assertThat(client.casts()).isEqualTo(new CastCounters(1, 0, 0, 0));
    }
  }

  @Test
  void castThatIsTooLongForTheNextDaemonIsDroppedAndCounted() throws Exception {
    try (var server =
            ScriptedServer.raw(peer -> {
              go.await(20, TimeUnit.SECONDS);
              peer.welcome(1000);
              serve(peer);
            });
        var client = GenServerClient.connectInBackground(server.address(), QUICK)) {
      client.cast("c", "x".repeat(2000));
      client.cast("c", 1);
      go.countDown();
      assertThatThrownBy(() -> client.flush(LONG))
          .hasMessageContaining("1 cast is lost, or may be");
      assertThat(read).containsExactly("1");
      assertThat(client.casts()).isEqualTo(new CastCounters(2, 0, 1, 0));
    }
  }
}
