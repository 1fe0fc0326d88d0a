package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the commands ask `sys.connections` and `sys.node`, and how people read what these say.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AdminCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          connections          | sys.connections | {"type":"list","limit":500}
          connections close 7  | sys.connections | {"type":"close","id":7}
          node                 | sys.node        | {"type":"info"}
          node info            | sys.node        | {"type":"info"}
          node config          | sys.node        | {"type":"config"}
          node reload          | sys.node        | {"type":"reload"}
          node drain           | sys.node        | {"type":"drain"}
          log-level            | sys.node        | {"type":"log_level"}
          log-level warn       | sys.node        | {"type":"log_level","level":"warn"}
          log-level io.x trace | sys.node        | {"type":"log_level","logger":"io.x","level":"trace"}
          events               | sys.node        | {"type":"events","after":0}
          """)
  void commandAsksTheProcessThatAdministers(String line, String to, String expected)
      throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("{}")) {
      var run = Genserver.run(daemon, line.split(" "));

      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      var call = (ClientMessage.Call) daemon.request();
      assertThat(call.to()).isEqualTo(to);
      assertThat(call.msg()).isEqualTo(RawJson.of(expected));
    }
  }

  @Test
  void connectionsAreATable() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            [{"id":7,"peer":"10.0.0.7:51312","principal":"shop","tls":true,"age_ms":61000,"open_calls":3},
             {"id":12,"peer":"127.0.0.1:40000","tls":false,"age_ms":40,"open_calls":0}]
            """)) {
      assertThat(Genserver.run(daemon, "connections").out())
          .isEqualTo(
              """
              ID  PEER             PRINCIPAL  TLS        AGE  CALLS
               7  10.0.0.7:51312   shop       yes  1 min 1 s      3
              12  127.0.0.1:40000  -          no       40 ms      0
              """);
      assertThat(Genserver.run(daemon, "connections", "--quiet").out()).startsWith(" 7  10.0.0.7");
    }
  }

  @Test
  void nodeTellsWhatItHasAndThenWhatItHasCounted() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            """
            {"version":"0.1.0","uptime_ms":61000,"plugins":[{"id":"kv","version":"1.0"}],
             "counters":{"frames_in":12,"bytes":3}}
            """)) {
      assertThat(Genserver.run(daemon, "node").out())
          .isEqualTo(
              """
              version  0.1.0
              uptime   1 min 1 s
              plugins  kv 1.0

              frames in  12
              bytes      3
              """);
    }
  }

  @Test
  void settingsAreATable() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies(
            "[{\"key\":\"listen\",\"value\":\"127.0.0.1:6470\",\"origin\":\"default\"}]")) {
      assertThat(Genserver.run(daemon, "node", "config").out())
          .isEqualTo(
              """
              KEY     VALUE           ORIGIN
              listen  127.0.0.1:6470  default
              """);
    }
  }

  @Test
  void levelsAreATable() throws Exception {
    try (var daemon =
        ScriptedDaemon.thatReplies("{\"level\":\"info\",\"levels\":{\"io.netty\":\"warn\"}}")) {
      assertThat(Genserver.run(daemon, "log-level").out())
          .isEqualTo(
              """
              LOGGER    LEVEL
              *         info
              io.netty  warn
              """);
    }
  }

  private static final String FIRST =
      """
      {"events":[{"seq":1,"at_ms":1000,"level":"info","logger":"a.Daemon","text":"one"},
                 {"seq":2,"at_ms":2500,"level":"error","logger":"a.Crash","text":"two\\u001b[m"}],"next":2}
      """;

  private static final String SECOND =
      """
      {"events":[{"seq":7,"at_ms":3000,"level":"warn","logger":"a.Daemon","text":"seven"}],"next":7,"lost":4}
      """;

  /// Replies with what comes after the event that is asked for.
  private static ScriptedDaemon withEvents() throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      if (request instanceof ClientMessage.Call call) {
        var asked = call.msg().toString();
        var reply =
            asked.contains(":0}") ? FIRST : asked.contains(":2}") ? SECOND : "{\"events\":[]}";
        peer.say(new ServerMessage.Reply(ScriptedDaemon.idOf(call), RawJson.of(reply)));
      }
    });
  }

  @Test
  void eventsAreLinesAndAreAskedForUntilThereAreNoMore() throws Exception {
    try (var daemon = withEvents()) {
      assertThat(Genserver.run(daemon, "events").out())
          .isEqualTo(
              """
              … 4 events came too fast to be shown
              1970-01-01T00:00:01.000Z  INFO   Daemon  one
              1970-01-01T00:00:02.500Z  ERROR  Crash  two [m
              1970-01-01T00:00:03.000Z  WARN   Daemon  seven
              """);
      assertThat(Genserver.run(daemon, "events", "--last", "1", "--quiet").out())
          .isEqualTo("1970-01-01T00:00:03.000Z  WARN   Daemon  seven\n");
      assertThat(Genserver.run(daemon, "events", "--last", "1", "--json").out())
          .isEqualTo(
              "{\"seq\":7,\"at_ms\":3000,\"level\":\"warn\",\"logger\":\"a.Daemon\",\"text\":\"seven\"}\n");
    }
  }
}
