package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CastTest {

  @Test
  void castIsSilentOnceItIsInTheMailbox() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      var run = Genserver.run(daemon, "cast", "counter", "add", "by=3");

      assertThat(run).isEqualTo(new Genserver(0, "", ""));
      var cast = (ClientMessage.Cast) daemon.request();
      assertThat(cast.to()).isEqualTo("counter");
      assertThat(cast.id()).isNotNull();
      assertThat(cast.msg()).isEqualTo(RawJson.of("{\"type\":\"add\",\"by\":3}"));
    }
  }

  @Test
  void castThatIsNotConfirmedWaitsForNothing() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var run = Genserver.run(daemon, "cast", "counter", "reset", "--no-confirm");

      assertThat(run).isEqualTo(new Genserver(0, "", ""));
      var cast = (ClientMessage.Cast) daemon.request();
      assertThat(cast.id()).isNull();
      assertThat(cast.msg()).isEqualTo(RawJson.of("\"reset\""));
    }
  }

  @Test
  void pingPrintsPong() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      var run = Genserver.run(daemon, "ping");

      assertThat(run).isEqualTo(new Genserver(0, "\"pong\"\n", ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Ping.class);
    }
  }
}
