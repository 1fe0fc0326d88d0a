package dev.genserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.type.TypeReference;

@Timeout(60)
class GenServerClientTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  record Add(long by) {}

  @Test
  void callSendsTheMessageAndGivesTheReply() throws Exception {
    var seen = new AtomicReference<ClientMessage>();
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read(ClientMessage.Call.class);
              seen.set(call);
              peer.reply(call, "7");
              peer.drain();
            });
        var client = server.connect()) {
      assertThat(client.call("counter", new Add(3), Long.class, Duration.ofMillis(2500)))
          .isEqualTo(7);
      var call = (ClientMessage.Call) seen.get();
      assertThat(call)
          .isEqualTo(
              new ClientMessage.Call(
                  call.id(),
                  "counter",
                  RawJson.of("{\"type\":\"add\",\"by\":3}"),
                  call.timeoutMs(),
                  Map.of(),
                  null));
      assertThat(call.timeoutMs()).as("what is left of the time").isBetween(500L, 2500L);
    }
  }

  @Test
  void helloTellsWhoTheClientIs() throws Exception {
    var seen = new AtomicReference<ClientMessage.Hello>();
    try (var server =
        ScriptedServer.raw(peer -> {
          seen.set(peer.read(ClientMessage.Hello.class));
          peer.send(
              new ServerMessage.Failure(
                  seen.get().id(),
                  WireError.refused(ErrorCode.UNAUTHENTICATED, "the token is not known")));
        })) {
      var options = ClientOptions.defaults().name("shop").token("s3cret");

      assertThatThrownBy(() -> GenServerClient.connect(server.address(), options))
          .isInstanceOfSatisfying(
              UnauthenticatedException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO))
          .hasMessage(
              "connecting to "
                  + server.address()
                  + " failed: unauthenticated, the token is not known");
      assertThat(seen.get().versions()).containsExactly(1);
      assertThat(seen.get().client()).isEqualTo(new ClientMessage.ClientInfo("shop", "java", null));
      assertThat(seen.get().token()).isEqualTo("s3cret");
      assertThat(options.toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void refusedConnectionSaysWhereAndWhatToDo() throws Exception {
    assertThatThrownBy(() -> GenServerClient.connect("127.0.0.1:1"))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.executed()).isEqualTo(Executed.NO))
        .hasMessage(
            "connecting to 127.0.0.1:1 failed: unavailable, Connection refused; start the daemon there"
                + " (scripts/genserverd), or give the address where it listens");
  }

  @Test
  void peerThatIsNoDaemonIsNamedAsSuch() throws Exception {
    try (var server =
        ScriptedServer.raw(peer -> {
          peer.read();
          peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
        })) {
      assertThatThrownBy(server::connect)
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining(
              server.address() + " does not speak the protocol, is it a genserverd?");
    }
  }

  @Test
  void peerThatSaysNothingIsGivenUp() throws Exception {
    try (var server = ScriptedServer.raw(ScriptedServer.Peer::drain)) {
      var options = ClientOptions.defaults().connectTimeout(Duration.ofMillis(50));

      assertThatThrownBy(() -> GenServerClient.connect(server.address(), options))
          .isInstanceOf(CallTimeoutException.class);
      server.awaitEnd();
    }
  }

  @Test
  void answersFindTheirCallersInWhateverOrderTheyCome() throws Exception {
    int threads = 64;
    int rounds = 50;
    try (var server =
            ScriptedServer.start(peer -> {
              var random = new Random(1);
              var open = new ArrayList<ClientMessage.Call>();
              // Each thread that is not done has one call open, now or soon; half are held
              // back.
              for (int left = threads; left > 0; ) {
                while (open.size() < (left + 1) / 2) {
                  open.add(peer.read(ClientMessage.Call.class));
                }
                var call = open.remove(random.nextInt(open.size()));
                peer.reply(call, call.msg().toString());
                if (call.msg().toString().endsWith("-" + (rounds - 1) + "\"")) {
                  left--;
                }
              }
              peer.drain();
            });
        var client = server.connect()) {
      var pool = Executors.newFixedThreadPool(threads);
      try {
        var results = new ArrayList<Future<Boolean>>();
        for (int thread = 0; thread < threads; thread++) {
          int number = thread;
          results.add(
              pool.submit(() ->
                  IntStream.range(0, rounds)
                      .mapToObj(round -> number + "-" + round)
                      .allMatch(
                          text -> text.equals(client.call("echo", text, String.class, LONG)))));
        }
        for (var result : results) {
          assertThat(result.get(50, TimeUnit.SECONDS)).isTrue();
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  @Test
  void manyAsyncCallsAreOpenAtOnce() throws Exception {
    int count = 1000;
    try (var server =
            ScriptedServer.start(peer -> {
              var calls = new ArrayList<ClientMessage.Call>();
              for (int i = 0; i < count; i++) {
                calls.add(peer.read(ClientMessage.Call.class));
              }
              Collections.reverse(calls);
              for (var call : calls) {
                peer.reply(call, "[" + call.msg() + "]");
              }
              peer.drain();
            });
        var client = server.connect()) {
      var futures =
          IntStream.range(0, count)
              .mapToObj(
                  i -> client.callAsync("echo", i, new TypeReference<List<Integer>>() {}, LONG))
              .toList();
      for (int i = 0; i < count; i++) {
        assertThat(futures.get(i).get(20, TimeUnit.SECONDS)).containsExactly(i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyErrorBecomesAnExceptionWithCodeExecutedAndDetails(ErrorCode code) throws Exception {
    Map<String, Object> details = Map.of("reason", Map.of("kind", "error"), "queued", 3L);
    var error = new WireError(code, "that is why", Executed.MAYBE, details);
    try (var server =
            ScriptedServer.start(peer -> {
              peer.send(new ServerMessage.Failure(peer.read().id(), error));
              peer.drain();
            });
        var client = server.connect()) {
      var thrown =
          catchThrowableOfType(
              GenServerException.class, () -> client.call("counter", "get", Long.class, LONG));

      assertThat(thrown.code()).isEqualTo(code);
      assertThat(thrown.executed()).isEqualTo(Executed.MAYBE);
      assertThat(thrown.details()).isEqualTo(details);
      assertThat(thrown).hasMessageStartingWith("call to 'counter' failed: " + code + ", ");
      assertThat(thrown).hasMessageEndingWith("that is why");
      assertThat(thrown.getStackTrace()).extracting("methodName").contains("call");
      assertThat(thrown.getClass())
          .isEqualTo(
              switch (code) {
                case NOPROC -> NoProcessException.class;
                case TIMEOUT -> CallTimeoutException.class;
                case OVERLOADED -> OverloadedException.class;
                case UNAVAILABLE -> UnavailableException.class;
                case EXIT -> ProcessExitException.class;
                case BAD_MESSAGE -> BadMessageException.class;
                case CANCELLED -> CallCancelledException.class;
                case UNAUTHENTICATED -> UnauthenticatedException.class;
                case FORBIDDEN -> ForbiddenException.class;
                default -> RefusedException.class;
              });
      if (thrown instanceof ProcessExitException exit) {
        assertThat(exit.reasonKind()).isEqualTo("error");
      }
    }
  }

  @Test
  void secondAndLateAndUnknownAnswersAreIgnored() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.send(new ServerMessage.Reply(RequestId.of("not mine"), RawJson.NULL));
              peer.send(new ServerMessage.Reply(RequestId.of(99), RawJson.NULL));
              peer.send(new ServerMessage.Unknown("shine"));
              var first = peer.read();
              peer.reply(first, "1");
              peer.reply(first, "11");
              peer.reply(peer.read(), "2");
              peer.drain();
            });
        var client = server.connect()) {
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(1);
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(2);
    }
  }

  @Test
  void silentDaemonIsGivenUpHalfASecondAfterTheTimeoutAndTold() throws Exception {
    var cancelled = new CompletableFuture<ClientMessage>();
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read();
              cancelled.complete(peer.read());
              peer.reply(call, "\"late\"");
              peer.reply(peer.read(), "\"next\"");
              peer.drain();
            });
        var client = server.connect()) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> client.call("slow", "get", String.class, Duration.ofMillis(100)))
          .isInstanceOfSatisfying(
              CallTimeoutException.class, e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE))
          .hasMessageStartingWith("call to 'slow' failed: timeout, no answer within 100 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(599));
      assertThat(cancelled.get(10, TimeUnit.SECONDS)).isInstanceOf(ClientMessage.Cancel.class);
      assertThat(client.call("slow", "get", String.class, LONG)).isEqualTo("next");
    }
  }

  @Test
  void asyncCallIsGivenUpByTheClientsTimerToo() throws Exception {
    var cancelled = new CompletableFuture<ClientMessage>();
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              cancelled.complete(peer.read());
              peer.drain();
            });
        var client = server.connect()) {
      var future = client.callAsync("slow", "get", String.class, Duration.ofMillis(20));

      assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(CallTimeoutException.class);
      assertThat(cancelled.get(10, TimeUnit.SECONDS)).isInstanceOf(ClientMessage.Cancel.class);
    }
  }

  @Test
  void cancellingTheFutureCancelsTheCall() throws Exception {
    var seen = new CompletableFuture<List<ClientMessage>>();
    var arrived = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read();
              arrived.countDown();
              seen.complete(List.of(call, peer.read()));
              peer.drain();
            });
        var client = server.connect()) {
      var future = client.callAsync("slow", "get", String.class, LONG);
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

      future.cancel(false);

      var messages = seen.get(10, TimeUnit.SECONDS);
      assertThat(messages.get(1)).isEqualTo(new ClientMessage.Cancel(messages.get(0).id()));
      assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void interruptingTheCallerCancelsTheCall() throws Exception {
    var cancelled = new CompletableFuture<ClientMessage>();
    var arrived = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              arrived.countDown();
              cancelled.complete(peer.read());
              peer.reply(peer.read(), "1");
              peer.drain();
            });
        var client = server.connect()) {
      var interrupted = new CompletableFuture<Boolean>();
      var thrown = new CompletableFuture<Throwable>();
      var caller =
          new Thread(() -> {
            try {
              client.call("slow", "get", String.class, LONG);
            } catch (GenServerException e) {
              interrupted.complete(Thread.currentThread().isInterrupted());
              thrown.complete(e);
            }
          });
      caller.start();
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

      caller.interrupt();

      assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(CallCancelledException.class);
      assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(cancelled.get(10, TimeUnit.SECONDS)).isInstanceOf(ClientMessage.Cancel.class);
      // The connection is not harmed.
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(1);
    }
  }

  @Test
  void openCallsFailAtOnceWhenTheDaemonHangsUp() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              peer.read();
              peer.hangUp();
            });
        var client = server.connect()) {
      var first = client.callAsync("c", "get", Long.class, LONG);
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .isInstanceOfSatisfying(
              ConnectionLostException.class,
              e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE))
          .hasMessage(
              "call to 'c' failed: unavailable, the daemon at "
                  + server.address()
                  + " closed the connection");
      assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ConnectionLostException.class);
    }
  }

  @Test
  void garbageFromTheDaemonEndsTheConnection() throws Exception {
    for (var garbage : List.of("\0\0\0\5[1,2]", "\0\0\0\0", "\1\0\0\0", "\0\0\0\11{\"op\":7}x")) {
      try (var server =
              ScriptedServer.start(peer -> {
                peer.read();
                peer.raw(garbage.getBytes(UTF_8));
                peer.drain();
              });
          var client = server.connect()) {
        assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
            .isInstanceOf(ConnectionLostException.class)
            .hasMessageContaining("does not speak the protocol");
        server.awaitEnd();
      }
    }
  }

  @Test
  void frameCutShortByTheDaemonIsNoReply() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              peer.raw("\0\0\0\40{\"op\":\"reply\",\"id\":2,\"resu".getBytes(UTF_8));
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageContaining("the stream ended after");
    }
  }

  @Test
  void connectionThatEndsAfterAGoodbyeSaysWhy() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              peer.send(new ServerMessage.Goodbye(ErrorCode.SLOW_CONSUMER, "read faster", null));
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageEndingWith("the daemon closed the connection: slow_consumer, read faster");
    }
  }

  @Test
  void castConfirmedReturnsOnOkAndThrowsOnError() throws Exception {
    var seen = new ArrayList<ClientMessage>();
    try (var server =
            ScriptedServer.start(peer -> {
              seen.add(peer.read());
              peer.send(new ServerMessage.Ok(seen.get(0).id(), null));
              seen.add(peer.read());
              peer.send(
                  new ServerMessage.Failure(
                      seen.get(1).id(), WireError.refused(ErrorCode.NOPROC, "none")));
              peer.drain();
            });
        var client = server.connect()) {
      client.castConfirmed("counter", "reset");
      assertThat(seen.get(0))
          .isEqualTo(
              new ClientMessage.Cast(
                  seen.get(0).id(), "counter", RawJson.of("\"reset\""), Map.of(), null));
      assertThatThrownBy(() -> client.castConfirmed("countr", "reset", LONG))
          .isInstanceOf(NoProcessException.class)
          .hasMessage("cast to 'countr' failed: noproc, none");
    }
  }

  @Test
  void pingTellsHowLongItTook() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.send(new ServerMessage.Pong(peer.read(ClientMessage.Ping.class).id()));
              peer.drain();
            });
        var client = server.connect()) {
      assertThat(client.ping(LONG)).isPositive().isLessThan(LONG);
    }
  }

  @Test
  void pingOfTheDaemonIsAnsweredOnceAndItsPongIsIgnored() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              peer.send(new ServerMessage.Ping());
              assertThat(peer.read()).isEqualTo(new ClientMessage.Ping(null));
              peer.send(new ServerMessage.Pong(null));
              assertThat(peer.read()).isInstanceOf(ClientMessage.Call.class);
            });
        var client = server.connect()) {
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
                  .isInstanceOf(ConnectionLostException.class));
      server.awaitEnd();
    }
  }

  @Test
  void closeSendsWhatWasCast() throws Exception {
    int count = 20_000;
    var seen = new ArrayList<ClientMessage>();
    try (var server =
        ScriptedServer.start(peer -> {
          for (var message = peer.read(); message != null; message = peer.read()) {
            seen.add(message);
          }
        })) {
      try (var client = server.connect()) {
        for (int i = 0; i < count; i++) {
          client.cast("counter", i);
        }
      }
      server.awaitEnd();
      assertThat(seen).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(seen.get(i))
            .isEqualTo(new ClientMessage.Cast(null, "counter", RawJson.of("" + i), Map.of(), null));
      }
    }
  }

  @Test
  void closeLetsOpenCallsBeAnswered() throws Exception {
    try (var server =
        ScriptedServer.start(peer -> {
          var call = peer.read();
          peer.drain();
          peer.send(new ServerMessage.Ping()); // to which there can be no answer any more
          peer.reply(call, "5");
        })) {
      CompletableFuture<Long> open;
      try (var client = server.connect()) {
        open = client.callAsync("c", "get", Long.class, LONG);
      }
      assertThat(open.get(10, TimeUnit.SECONDS)).isEqualTo(5);
    }
  }

  @Test
  void closeFailsWhatIsStillOpenWhenItsTimeIsUp() throws Exception {
    var stay = new CountDownLatch(1);
    try (var server =
        ScriptedServer.start(peer -> {
          peer.drain();
          stay.await(30, TimeUnit.SECONDS);
        })) {
      var options = ClientOptions.defaults().closeTimeout(Duration.ofMillis(50));
      var client = GenServerClient.connect(server.address(), options);
      var open = client.callAsync("c", "get", Long.class, LONG);

      client.close();
      client.close();

      assertThatThrownBy(() -> open.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ConnectionLostException.class)
          .hasMessageEndingWith("this client was closed");
      assertThatThrownBy(() -> client.call("c", "get", Long.class, LONG))
          .isInstanceOf(ConnectionLostException.class)
          .hasMessageEndingWith("this client was closed");
      assertThatThrownBy(() -> client.castConfirmed("c", "get"))
          .isInstanceOf(ConnectionLostException.class);
      stay.countDown();
    }
  }

  @Test
  void daemonThatDoesNotReadSlowsCallersOnlyUntilTheirTimeout() throws Exception {
    var read = new CountDownLatch(1);
    try (var server =
        ScriptedServer.start(peer -> {
          read.await(30, TimeUnit.SECONDS);
          peer.drain();
        })) {
      var options =
          ClientOptions.defaults()
              .maxBuffered(100_000)
              .timeout(Duration.ofMillis(500))
              .closeTimeout(Duration.ofSeconds(20));
      try (var client = GenServerClient.connect(server.address(), options)) {
        var text = "x".repeat(100_000);

        var full =
            catchThrowableOfType(
                CallTimeoutException.class,
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    client.cast("counter", text);
                  }
                });

        assertThat(full)
            .hasMessageContaining("could not be written within 500 ms")
            .hasMessageContaining("the daemon does not read this connection");
        assertThat(full.executed()).isEqualTo(Executed.NO);
        assertThatThrownBy(() -> client.call("c", "get", Long.class, Duration.ofMillis(50)))
            .isInstanceOf(CallTimeoutException.class);
        read.countDown();
      }
      server.awaitEnd();
    }
  }

  @Test
  void largeMessagesAndRepliesPassWhole() throws Exception {
    var large = "é☃😀".repeat(50_000);
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read(ClientMessage.Call.class);
              peer.reply(call, call.msg().toString());
              peer.drain();
            });
        var client = server.connect()) {
      assertThat(client.call("echo", large, String.class, LONG)).isEqualTo(large);
    }
  }

  @Test
  void messageAboveTheDaemonsLimitIsRefusedHereAndTheConnectionLivesOn() throws Exception {
    try (var server =
            ScriptedServer.raw(peer -> {
              peer.welcome(1000);
              peer.reply(peer.read(), "1");
              peer.drain();
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.call("c", "x".repeat(1000), Long.class, LONG))
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
                assertThat(e.executed()).isEqualTo(Executed.NO);
              })
          .hasMessageContaining("exceeds the limit of 1,000 bytes");
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(1);
    }
  }

  @Test
  void timeoutMustBePositiveAndMayBeForEver() throws Exception {
    var seen = new CompletableFuture<Long>();
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read(ClientMessage.Call.class);
              seen.complete(call.timeoutMs());
              peer.reply(call, "1");
              peer.drain();
            });
        var client = server.connect()) {
      assertThatThrownBy(() -> client.call("c", "get", Long.class, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("timeout PT0S must be positive");
      var forEver = Duration.ofSeconds(Long.MAX_VALUE);
      assertThat(client.call("c", "get", Long.class, forEver)).isEqualTo(1);
      assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(ClientMessage.INFINITY);
    }
  }
}
