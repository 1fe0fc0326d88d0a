package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
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
}
