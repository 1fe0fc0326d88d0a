package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CallTest {

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"grüß dich\"", "null", "{\"a\":[1,2.50,12345678901234567890]}"})
  void callPrintsTheReplyAsItCame(String result) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies(result)) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      assertThat(run).isEqualTo(new Genserver(0, result + "\n", ""));
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messageIsJsonOrAWordOrAWordWithFields(List<String> words, String expected) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      // Only after a double dash is a leading dash no option's.
      var start = words.getFirst().startsWith("-") ? "call counter --" : "call counter";
      var args = Stream.concat(Stream.of(start.split(" ")), words.stream());
      var run = Genserver.run(daemon, args.toArray(String[]::new));

      assertThat(run).isEqualTo(new Genserver(0, "0\n", ""));
      assertThat(((ClientMessage.Call) daemon.request()).msg()).isEqualTo(RawJson.of(expected));
    }
  }

  static List<Arguments> messages() {
    return List.of(
        arguments(List.of("get"), "\"get\""),
        arguments(List.of("größe"), "\"größe\""),
        arguments(List.of("v2.get-all_now"), "\"v2.get-all_now\""),
        arguments(List.of("{\"type\":\"add\",\"by\":3}"), "{\"type\":\"add\",\"by\":3}"),
        arguments(List.of(" [1, 2] "), "[1, 2]"),
        arguments(List.of("\"two words\""), "\"two words\""),
        arguments(List.of("-3.50"), "-3.50"),
        arguments(List.of("true"), "true"),
        arguments(List.of("null"), "null"),
        arguments(List.of("add", "by=3"), "{\"type\":\"add\",\"by\":3}"),
        arguments(
            List.of("add", "by=-3", "why=fix"), "{\"type\":\"add\",\"by\":-3,\"why\":\"fix\"}"),
        arguments(
            List.of("put", "key=a", "value={\"b\":[true]}"),
            "{\"type\":\"put\",\"key\":\"a\",\"value\":{\"b\":[true]}}"),
        arguments(List.of("put", "key=\"3\""), "{\"type\":\"put\",\"key\":\"3\"}"),
        arguments(
            List.of("put", "key=", "value=a=b"),
            "{\"type\":\"put\",\"key\":\"\",\"value\":\"a=b\"}"),
        arguments(
            List.of("put", "key=007", "value=two words"),
            "{\"type\":\"put\",\"key\":\"007\",\"value\":\"two words\"}"),
        arguments(
            List.of("put", "key=true", "value=falsehood"),
            "{\"type\":\"put\",\"key\":true,\"value\":\"falsehood\"}"),
        arguments(List.of("put", "größe={broken"), "{\"type\":\"put\",\"größe\":\"{broken\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          get                           | "get"
          {"type":"say","text":"grüß"}  | {"type":"say","text":"grüß"}
          """)
  void dashReadsTheMessageFromStandardInput(String stdin, String expected) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      var environment = Map.of("GENSERVER_URL", daemon.url());
      var run = Genserver.run(stdin + "\r\n", environment, "call", "counter", "-");

      assertThat(run).isEqualTo(new Genserver(0, "0\n", ""));
      assertThat(((ClientMessage.Call) daemon.request()).msg()).isEqualTo(RawJson.of(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"800ms,800", "2s,2000", "3m,180000", "1h,3600000", "0ms,0"})
  void timeoutIsSentAsWhatIsLeftOfIt(String timeout, long millis) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      Genserver.run(daemon, "call", "counter", "get", "--timeout", timeout);

      assertThat(((ClientMessage.Call) daemon.request()).timeoutMs())
          .isBetween(Math.max(0, millis - 700), millis);
    }
  }

  @Test
  void timeoutOfCenturiesDoesNotOverflow() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      var run = Genserver.run(daemon, "call", "counter", "get", "--timeout", "999999999h");

      assertThat(run.exitCode()).isZero();
      assertThat(((ClientMessage.Call) daemon.request()).timeoutMs())
          .isGreaterThan(Duration.ofDays(36_500).toMillis());
    }
  }

  @Test
  void timeoutMayBeInfinite() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      Genserver.run(daemon, "call", "counter", "get", "--timeout", "infinity");

      var call = (ClientMessage.Call) daemon.request();
      assertThat(call.timeoutMs()).isEqualTo(ClientMessage.INFINITY);
    }
  }

  @Test
  void callToAPidGoesToThePid() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      Genserver.run(daemon, "call", "<1.42>", "get");

      assertThat(((ClientMessage.Call) daemon.request()).to()).isEqualTo("<1.42>");
    }
  }

  @Test
  void daemonThatSaysNothingIsGivenUpAndTheCallCancelled() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var run = Genserver.run(daemon, "call", "slow", "get", "--timeout", "100ms");

      assertThat(run.exitCode()).isEqualTo(124);
      assertThat(run.err())
          .isEqualTo(
              "call to 'slow' failed: timeout, the daemon at "
                  + daemon.url()
                  + " said nothing within 100 ms (may have been executed)\n");
      var call = daemon.request();
      assertThat(daemon.request()).isEqualTo(new ClientMessage.Cancel(ScriptedDaemon.idOf(call)));
    }
  }

  @Test
  void bytesThatTrickleDoNotStretchTheTimeLimit() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          peer.sayBytes(new byte[] {0, (byte) 0xff, 0, 0});
          while (true) {
            peer.sayBytes(new byte[] {' '});
          }
        })) {
      var run = Genserver.run(daemon, "call", "slow", "get", "--timeout", "100ms");

      assertThat(run.exitCode()).isEqualTo(124);
    }
  }

  @Test
  void pingOfTheDaemonIsAnsweredWhileTheCallWaits() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          if (request instanceof ClientMessage.Call) {
            peer.say(new ServerMessage.Ping(), new ServerMessage.Unknown("novelty"));
          } else {
            peer.say(
                new ServerMessage.Pong(null),
                new ServerMessage.Reply(RequestId.of(1), RawJson.of("3")));
          }
        })) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      assertThat(run).isEqualTo(new Genserver(0, "3\n", ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Call.class);
      assertThat(daemon.request()).isEqualTo(new ClientMessage.Ping(null));
    }
  }
}
