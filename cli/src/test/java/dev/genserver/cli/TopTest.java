package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TopTest {

  private static final Fields NODE =
      Fields.of(
          Map.of(
              "version",
              "0.1.0",
              "uptime_ms",
              61_000L,
              "heap_used_bytes",
              45L << 20,
              "heap_max_bytes",
              512L << 20));

  private static Fields process(String pid, long received, long busyMillis, long queued) {
    return Fields.of(
        Map.of(
            "name",
            "n" + pid,
            "pid",
            pid,
            "status",
            "idle",
            "received",
            received,
            "busy_ms",
            busyMillis,
            "queued",
            queued,
            "restarts",
            0L,
            "server",
            "a.Shop"));
  }

  @Test
  void ratesAreWhatWasDoneBetweenTwoLooks() {
    var before = List.of(process("1", 100, 10, 0), process("2", 5, 0, 0));
    var after = List.of(process("1", 400, 510, 7), process("2", 5, 0, 90), process("3", 20, 0, 0));
    var sample = TopSample.of(NODE, before, after, 2, TopSample.Order.MESSAGES);

    assertThat(sample.rows())
        .extracting(row -> row.process().text("pid"), TopSample.Row::messages, TopSample.Row::busy)
        .containsExactly(tuple("1", 150.0, 25.0), tuple("3", 10.0, 0.0), tuple("2", 0.0, 0.0));
  }

  @ParameterizedTest
  @CsvSource({"MESSAGES,1", "BUSY,1", "QUEUED,2", "RECEIVED,1"})
  void mostStandsFirst(TopSample.Order order, String first) {
    var before = List.of(process("1", 100, 10, 0), process("2", 5, 0, 0));
    var after = List.of(process("2", 5, 0, 90), process("1", 400, 510, 7));

    assertThat(TopSample.of(NODE, before, after, 1, order).rows().getFirst().process().text("pid"))
        .isEqualTo(first);
  }

  /// A daemon whose process has received a thousand messages more each time it is asked.
  private static ScriptedDaemon busy() throws IOException {
    var looks = new AtomicInteger();
    return ScriptedDaemon.that((request, peer) -> {
      var call = (ClientMessage.Call) request;
      var reply =
          call.to().equals("sys.node")
              ? "{\"version\":\"0.1.0\",\"uptime_ms\":61000,\"heap_used_bytes\":47185920,\"heap_max_bytes\":536870912}"
              : "[{\"name\":\"shop\",\"pid\":\"<7.3>\",\"status\":\"running\",\"queued\":2,\"received\":%d,\"busy_ms\":0,\"restarts\":1,\"server\":\"a.Shop\"}]"
                  .formatted(1_000_000L * looks.incrementAndGet());
      peer.say(new ServerMessage.Reply(ScriptedDaemon.idOf(request), RawJson.of(reply)));
    });
  }

  @Test
  void onceIsOneTable() throws Exception {
    try (var daemon = busy()) {
      var run = Genserver.run(daemon, "top", "--once", "--interval", "100ms");

      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .matches(
              "genserverd 0\\.1\\.0, up 1 min 1 s, heap 45 MiB of 512 MiB, 1 processes, [\\d,]+"
                  + " messages/s\n"
                  + "NAME  PID    STATUS   +MSG/S  BUSY  QUEUED  RECEIVED  RESTARTS  SERVER\n"
                  + "shop  <7\\.3>  running +[\\d,]{7,}    0%       2   2000000         1  Shop\n")
          .doesNotContain("\033");
    }
  }

  @Test
  void jsonIsALineATable() throws Exception {
    try (var daemon = busy()) {
      var run =
          Genserver.run(
              daemon, "top --json --iterations 3 --interval 50ms --sort queued".split(" "));

      assertThat(run.out()).hasLineCount(3);
      var last = Fields.of(RawJson.of(run.out().lines().toList().getLast()).toValue());
      assertThat(last.number("messages_per_second")).isPositive();
      assertThat(last.objects("processes").getFirst().number("received")).isEqualTo(4_000_000);
      assertThat(last.objects("processes").getFirst().number("messages_per_second"))
          .isEqualTo(last.number("messages_per_second"));
    }
  }

  @ParameterizedTest
  @CsvSource({"--sort frob, frob", "--interval 1ms, --interval '1ms' must be from 50ms to 1h"})
  void commandLineThatIsNoneIsRefused(String options, String problem) throws Exception {
    try (var daemon = busy()) {
      var run = Genserver.run(daemon, ("top --once " + options).split(" "));

      assertThat(run.exitCode()).isEqualTo(64);
      assertThat(run.err()).contains(problem);
    }
  }

  @ParameterizedTest
  @CsvSource({"q,true", "xQ,true", "xyz,false", "'',false"})
  void onlyTheKeyQEndsIt(String keys, boolean ends) {
    var in = new ByteArrayInputStream(keys.getBytes(StandardCharsets.US_ASCII));

    assertThat(Terminal.keyEnds(in)).isEqualTo(ends);
  }
}
