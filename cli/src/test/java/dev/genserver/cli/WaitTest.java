package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class WaitTest {

  /// A daemon that has the process only when it is asked for the `th` time.
  private static ScriptedDaemon thatHasItTheTime(int th) throws IOException {
    var times = new AtomicInteger();
    return ScriptedDaemon.that((request, peer) -> {
      var there = times.incrementAndGet() >= th;
      var result = there ? "{\"ref\":\"m-1\",\"pid\":\"<7.3>\"}" : "{\"ref\":\"m-1\"}";
      peer.say(new ServerMessage.Ok(idOf(request), RawJson.of(result)));
    });
  }

  @Test
  void processThatIsThereIsPrintedAtOnce() throws Exception {
    try (var daemon = thatHasItTheTime(1)) {
      assertThat(Genserver.run(daemon, "wait", "counter"))
          .isEqualTo(new Genserver(0, "<7.3>\n", ""));
      assertThat(daemon.request()).isEqualTo(new ClientMessage.Monitor(Exchange.ID, "counter"));
    }
  }

  @Test
  void processThatIsNotThereYetIsWaitedFor() throws Exception {
    try (var daemon = thatHasItTheTime(3)) {
      assertThat(Genserver.run(daemon, "wait", "counter", "--json"))
          .isEqualTo(new Genserver(0, "{\"name\":\"counter\",\"pid\":\"<7.3>\"}\n", ""));
    }
  }

  @Test
  void daemonThatIsNotThereYetIsWaitedFor() throws Exception {
    var asked = new AtomicInteger();
    try (var daemon =
        ScriptedDaemon.that((request, peer) -> {
          if (asked.incrementAndGet() < 3) {
            peer.hangUp(); // as one does that is about to end
          } else {
            hasIt(request, peer);
          }
        })) {
      assertThat(Genserver.run(daemon, "wait", "counter"))
          .isEqualTo(new Genserver(0, "<7.3>\n", ""));
    }
  }

  private static void hasIt(ClientMessage request, ScriptedDaemon.Peer peer) throws IOException {
    var result = RawJson.of("{\"ref\":\"m-1\",\"pid\":\"<7.3>\"}");
    peer.say(new ServerMessage.Ok(idOf(request), result));
  }

  @Test
  void timeIsUpAndItExitsWith124() throws Exception {
    try (var daemon = thatHasItTheTime(Integer.MAX_VALUE)) {
      assertThat(Genserver.run(daemon, "wait", "countr", "--timeout", "200ms"))
          .isEqualTo(
              new Genserver(
                  124,
                  "",
                  "wait for 'countr' failed: timeout, no process has that name after 200 ms\n"));
    }
  }

  @Test
  void timeoutTellsThatNoDaemonWasReached() {
    var run =
        Genserver.run(
            "", Map.of("GENSERVER_URL", "127.0.0.1:1"), "wait", "counter", "--timeout", "100ms");

    assertThat(run.exitCode()).isEqualTo(124);
    assertThat(run.err())
        .contains("no daemon reached at 127.0.0.1:1")
        .endsWith("gave up after 100 ms\n");
  }

  @Test
  void whatDoesNotPassIsNotWaitedOut() throws Exception {
    var forbidden = WireError.refused(ErrorCode.FORBIDDEN, "you may not");
    try (var daemon =
        ScriptedDaemon.that(
            (request, peer) -> peer.say(new ServerMessage.Failure(request.id(), forbidden)))) {
      assertThat(Genserver.run(daemon, "wait", "counter").exitCode()).isEqualTo(77);
    }
  }
}
