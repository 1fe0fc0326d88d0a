package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MonitorTest {

  private static ServerMessage.Ok ok(ClientMessage request) {
    return new ServerMessage.Ok(
        ScriptedDaemon.idOf(request), RawJson.of("{\"ref\":\"m-1\",\"pid\":\"<1.42>\"}"));
  }

  @Test
  void monitorPrintsWhomItWatchesAndThenHowThatEnded() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          if (request instanceof ClientMessage.Monitor) {
            // A daemon asks now and then whether this side is still there.
            peer.say(ok(request), new ServerMessage.Ping());
          } else {
            peer.say(new ServerMessage.Down("m-1", "<1.42>", "counter", Map.of("kind", "killed")));
          }
        })) {
      var run = Genserver.run(daemon, "monitor", "counter");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  """
                  {"ref":"m-1","pid":"<1.42>"}
                  {"ref":"m-1","pid":"<1.42>","name":"counter","reason":{"kind":"killed"}}
                  """,
                  ""));
      assertThat(((ClientMessage.Monitor) daemon.request()).to()).isEqualTo("counter");
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Ping.class);
    }
  }

  @Test
  void nobodyThereIsAnEndToo() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) ->
            peer.say(
                new ServerMessage.Ok(ScriptedDaemon.idOf(request), RawJson.of("{\"ref\":\"m-1\"}")),
                new ServerMessage.Down("m-1", null, "countr", Map.of("kind", "noproc"))))) {
      assertThat(Genserver.run(daemon, "monitor", "countr"))
          .isEqualTo(
              new Genserver(
                  0,
                  """
                  {"ref":"m-1"}
                  {"ref":"m-1","name":"countr","reason":{"kind":"noproc"}}
                  """,
                  ""));
    }
  }

  @Test
  void daemonThatEndsMeanwhileIsAFailureThatSaysSo() throws Exception {
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          peer.say(
              ok(request),
              new ServerMessage.Goodbye(ErrorCode.UNAVAILABLE, "the daemon is ending", 0L));
          peer.hangUp();
        })) {
      var run = Genserver.run(daemon, "monitor", "counter");
      assertThat(run.exitCode()).isEqualTo(69);
      assertThat(run.err())
          .startsWith("monitor of 'counter' failed: unavailable, the daemon is ending");
    }
  }

  @Test
  void monitorNeedsExactlyOneName() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      assertThat(Genserver.run(daemon, "monitor").exitCode()).isEqualTo(64);
      assertThat(Genserver.run(daemon, "monitor", "a", "b").exitCode()).isEqualTo(64);
    }
  }
}
