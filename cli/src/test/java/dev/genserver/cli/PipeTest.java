package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PipeTest {

  private static final WireError OVERLOADED = WireError.refused(ErrorCode.OVERLOADED, "full");

  /// A daemon that welcomes, replies each call its message, and is handed what else comes.
  private static ScriptedDaemon thatEchoes(ScriptedDaemon.Script casts) throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      switch (request) {
        case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
        case ClientMessage.Call call -> peer.say(new ServerMessage.Reply(call.id(), call.msg()));
        case ClientMessage.Ping ping -> peer.say(new ServerMessage.Pong(ping.id()));
        default -> casts.on(request, peer);
      }
    });
  }

  private static ScriptedDaemon thatEchoes() throws IOException {
    return thatEchoes((request, peer) -> peer.say(new ServerMessage.Ok(idOf(request), null)));
  }

  private static Genserver pipe(ScriptedDaemon daemon, String lines, String... args) {
    var words = new String[args.length + 1];
    words[0] = "pipe";
    System.arraycopy(args, 0, words, 1, args.length);
    return Genserver.run(lines, Map.of("GENSERVER_URL", daemon.url()), words);
  }

  @Test
  void answerHasTheIdOfItsLineElseTheLinesNumber() throws Exception {
    try (var daemon = thatEchoes()) {
      var run =
          pipe(
              daemon,
              """
              {"op":"call","id":"a","to":"echo","msg":[1.50]}

              {"to":"echo","msg":"get","timeout_ms":250}\r
              { "id":7, "msg":{"type":"x","op":1}, "to":"echo"}\
              """,
              "--ordered");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  """
                  {"op":"reply","id":"a","result":[1.50]}
                  {"op":"reply","id":3,"result":"get"}
                  {"op":"reply","id":7,"result":{"type":"x","op":1}}
                  """,
                  ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Hello.class);
      assertThat(((ClientMessage.Call) daemon.request()).timeoutMs()).isEqualTo(5_000);
      assertThat(((ClientMessage.Call) daemon.request()).timeoutMs()).isEqualTo(250);
    }
  }

  @Test
  void linesForOneProcessAreMessagesAsCallTakesThem() throws Exception {
    try (var daemon = thatEchoes()) {
      var run = pipe(daemon, "get\nadd by=3 why=fix\n{\"type\":\"x\"}\n-1\n", "echo", "--ordered");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  """
                  {"op":"reply","id":1,"result":"get"}
                  {"op":"reply","id":2,"result":{"type":"add","by":3,"why":"fix"}}
                  {"op":"reply","id":3,"result":{"type":"x"}}
                  {"op":"reply","id":4,"result":-1}
                  """,
                  ""));
    }
  }

  @Test
  void castIsConfirmedAndSaysSoOnlyWhereItsLineHasAnId() throws Exception {
    try (var daemon = thatEchoes()) {
      var run =
          pipe(
              daemon,
              """
              {"to":"counter","msg":"reset"}
              {"op":"cast","id":"b","to":"counter","msg":"reset"}
              {"op":"call","id":"c","to":"echo","msg":3}
              """,
              "--cast",
              "--ordered");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  "{\"op\":\"ok\",\"id\":\"b\"}\n{\"op\":\"reply\",\"id\":\"c\",\"result\":3}\n",
                  ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Hello.class);
      assertThat(daemon.request()).matches(request -> request.id() != null);
    }
  }

  @Test
  void castThatFailsIsToldOfWithTheNumberOfItsLine() throws Exception {
    var noproc = WireError.refused(ErrorCode.NOPROC, "nobody there");
    try (var daemon =
        thatEchoes((request, peer) -> peer.say(new ServerMessage.Failure(request.id(), noproc)))) {
      assertThat(pipe(daemon, "\nreset\n", "counter", "--cast"))
          .isEqualTo(
              new Genserver(
                  68,
                  "{\"op\":\"error\",\"id\":2,\"error\":{\"code\":\"noproc\",\"message\":\"nobody"
                      + " there\",\"executed\":\"no\"}}\n",
                  "pipe failed: 1 of 2 lines, the first in line 2: noproc, nobody there\n"));
    }
  }

  @Test
  void castsThatAreNotConfirmedHaveNoIdAndAreWaitedForWithAPing() throws Exception {
    try (var daemon = thatEchoes((request, peer) -> {})) {
      assertThat(pipe(daemon, "reset\nreset\n", "counter", "--cast", "--no-confirm"))
          .isEqualTo(new Genserver(0, "", ""));
      daemon.request();
      assertThat(daemon.request().id()).isNull();
      assertThat(daemon.request().id()).isNull();
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Ping.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nonsense                          | 2   | malformed JSON at byte 0
          {"id":"x","to":"","msg":1}        | "x" | field 'to' must be a name
          {"to":"a"}                        | 2   | field 'msg' is missing
          {}                                | 2   | field 'to' is missing
          []                                | 2   | an object was expected
          {"id":9,"op":"monitor","to":"a"}  | 9   | a pipe takes calls and casts
          {"op":"frob","to":"a"}            | 2   | there is no op 'frob'
          """)
  void lineThatIsNoneIsAnsweredInItsPlaceAndTheOthersGoOn(String line, String id, String problem)
      throws Exception {
    var good = "{\"to\":\"echo\",\"msg\":1}\n";
    try (var daemon = thatEchoes()) {
      var run = pipe(daemon, good + line + "\n" + good, "--ordered");

      assertThat(run.exitCode()).isEqualTo(65);
      var answers = run.out().split("\n");
      assertThat(answers).hasSize(3);
      assertThat(answers[0]).isEqualTo("{\"op\":\"reply\",\"id\":1,\"result\":1}");
      assertThat(answers[1])
          .startsWith("{\"op\":\"error\",\"id\":" + id + ",\"error\":{\"code\":\"bad_request\"")
          .contains("line 2: ", problem, "\"line\":2");
      assertThat(answers[2]).isEqualTo("{\"op\":\"reply\",\"id\":3,\"result\":1}");
      assertThat(run.err()).startsWith("pipe failed: 1 of 3 lines, the first in line 2: ");
    }
  }

  @Test
  void lineThatIsTooLongIsAnsweredAndNotSent() throws Exception {
    var most = "x".repeat(1 << 20);
    var almost = "x".repeat((1 << 20) - 10);
    try (var daemon = thatEchoes()) {
      var run = pipe(daemon, "\"" + most + "\"\n\"" + almost + "\"\nget\n", "echo", "--ordered");

      assertThat(run.exitCode()).isEqualTo(65);
      var answers = run.out().split("\n");
      assertThat(answers).hasSize(3);
      assertThat(answers[0]).contains("\"id\":1", "bad_request", "longer than the daemon takes");
      assertThat(answers[1]).contains("\"id\":2", "frame_too_large", "1,048,576");
      assertThat(answers[2]).isEqualTo("{\"op\":\"reply\",\"id\":3,\"result\":\"get\"}");
    }
  }

  @Test
  void answersComeAsTheyAreReadyUnlessTheyAreToBeOrdered() throws Exception {
    assertThat(pipeBackwards()).isEqualTo("321");
    assertThat(pipeBackwards("--ordered")).isEqualTo("123");
  }

  /// The ids of answers that the daemon gives in the reverse order of three calls.
  private static String pipeBackwards(String... args) throws IOException {
    var waiting = new ArrayDeque<ClientMessage.Call>();
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          switch (request) {
            case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
            case ClientMessage.Call call -> {
              waiting.push(call);
              if (waiting.size() == 3) {
                for (var each : waiting) {
                  peer.say(new ServerMessage.Reply(each.id(), RawJson.of("0")));
                }
              }
            }
            case ClientMessage.Ping ping -> peer.say(new ServerMessage.Pong(ping.id()));
            default -> {}
          }
        })) {
      var line = "{\"to\":\"echo\",\"msg\":0}\n";
      var run = pipe(daemon, line.repeat(3), args);
      assertThat(run.exitCode()).isZero();
      return run.out().replaceAll("\\{\"op\":\"reply\",\"id\":(\\d),\"result\":0}\n", "$1");
    }
  }

  @Test
  void whatIsOverloadedIsSentAgainUntilItIsTaken() throws Exception {
    var times = new AtomicInteger();
    try (var daemon =
        thatEchoes((request, peer) ->
            peer.say(
                times.incrementAndGet() <= 3
                    ? new ServerMessage.Failure(request.id(), OVERLOADED)
                    : new ServerMessage.Ok(idOf(request), null)))) {
      assertThat(pipe(daemon, "reset\n", "counter", "--cast")).isEqualTo(new Genserver(0, "", ""));
      assertThat(times).hasValue(4);
    }
  }

  @Test
  void whatIsOverloadedForTooLongHasFailed() throws Exception {
    try (var daemon =
        thatEchoes(
            (request, peer) -> peer.say(new ServerMessage.Failure(request.id(), OVERLOADED)))) {
      var run = pipe(daemon, "reset\n", "counter", "--cast", "--timeout", "100ms");

      assertThat(run.exitCode()).isEqualTo(75);
      assertThat(run.out()).contains("\"code\":\"overloaded\"");
    }
  }

  @Test
  void whatMayHaveBeenExecutedIsNotSentAgain() throws Exception {
    var maybe = new WireError(ErrorCode.OVERLOADED, "full", Executed.MAYBE, Map.of());
    var times = new AtomicInteger();
    try (var daemon =
        thatEchoes((request, peer) -> {
          times.incrementAndGet();
          peer.say(new ServerMessage.Failure(request.id(), maybe));
        })) {
      assertThat(pipe(daemon, "reset\n", "counter", "--cast").exitCode()).isEqualTo(75);
      assertThat(times).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void noMoreThanTheWindowIsUnderWay(int width) throws Exception {
    var open = Collections.synchronizedList(new ArrayList<ClientMessage.Call>());
    var most = new AtomicInteger();
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          switch (request) {
            case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
            case ClientMessage.Call call -> {
              open.add(call);
              most.accumulateAndGet(open.size(), Math::max);
              if (open.size() == width) {
                for (var each : List.copyOf(open)) {
                  open.remove(each);
                  peer.say(new ServerMessage.Reply(each.id(), RawJson.of("0")));
                }
              }
            }
            case ClientMessage.Ping ping -> peer.say(new ServerMessage.Pong(ping.id()));
            default -> {}
          }
        })) {
      var lines = "get\n".repeat(24);
      var run = pipe(daemon, lines, "echo", "--in-flight", Integer.toString(width));

      assertThat(run.out()).hasLineCount(24);
      assertThat(most).hasValue(width);
    }
  }

  @Test
  void moreInFlightThanTheDaemonAllowsIsRefused() throws Exception {
    try (var daemon = thatEchoes()) { // which allows 16
      var run = pipe(daemon, "get\n", "echo", "--in-flight", "17");

      assertThat(run.exitCode()).isEqualTo(64);
      assertThat(run.err())
          .startsWith("--in-flight 17 must be from 1 to 16, which is what the daemon allows");
      assertThat(pipe(daemon, "get\n", "echo", "--in-flight", "0").exitCode()).isEqualTo(64);
    }
  }

  @Test
  void lostConnectionFailsWhatIsUnderWayAndTellsHowFarItCame() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          switch (request) {
            case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
            case ClientMessage.Call call when call.msg().toString().equals("1") ->
                peer.say(new ServerMessage.Reply(call.id(), RawJson.of("0")));
            default -> peer.hangUp();
          }
        })) {
      var run = pipe(daemon, "1\n2\n", "echo", "--in-flight", "1");

      assertThat(run.exitCode()).isEqualTo(69);
      assertThat(run.out())
          .startsWith("{\"op\":\"reply\",\"id\":1,\"result\":0}\n{\"op\":\"error\",\"id\":2,")
          .contains("\"code\":\"unavailable\"", "\"executed\":\"maybe\"");
      assertThat(run.err())
          .startsWith("pipe failed: the daemon at " + daemon.url() + " closed the connection")
          .endsWith("2 lines were read, 1 of them failed\n");
    }
  }

  @Test
  void inputThatGoesOnDoesNotKeepALostPipeAlive() throws Exception {
    try (var daemon =
            ScriptedDaemon.that((request, peer) -> {
              if (request instanceof ClientMessage.Hello hello) {
                peer.say(ScriptedDaemon.welcome(hello.id()));
              } else {
                peer.hangUp();
              }
            });
        var typed = new PipedOutputStream();
        var in = new PipedInputStream(typed)) {
      typed.write("get\n".getBytes(StandardCharsets.UTF_8));
      var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      var shell = new Shell(in, nowhere, nowhere, Map.of("GENSERVER_URL", daemon.url()));

      assertThat(Main.run(new String[] {"pipe", "echo"}, shell)).isEqualTo(69);
    }
  }

  @Test
  void lineIsAnsweredBeforeTheNextIsTyped() throws Exception {
    var answered = new Semaphore(0);
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {
            if (b == '\n') {
              answered.release();
            }
          }
        };
    var typed = new PipedOutputStream();
    try (var daemon = thatEchoes();
        var in = new PipedInputStream(typed)) {
      var shell =
          new Shell(
              in,
              new PrintStream(out, false, StandardCharsets.UTF_8),
              System.err,
              Map.of("GENSERVER_URL", daemon.url()));
      var run = CompletableFuture.supplyAsync(() -> Main.run(new String[] {"pipe", "echo"}, shell));
      for (var i = 0; i < 3; i++) {
        typed.write("get\n".getBytes(StandardCharsets.UTF_8));
        typed.flush();
        assertThat(answered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      }
      typed.close();
      assertThat(run.get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void readerThatHasGoneEndsThePipeWithoutAWord() throws Exception {
    var gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var err = new ByteArrayOutputStream();
    try (var daemon = thatEchoes()) {
      var shell =
          new Shell(
              new ByteArrayInputStream("get\n".repeat(1_000).getBytes(StandardCharsets.UTF_8)),
              new PrintStream(gone, false, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              Map.of("GENSERVER_URL", daemon.url()));

      assertThat(Main.run(new String[] {"pipe", "echo"}, shell)).isEqualTo(74);
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
  }

  @Test
  void everyLineIsAnsweredOnceWhateverItsFate() throws Exception {
    Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          switch (request) {
            case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
            case ClientMessage.Call call
                when Integer.parseInt(call.msg().toString()) % 7 == 0
                    && refusedOnce.add(call.msg().toString()) ->
                peer.say(new ServerMessage.Failure(call.id(), OVERLOADED));
            case ClientMessage.Call call ->
                peer.say(new ServerMessage.Reply(call.id(), call.msg()));
            case ClientMessage.Ping ping -> peer.say(new ServerMessage.Pong(ping.id()));
            default -> {}
          }
        })) {
      var lines =
          IntStream.rangeClosed(1, 2_000)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining("\n"));
      var run = pipe(daemon, lines, "echo", "--ordered");

      assertThat(run.exitCode()).isZero();
      var expected =
          IntStream.rangeClosed(1, 2_000)
              .mapToObj(i -> "{\"op\":\"reply\",\"id\":%d,\"result\":%d}\n".formatted(i, i))
              .collect(Collectors.joining());
      assertThat(run.out()).isEqualTo(expected);
    }
  }
}
