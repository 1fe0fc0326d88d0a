package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FailureTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)`[ †]* \\| .* \\| [a-z /]+ \\| (\\d+) \\|$");

  /// The rows of the table in docs/protocol.md.
  static List<Arguments> errorCodes() throws IOException {
    return ROW.matcher(Files.readString(Path.of("../docs/protocol.md")))
        .results()
        .map(row -> arguments(row.group(1), Integer.parseInt(row.group(2))))
        .toList();
  }

  @Test
  void everyErrorCodeIsInTheTable() throws IOException {
    assertThat(errorCodes()).hasSize(ErrorCode.values().length - 1); // without UNRECOGNISED
  }

  @ParameterizedTest
  @MethodSource("errorCodes")
  void everyErrorCodeHasItsExitCode(String code, int exitCode) throws Exception {
    var error = new WireError(ErrorCode.of(code), "it is so", Executed.MAYBE, Map.of());
    try (var daemon = thatFailsWith(error)) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      var line = "call to 'counter' failed: " + code + ", it is so (may have been executed)\n";
      assertThat(run).isEqualTo(new Genserver(exitCode, "", line));
    }
  }

  @ParameterizedTest
  @CsvSource({"NO, not executed", "MAYBE, may have been executed", "YES, executed"})
  void failureTellsWhetherTheProcessSawTheRequest(Executed executed, String words)
      throws Exception {
    var error = new WireError(ErrorCode.EXIT, "it crashed", executed, Map.of());
    try (var daemon = thatFailsWith(error)) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      assertThat(run.err()).endsWith("exit, it crashed (" + words + ")\n");
    }
  }

  @Test
  void nearNameIsSuggested() throws Exception {
    var error =
        WireError.refused(
            ErrorCode.NOPROC, "no process has that name", Map.of("did_you_mean", "counter"));
    try (var daemon = thatFailsWith(error)) {
      var run = Genserver.run(daemon, "cast", "countr", "reset");

      assertThat(run.err())
          .isEqualTo(
              "cast to 'countr' failed: noproc, no process has that name; did you mean 'counter'?"
                  + " (not executed)\n");
    }
  }

  @Test
  void suggestionIsNotMadeTwice() throws Exception {
    var error =
        WireError.refused(
            ErrorCode.NOPROC,
            "no 'countr'; did you mean 'counter'?",
            Map.of("did_you_mean", List.of("counter")));
    try (var daemon = thatFailsWith(error)) {
      var run = Genserver.run(daemon, "call", "countr", "get");

      assertThat(run.err()).containsOnlyOnce("did you mean");
    }
  }

  @Test
  void failureIsOneLineWhateverTheDaemonWrites() throws Exception {
    var error = WireError.refused(ErrorCode.INTERNAL, "first\nsecond\r\n\u001b[31mthird");
    try (var daemon = thatFailsWith(error)) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      assertThat(run.err())
          .isEqualTo("call to 'counter' failed: internal, first second [31mthird (not executed)\n");
    }
  }

  @Test
  void codeOfANewerDaemonIsShownAsItCame() throws Exception {
    var answer = "{\"op\":\"error\",\"id\":1,\"error\":{\"code\":\"novel\",\"message\":\"new\"}}";
    try (var daemon = ScriptedDaemon.that((request, peer) -> peer.sayBytes(frame(answer)))) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      var line = "call to 'counter' failed: novel: new (may have been executed)\n";
      assertThat(run).isEqualTo(new Genserver(70, "", line));
    }
  }

  @Test
  void nobodyListeningIsUnavailable() throws Exception {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    var run = Genserver.run("", Map.of(), "call", "counter", "get", "--url", "127.0.0.1:" + port);

    assertThat(run)
        .isEqualTo(
            new Genserver(
                69,
                "",
                "call to 'counter' failed: no daemon reached at 127.0.0.1:"
                    + port
                    + ": connection refused; is genserverd running there? --url or GENSERVER_URL"
                    + " says where it is (not executed)\n"));
  }

  @Test
  void unknownHostIsUnavailable() {
    var run = Genserver.run("", Map.of(), "ping", "--url", "no-such-host.invalid:6470");

    assertThat(run.exitCode()).isEqualTo(69);
    assertThat(run.err()).contains("no-such-host.invalid:6470: no host has that name");
  }

  @Test
  void connectionThatEndsBeforeTheAnswerLeavesOpenWhetherItWasExecuted() throws Exception {
    try (var daemon = ScriptedDaemon.that((request, peer) -> peer.hangUp())) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      var line =
          "call to 'counter' failed: the daemon at "
              + daemon.url()
              + " closed the connection before it answered (may have been executed)\n";
      assertThat(run).isEqualTo(new Genserver(69, "", line));
    }
  }

  @Test
  void goodbyeTellsWhyTheConnectionEnded() throws Exception {
    var goodbye = new ServerMessage.Goodbye(ErrorCode.SLOW_CONSUMER, "read faster", null);
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          peer.say(goodbye);
          peer.hangUp();
        })) {
      var run = Genserver.run(daemon, "call", "counter", "get");

      assertThat(run.exitCode()).isEqualTo(75);
      assertThat(run.err()).contains("slow_consumer, read faster (may have been executed)");
    }
  }

  @Test
  void answerThatComesAfterAGoodbyeCounts() throws Exception {
    var goodbye = new ServerMessage.Goodbye(ErrorCode.UNAVAILABLE, "draining", 5_000L);
    try (var daemon =
        ScriptedDaemon.that((request, peer) ->
            peer.say(goodbye, new ServerMessage.Reply(idOf(request), RawJson.of("3"))))) {
      assertThat(Genserver.run(daemon, "call", "counter", "get"))
          .isEqualTo(new Genserver(0, "3\n", ""));
    }
  }

  @Test
  void peerThatIsNoDaemonIsNamedAsSuch() throws Exception {
    var http = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (var daemon = ScriptedDaemon.that((request, peer) -> peer.sayBytes(http))) {
      var run = Genserver.run(daemon, "ping");

      assertThat(run.exitCode()).isEqualTo(76);
      assertThat(run.err()).contains("what answers at " + daemon.url() + " is no genserverd: ");
    }
  }

  @Test
  void resultThatCannotBeWrittenIsAFailure() throws Exception {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    var err = new ByteArrayOutputStream();
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      int exitCode =
          Main.run(
              new String[] {"call", "counter", "get"},
              new Shell(
                  InputStream.nullInputStream(),
                  new PrintStream(full, false, StandardCharsets.UTF_8),
                  new PrintStream(err, true, StandardCharsets.UTF_8),
                  Map.of("GENSERVER_URL", daemon.url())));

      assertThat(exitCode).isEqualTo(74);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written");
    }
  }

  @Test
  void stackTraceIsShownOnlyWhenAskedFor() throws Exception {
    var error = WireError.refused(ErrorCode.NOPROC, "no process has that name");
    try (var daemon = thatFailsWith(error)) {
      var plain = Genserver.run(daemon, "call", "countr", "get");
      var verbose = Genserver.run(daemon, "call", "countr", "get", "--verbose");

      assertThat(plain.err()).hasLineCount(1);
      assertThat(verbose.exitCode()).isEqualTo(68);
      assertThat(verbose.err()).startsWith(plain.err()).contains("\tat dev.genserver.cli.");
    }
  }

  private static ScriptedDaemon thatFailsWith(WireError error) throws IOException {
    return ScriptedDaemon.that(
        (request, peer) -> peer.say(new ServerMessage.Failure(request.id(), error)));
  }

  private static byte[] frame(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[4 + body.length];
    frame[3] = (byte) body.length;
    System.arraycopy(body, 0, frame, 4, body.length);
    return frame;
  }
}
