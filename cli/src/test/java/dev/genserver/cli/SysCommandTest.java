package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands ask `sys.processes`, and how people read what it says.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class SysCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ps                           | {"type":"list","limit":500}
          tree                         | {"type":"tree"}
          describe kv                  | {"type":"describe","process":"kv"}
          info kv                      | {"type":"info","process":"kv"}
          why <1.42>                   | {"type":"why","process":"<1.42>"}
          state kv                     | {"type":"get_state","process":"kv"}
          replace-state c {"total":7}  | {"type":"replace_state","process":"c","state":{"total":7}}
          replace-state c -3           | {"type":"replace_state","process":"c","state":-3}
          stats kv                     | {"type":"statistics","process":"kv"}
          stats kv --on                | {"type":"statistics","process":"kv","enabled":true}
          stats kv --off               | {"type":"statistics","process":"kv","enabled":false}
          suspend kv                   | {"type":"suspend","process":"kv"}
          resume kv                    | {"type":"resume","process":"kv"}
          stop kv                      | {"type":"stop","process":"kv"}
          restart kv                   | {"type":"restart","process":"kv"}
          start counter --name c       | {"type":"start","behaviour":"counter","name":"c","args":{}}
          start counter --name c --args {"start":7} | {"type":"start","behaviour":"counter","name":"c","args":{"start":7}}
          """)
  void commandAsksTheProcessThatAdministers(String line, String expected) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("null")) {
      var run = Genserver.run(daemon, line.split(" "));

      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      var call = (ClientMessage.Call) daemon.request();
      assertThat(call.to()).isEqualTo("sys.processes");
      assertThat(call.msg()).isEqualTo(RawJson.of(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tree",
        "describe kv",
        "info kv",
        "why kv",
        "stats kv",
        "restart kv",
        "node",
        "node config"
      })
  void jsonIsPrintedAsItCame(String line) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("[{\"novelty\": [1.50]}]")) {
      var run = Genserver.run(daemon, (line + " --json").split(" "));

      assertThat(run).isEqualTo(new Genserver(0, "[{\"novelty\": [1.50]}]\n", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stats kv --on", "suspend kv", "resume kv", "stop kv"})
  void whatIsOnlyDoneSaysNothing(String line) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("\"ok\"")) {
      assertThat(Genserver.run(daemon, line.split(" "))).isEqualTo(new Genserver(0, "", ""));
    }
  }

  @Test
  void unknownProcessExitsWith68AndTheNameThatIsMeant() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) ->
            peer.say(
                new ServerMessage.Failure(
                    request.id(),
                    WireError.refused(
                        ErrorCode.NOPROC,
                        "no process has the name or pid 'conter'",
                        Map.of("did_you_mean", "counter")))))) {
      var run = Genserver.run(daemon, "state", "conter");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  68,
                  "",
                  "state of 'conter' failed: noproc, no process has the name or pid 'conter';"
                      + " did you mean 'counter'? (not executed)\n"));
    }
  }

  private static final String PROCESSES =
      """
      [{"pid":"<7.1>","kind":"supervisor","server":"a.Supervisor","status":"idle","queued":0,
        "restarts":0,"received":2,"busy_ms":0},
       {"name":"counter","pid":"<7.12>","kind":"server","server":"a.b.Counter",
        "status":"not_running","queued":1200,"restarts":3,"received":5,"busy_ms":61000}]
      """;

  @Test
  void processesAreATable() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies(PROCESSES.strip())) {
      assertThat(Genserver.run(daemon, "ps").out())
          .isEqualTo(
              """
              NAME     PID     KIND        STATUS       QUEUED  RECEIVED       BUSY  RESTARTS  SERVER
              -        <7.1>   supervisor  idle              0         2       0 ms         0  Supervisor
              counter  <7.12>  server      not running    1200         5  1 min 1 s         3  Counter
              """);
    }
  }

  @Test
  void manyProcessesAreTakenPageByPage() throws Exception {
    var page = ",{\"name\":\"x\",\"pid\":\"<7.500>\"}".repeat(Listing.PAGE).substring(1);
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          var last = ((ClientMessage.Call) request).msg().toString().contains("<7.500>");
          var reply = last ? PROCESSES.strip() : "[" + page + "]";
          peer.say(new ServerMessage.Reply(ScriptedDaemon.idOf(request), RawJson.of(reply)));
        })) {
      var run = Genserver.run(daemon, "ps", "--json");

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).startsWith("[{\"name\":\"x\",").endsWith("\"busy_ms\":61000}]\n");
      assertThat(run.out().split("\"pid\"")).hasSize(1 + Listing.PAGE + 2);
    }
  }

  @Test
  void treeIsDrawnWithWhatDoesNotRun() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"id":"genserverd","pid":"<7.1>","kind":"supervisor","status":"idle","children":[
              {"id":"a","pid":"<7.2>","kind":"supervisor","status":"idle","restart":"temporary",
               "children":[
                {"id":"x","name":"one","pid":"<7.3>","kind":"server","status":"running",
                 "restart":"permanent","restarts":1,"queued":4},
                {"id":"two","kind":"worker","status":"not_running","restart":"transient",
                 "restarts":0}]},
              {"pid":"<7.5>","kind":"process","server":"a.B$Helper","status":"waiting",
               "children":[{"pid":"<7.6>","kind":"port","status":"idle"}],"more":41}]}
            """)) {
      assertThat(Genserver.run(daemon, "tree").out())
          .isEqualTo(
              """
              genserverd <7.1>  supervisor, idle
              ├─ a <7.2>  supervisor, idle, temporary
              │  ├─ one <7.3>  running, permanent, 1 restart, 4 queued
              │  └─ two  worker, not running, transient
              └─ B$Helper <7.5>  process, waiting
                 ├─ - <7.6>  port, idle
                 └─ … 41 more
              """);
    }
  }

  @Test
  void descriptionIsATableWithAnExampleForEachMessage() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"name":"shop","pid":"<7.3>","server":"a.Shop","behaviour":"shop","plugin":"shops",
             "version":"1.2.0",
             "calls":{"sell":{"item":"string","count":"integer","tags":"string[]"},"list":{}},
             "casts":"any"}
            """)) {
      assertThat(Genserver.run(daemon, "describe", "shop").out())
          .isEqualTo(
              """
              shop <7.3> is a Shop, the behaviour shop of plugin shops 1.2.0
              OP    TYPE  FIELDS                                        EXAMPLE
              call  sell  item: string, count: integer, tags: string[]  genserver call shop sell item=text count=1 tags='[]'
              call  list                                                genserver call shop list
              cast  -     any                                           genserver cast shop text
              """);
      assertThat(Genserver.run(daemon, "describe", "shop", "--quiet").out())
          .startsWith("call  sell");
    }
  }

  @Test
  void whyIsAReport() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"name":"shop","pid":"<7.3>","kind":"server","server":"a.Shop","status":"waiting",
             "queued":12,
             "now":{"kind":"call","message":"Sell[item=7]","from":"<7.9>","for_ms":3250,
                    "stack":["a.Shop.sell(Shop.java:40)"]},
             "waits_for":[{"name":"stock","pid":"<7.4>","what":"call Take[item=7]","for_ms":3200},
                          {"pid":"<7.5>","what":"call Get[]","for_ms":3100}],
             "waiting":[{"kind":"cast","message":"Note\\u001b[2J"}],
             "last_crash":{"ago_ms":7500000,"reason":"java.lang.IllegalStateException: empty",
                           "message":"call Sell[item=1]","state":"State[]"}}
            """)) {
      assertThat(Genserver.run(daemon, "why", "shop").out())
          .isEqualTo(
              """
              shop <7.3> (Shop) is waiting
              at work on call Sell[item=7] from <7.9>, for 3.2 s
                  at a.Shop.sell(Shop.java:40)
              waits for stock <7.4>: call Take[item=7], for 3.2 s
                which waits for <7.5>: call Get[], for 3.1 s
              12 messages wait in its mailbox
                  cast Note [2J
                  … 11 more
              last crash 2 h 5 min ago: java.lang.IllegalStateException: empty
                  at work on call Sell[item=1]
                  with the state State[]
              """);
    }
  }

  @Test
  void whyOfAProcessThatHasGoneTellsHowItCrashed() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"name":"shop","pid":"<7.3>","status":"not_running",
             "last_crash":{"ago_ms":2000,"reason":"java.lang.IllegalStateException: empty"}}
            """)) {
      assertThat(Genserver.run(daemon, "why", "shop").out())
          .isEqualTo(
              """
              shop <7.3> is not running
              last crash 2.0 s ago: java.lang.IllegalStateException: empty
              """);
    }
  }

  @Test
  void factsOfAProcessAreLines() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            "{\"pid\":\"<7.3>\",\"status\":\"not_running\",\"busy_ms\":1500,\"links\":[\"<7.1>\",\"<7.2>\"],"
                + "\"monitors\":[]}")) {
      assertThat(Genserver.run(daemon, "info", "kv").out())
          .isEqualTo(
              """
              pid       <7.3>
              status    not running
              busy      1.5 s
              links     <7.1>, <7.2>
              monitors  none
              """);
    }
  }

  @Test
  void statisticsThatAreOffSayHowToSwitchThemOn() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("null")) {
      assertThat(Genserver.run(daemon, "stats", "kv").out())
          .isEqualTo("statistics are off; --on switches them on\n");
    }
  }

  @Test
  void traceAsksAgainForWhatComesAfterAndEndsAtItsCount() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          var call = (ClientMessage.Call) request;
          var first = !call.msg().toString().contains("after");
          var reply =
              first
                  ? "{\"events\":[],\"next\":0}"
                  : "{\"events\":[{\"seq\":1,\"at_ms\":20,\"kind\":\"call\",\"text\":\"call"
                      + " Get[]\"},{\"seq\":2,\"at_ms\":1200,\"kind\":\"reply\",\"text\":\"replied"
                      + " 3\"},"
                      + "{\"seq\":3,\"at_ms\":1300,\"kind\":\"x\",\"text\":\"more\"}],\"next\":3,\"lost\":2}";
          peer.say(new ServerMessage.Reply(ScriptedDaemon.idOf(request), RawJson.of(reply)));
        })) {
      var run = Genserver.run(daemon, "trace", "counter", "--count", "2");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  """
                  … 2 events came too fast to be shown
                  +20 ms  call Get[]
                  +1.2 s  replied 3
                  """,
                  ""));
      assertThat(((ClientMessage.Call) daemon.request()).msg())
          .isEqualTo(RawJson.of("{\"type\":\"trace\",\"process\":\"counter\",\"wait_ms\":10000}"));
      assertThat(((ClientMessage.Call) daemon.request()).msg())
          .isEqualTo(
              RawJson.of(
                  "{\"type\":\"trace\",\"process\":\"counter\",\"wait_ms\":10000,\"after\":0}"));
    }
  }

  @Test
  void traceEndsWhenItsTimeIsUp() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) ->
            peer.say(
                new ServerMessage.Reply(
                    ScriptedDaemon.idOf(request), RawJson.of("{\"events\":[],\"next\":0}"))))) {
      assertThat(Genserver.run(daemon, "trace", "counter", "--for", "100ms"))
          .isEqualTo(new Genserver(0, "", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          info                          | 'NAME'
          ps counter                    | 'counter'
          stats kv --on --off           | mutually exclusive
          replace-state c {"total":     | malformed JSON
          replace-state c               | 'JSON'
          start counter                 | '--name
          start counter --name c --args {x} | malformed JSON
          trace kv --for 3              | '3' is not a time limit
          trace kv --count x            | --count
          """)
  void commandLineThatIsNoneIsRefused(String line, String problem) {
    var run = Genserver.run("", Map.of("GENSERVER_URL", "127.0.0.1:1"), line.split(" "));

    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(problem);
  }

  @Test
  void colourIsForTerminals() {
    var plain = new ByteArrayOutputStream();
    var shell =
        new Shell(
            InputStream.nullInputStream(),
            new PrintStream(plain, true, StandardCharsets.UTF_8),
            System.err,
            Map.of());
    var options = new Command.Options(null, Credentials.NONE, false, false, false);

    assertThat(new Screen(shell, true, true).status("running")).isEqualTo("\033[32mrunning\033[0m");
    assertThat(Screen.of(shell, options).status("running")).isEqualTo("running");
  }

  @Test
  void schemaIsPrintedAsTheDaemonHasIt() throws Exception {
    var schema =
        "{\"calls\":{\"oneOf\":[{\"enum\":[\"get\"]}],\"minimum\":-9223372036854775808,"
            + "\"maximum\":1.7976931348623157E+308},\"casts\":{\"not\":{}}}";
    try (var daemon = ScriptedDaemon.thatReplies("{\"name\":\"x\",\"schema\":" + schema + "}")) {
      var run = Genserver.run(daemon, "describe", "x", "--schema");

      assertThat(run.out()).isEqualTo(schema + "\n");
      assertThat(((ClientMessage.Call) daemon.request()).msg())
          .isEqualTo(RawJson.of("{\"type\":\"describe\",\"process\":\"x\",\"schema\":true}"));
    }
  }
}
