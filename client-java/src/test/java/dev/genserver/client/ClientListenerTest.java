package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ClientListener.Op;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientListenerTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

  /// Writes down what it hears, and puts a trace on each request.
  private static final class Recorder implements ClientListener {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Duration> durations = new CopyOnWriteArrayList<>();

    @Override
    public Attempt began(Request request) {
      return new Attempt() {
        @Override
        public String traceparent() {
          return TRACE;
        }

        @Override
        public void ended(End end) {
          durations.add(end.duration());
          heard.add(
              "%s %s %d %s %s"
                  .formatted(
                      request.op(),
                      request.to(),
                      request.attempt(),
                      end.code().map(ErrorCode::wireName).orElse("-"),
                      end.executed()));
        }
      };
    }

    @Override
    public void castsLost(long count, String reason) {
      heard.add(count + " casts lost");
    }
  }

  @Test
  void everyAttemptIsToldWithItsEnd() throws Exception {
    var recorder = new Recorder();
    var options =
        ClientOptions.defaults()
            .listener(recorder)
            .retry(Retry.unexecuted(2, SOON))
            .reconnect(SOON);
    try (var server =
            ScriptedServer.start(peer -> {
              var error = WireError.refused(ErrorCode.OVERLOADED, "full");
              peer.send(new ServerMessage.Failure(peer.read().id(), error));
              peer.reply(peer.read(), "1");
              peer.reply(peer.read(), "1");
              peer.send(new ServerMessage.Ok(peer.read().id(), null));
              var gone = new WireError(ErrorCode.EXIT, "gone", Executed.MAYBE, Map.of());
              peer.send(new ServerMessage.Failure(peer.read().id(), gone));
              peer.read(ClientMessage.Cast.class);
              peer.send(new ServerMessage.Pong(peer.read().id()));
              peer.drain();
            });
        var client = GenServerClient.connect(server.address(), options)) {
      client.call("c", "get", Long.class, LONG);
      client.callAsync("c", "get", Long.class, LONG).get(20, TimeUnit.SECONDS);
      client.castConfirmed("c", "reset", LONG);
      assertThatThrownBy(() -> client.call("c", "crash", Long.class, LONG))
          .isInstanceOf(ProcessExitException.class);
      client.cast("c", "reset");
      client.flush(LONG);

      assertThat(recorder.heard)
          .containsExactly(
              "CALL c 1 overloaded no",
              "CALL c 2 - yes",
              "CALL c 1 - yes",
              "CONFIRMED_CAST c 1 - yes",
              "CALL c 1 exit maybe",
              "CAST c 1 - maybe",
              "PING  1 - yes");
      assertThat(recorder.durations).allSatisfy(d -> assertThat(d).isBetween(Duration.ZERO, LONG));
    }
  }

  @Test
  void traceOfAListenerGoesWithCallsAndCasts() throws Exception {
    var traces = new CopyOnWriteArrayList<String>();
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read(ClientMessage.Call.class);
              traces.add(call.trace());
              peer.reply(call, "1");
              traces.add(peer.read(ClientMessage.Cast.class).trace());
              var cast = peer.read(ClientMessage.Cast.class);
              traces.add(cast.trace());
              peer.send(new ServerMessage.Ok(cast.id(), null));
              peer.drain();
            });
        var client =
            GenServerClient.connect(
                server.address(),
                ClientOptions.defaults()
                    .listener(new ClientListener() {})
                    .listener(new Recorder()))) {
      client.call("c", "get", Long.class, LONG);
      client.cast("c", "reset");
      client.castConfirmed("c", "reset", LONG);
      assertThat(traces).containsExactly(TRACE, TRACE, TRACE);
    }
  }

  @Test
  void lostAndRefusedCastsAreTold() throws Exception {
    var recorder = new Recorder();
    var options =
        ClientOptions.defaults()
            .listener(recorder)
            .reconnect(SOON)
            .maxBuffered(200)
            .whenFull(Patience.FAIL)
            .closeTimeout(Duration.ofMillis(50));
    try (var server =
            ScriptedServer.start(peer -> {
              peer.read();
              peer.read();
            });
        var client = GenServerClient.connect(server.address(), options)) {
      client.cast("c", "one");
      client.cast("c", "two");
      await("the loss").until(() -> recorder.heard.contains("2 casts lost"));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10; i++) {
                  client.cast("c", "kept");
                }
              })
          .isInstanceOf(OverloadedException.class);
      assertThat(recorder.heard).contains("CAST c 1 overloaded no");
    }
  }

  @Test
  void listenerThatThrowsDoesNoHarm() throws Exception {
    var listener =
        new ClientListener() {
          @Override
          public Attempt began(Request request) {
            if (request.op() == Op.CALL) {
              throw new IllegalStateException("a listener's defect");
            }
            return new Attempt() {
              @Override
              public String traceparent() {
                throw new IllegalStateException("a listener's defect");
              }

              @Override
              public void ended(End end) {
                throw new IllegalStateException("a listener's defect");
              }
            };
          }

          @Override
          public void stateChanged(ConnectionState state) {
            throw new IllegalStateException("a listener's defect");
          }
        };
    var recorder = new Recorder();
    try (var server =
            ScriptedServer.start(peer -> {
              peer.reply(peer.read(), "1");
              peer.send(new ServerMessage.Ok(peer.read().id(), null));
              peer.drain();
            });
        var client =
            GenServerClient.connect(
                server.address(), ClientOptions.defaults().listener(listener).listener(recorder))) {
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(1);
      client.castConfirmed("c", "reset", LONG);
      assertThat(recorder.heard).containsExactly("CALL c 1 - yes", "CONFIRMED_CAST c 1 - yes");
    }
  }
}
