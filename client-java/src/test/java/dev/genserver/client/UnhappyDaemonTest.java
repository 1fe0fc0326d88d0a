package dev.genserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.client.ScriptedServer.Peer;
import dev.genserver.client.ScriptedServer.Script;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Daemons that stall, lie and hang up: each ends in a named exception, in time.
@Timeout(60)
class UnhappyDaemonTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Arguments daemon(
      String does,
      Class<? extends GenServerException> exception,
      Executed executed,
      Script script) {
    return Arguments.of(does, exception, executed, script);
  }

  private static String welcome(Peer peer) throws Exception {
    var id = ((RequestId.Num) peer.read(ClientMessage.Hello.class).id()).value();
    return "{\"op\":\"welcome\",\"id\":" + id + ",\"version\":1";
  }

  private static void half(Peer peer, int length, String json) throws Exception {
    peer.raw(new byte[] {0, 0, 0, (byte) length});
    peer.raw(json.getBytes(UTF_8));
  }

  static Stream<Arguments> beforeTheWelcome() {
    return Stream.of(
        daemon("hangs up at once", ConnectionLostException.class, Executed.NO, Peer::hangUp),
        daemon(
            "resets after the hello",
            ConnectionLostException.class,
            Executed.NO,
            peer -> {
              peer.read();
              peer.reset();
            }),
        daemon("hangs up after the hello", ConnectionLostException.class, Executed.NO, Peer::read),
        daemon(
            "hangs up within the welcome",
            ConnectionLostException.class,
            Executed.NO,
            peer -> half(peer, 100, welcome(peer))),
        daemon(
            "stalls within the welcome",
            CallTimeoutException.class,
            Executed.NO,
            peer -> {
              half(peer, 100, welcome(peer));
              peer.drain();
            }),
        daemon("stalls before the welcome", CallTimeoutException.class, Executed.NO, Peer::drain),
        daemon(
            "says goodbye instead",
            ConnectionLostException.class,
            Executed.NO,
            peer -> {
              peer.send(new ServerMessage.Goodbye(ErrorCode.OVERLOADED, "too many", null));
              peer.drain();
            }),
        daemon(
            "replies to the hello as to a call",
            ConnectionLostException.class,
            Executed.MAYBE,
            peer -> {
              peer.reply(peer.read(), "1");
              peer.drain();
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("beforeTheWelcome")
  void daemonThatFailsBeforeTheWelcomeIsNotConnectedTo(
      String does, Class<? extends GenServerException> exception, Executed executed, Script script)
      throws Exception {
    try (var server = ScriptedServer.raw(script)) {
      var options = ClientOptions.defaults().connectTimeout(SHORT);

      var failure =
          catchThrowableOfType(
              GenServerException.class, () -> GenServerClient.connect(server.address(), options));

      assertThat(failure).isExactlyInstanceOf(exception);
      assertThat(failure.executed()).isEqualTo(executed);
      assertThat(failure).hasMessageStartingWith("connecting to " + server.address() + " failed");
    }
  }

  static Stream<Arguments> atACall() {
    return Stream.of(
        daemon("hangs up", ConnectionLostException.class, Executed.MAYBE, Peer::hangUp),
        daemon("resets", ConnectionLostException.class, Executed.MAYBE, Peer::reset),
        daemon(
            "hangs up within the length",
            ConnectionLostException.class,
            Executed.MAYBE,
            peer -> peer.raw(new byte[] {0, 0})),
        daemon(
            "hangs up within the answer",
            ConnectionLostException.class,
            Executed.MAYBE,
            peer -> half(peer, 100, "{\"op\":\"reply\"")),
        daemon(
            "stalls within the answer",
            CallTimeoutException.class,
            Executed.MAYBE,
            peer -> {
              half(peer, 100, "{\"op\":\"reply\"");
              peer.drain();
            }),
        daemon("stalls", CallTimeoutException.class, Executed.MAYBE, Peer::drain),
        daemon(
            "answers somebody else",
            CallTimeoutException.class,
            Executed.MAYBE,
            peer -> {
              peer.send(new ServerMessage.Reply(RequestId.of("other"), RawJson.NULL));
              peer.send(new ServerMessage.Reply(RequestId.of(1L << 52), RawJson.NULL));
              peer.drain();
            }),
        daemon(
            "sends garbage",
            ConnectionLostException.class,
            Executed.MAYBE,
            peer -> {
              peer.raw("HTTP/1.1 500 no\r\n\r\n".getBytes(UTF_8));
              peer.drain();
            }),
        daemon(
            "says goodbye and hangs up",
            ConnectionLostException.class,
            Executed.MAYBE,
            peer ->
                peer.send(new ServerMessage.Goodbye(ErrorCode.SLOW_CONSUMER, "read on", null))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("atACall")
  void daemonThatFailsAtACallLeavesNobodyWaiting(
      String does, Class<? extends GenServerException> exception, Executed executed, Script script)
      throws Exception {
    Script reading =
        peer -> {
          peer.read(ClientMessage.Call.class);
          script.run(peer);
        };
    try (var server = ScriptedServer.start(reading);
        var client =
            GenServerClient.connect(
                server.address(), ClientOptions.defaults().closeTimeout(SHORT))) {
      var failure =
          catchThrowableOfType(
              GenServerException.class, () -> client.call("c", "get", Long.class, SHORT));

      assertThat(failure).isExactlyInstanceOf(exception);
      assertThat(failure.executed()).isEqualTo(executed);
      assertThat(failure).hasMessageStartingWith("call to 'c' failed");
    }
  }

  @Test
  void welcomeInsteadOfAReplyIsNoReply() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              var call = peer.read(ClientMessage.Call.class);
              var limits = new ServerMessage.Limits(1000, 1, 1, 1, 1);
              peer.send(new ServerMessage.Welcome(call.id(), 1, "s", "n", null, limits));
              peer.drain();
            });
        var client = server.connect()) {
      var failure =
          catchThrowableOfType(
              ConnectionLostException.class, () -> client.call("c", "get", Long.class, LONG));
      assertThat(failure.executed()).isEqualTo(Executed.MAYBE);
      assertThat(failure).hasMessageContaining("the daemon's answer is none to this request");
    }
  }

  @Test
  void answerToWhatWasNotAskedYetIsNotTakenForTheAnswer() throws Exception {
    try (var server =
            ScriptedServer.start(peer -> {
              var first = peer.read(ClientMessage.Call.class);
              long id = ((RequestId.Num) first.id()).value();
              peer.send(new ServerMessage.Reply(RequestId.of(id + 1), RawJson.of("666")));
              peer.reply(first, "1");
              peer.reply(peer.read(), "2");
              peer.drain();
            });
        var client = server.connect()) {
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(1);
      assertThat(client.call("c", "get", Long.class, LONG)).isEqualTo(2);
    }
  }
}
