package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BenchTest {

  /// A daemon that welcomes, answers pings, and is told what to do with requests.
  private static ScriptedDaemon that(ScriptedDaemon.Script requests) throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      switch (request) {
        case ClientMessage.Hello hello -> peer.say(ScriptedDaemon.welcome(hello.id()));
        case ClientMessage.Ping ping -> peer.say(new ServerMessage.Pong(ping.id()));
        default -> requests.on(request, peer);
      }
    });
  }

  private static void reply(ClientMessage request, ScriptedDaemon.Peer peer) throws IOException {
    if (request.id() != null) {
      peer.say(
          request instanceof ClientMessage.Cast
              ? new ServerMessage.Ok(idOf(request), null)
              : new ServerMessage.Reply(idOf(request), RawJson.of("0")));
    }
  }

  private static Fields bench(ScriptedDaemon daemon, String line) {
    var run = Genserver.run(daemon, ("bench " + line + " --json").split(" "));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return Fields.of(RawJson.of(run.out().strip()).toValue());
  }

  @Test
  void callsAreCountedAndTimed() throws Exception {
    try (var daemon = that(BenchTest::reply)) {
      var result = bench(daemon, "counter get --duration 300ms --warmup 0ms --concurrency 4");

      assertThat(result.number("done")).isPositive();
      assertThat(result.number("ms")).isGreaterThanOrEqualTo(300);
      assertThat(result.number("per_second"))
          .isLessThanOrEqualTo(result.number("done") * 1_000 / 300);
      assertThat(result.values().get("errors")).isEqualTo(Map.of());
      var latency = result.object("latency_us").orElseThrow();
      assertThat(latency.number("p50")).isLessThanOrEqualTo(latency.number("p99_9"));
      assertThat(latency.number("p99_9")).isLessThanOrEqualTo(latency.number("max"));
    }
  }

  @Test
  void peopleGetLines() throws Exception {
    try (var daemon = that(BenchTest::reply)) {
      var run = Genserver.run(daemon, "bench counter get --duration 100ms --warmup 0ms".split(" "));

      assertThat(run.out())
          .matches(
              """
              (?s)calls to 'counter', 16 at a time over 1 connection, for \\d+ ms
              done +[\\d,]+
              a second +[\\d,]+
              p50 +[\\d.]+ ms
              .*max +[\\d.]+ ms
              errors +none
              """);
    }
  }

  @Test
  void errorsAreCountedByTheirCodes() throws Exception {
    var times = new AtomicInteger();
    try (var daemon =
        that((request, peer) -> {
          if (times.incrementAndGet() % 2 == 0) {
            var error = WireError.refused(ErrorCode.OVERLOADED, "full");
            peer.say(new ServerMessage.Failure(request.id(), error));
          } else {
            reply(request, peer);
          }
        })) {
      var result = bench(daemon, "counter get --duration 200ms --warmup 0ms --concurrency 1");
      var overloaded = result.object("errors").orElseThrow().number("overloaded");

      assertThat(overloaded).isBetween(result.number("done") - 1, result.number("done") + 1);
    }
  }

  @Test
  void whatIsRefusedForAllIsToldAtOnceAndAsByCall() throws Exception {
    try (var daemon =
        that((request, peer) ->
            peer.say(
                new ServerMessage.Failure(
                    request.id(), WireError.refused(ErrorCode.NOPROC, "nobody there"))))) {
      assertThat(Genserver.run(daemon, "bench", "countr", "get", "--duration", "20s"))
          .isEqualTo(
              new Genserver(
                  68, "", "bench of 'countr' failed: noproc, nobody there (not executed)\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({"10, p90", "90, p99"})
  void stallIsCountedForAllWhomItKeepsWaitingWhereThereIsARate(int request, String percentile)
      throws Exception {
    var stalled = new AtomicBoolean();
    var begun = new AtomicInteger();
    try (var daemon =
        that((message, peer) -> {
          if (begun.incrementAndGet() == request && stalled.compareAndSet(false, true)) {
            long until = System.nanoTime() + 600_000_000L;
            while (System.nanoTime() < until) {
              LockSupport.parkNanos(until - System.nanoTime());
            }
          }
          reply(message, peer);
        })) {
      var result =
          bench(daemon, "counter get --rate 100 --duration 1s --warmup 0ms --concurrency 4");

      // Sixty of the hundred were to be sent while it stalled, or the last ten; without a schedule
      // four would show.
      assertThat(result.number("done")).isEqualTo(100);
      assertThat(result.object("latency_us").orElseThrow().number(percentile))
          .isBetween(400_000L, 900_000L);
    }
  }

  @Test
  void castsAreConfirmedUnlessSaid() throws Exception {
    var silent = new AtomicInteger();
    var confirmed = new AtomicInteger();
    try (var daemon =
        that((request, peer) -> {
          (request.id() == null ? silent : confirmed).incrementAndGet();
          reply(request, peer);
        })) {
      var result = bench(daemon, "counter reset --cast --duration 100ms --warmup 0ms");
      assertThat(result.number("done")).isEqualTo(confirmed.get() - 1); // without the trial
      assertThat(silent).hasValue(0);

      result =
          bench(
              daemon, "counter reset --cast --no-confirm --rate 500 --duration 200ms --warmup 0ms");
      assertThat(result.number("done")).isEqualTo(silent.get()).isEqualTo(100);
      assertThat(result.has("latency_us")).isFalse();
    }
  }

  @Test
  void loadIsSpreadOverConnections() throws Exception {
    Set<Object> peers = Collections.synchronizedSet(new HashSet<>());
    try (var daemon =
        that((request, peer) -> {
          peers.add(peer.socket());
          reply(request, peer);
        })) {
      bench(daemon, "counter get --connections 3 --duration 200ms --warmup 0ms");

      assertThat(peers).hasSize(4); // and that of the trial
    }
  }

  @Test
  void payloadFillsTheMessage() throws Exception {
    try (var daemon = that(BenchTest::reply)) {
      bench(daemon, "kv put value={payload} --payload 5 --duration 50ms --warmup 0ms");
      assertThat(((ClientMessage.Call) daemon.request()).msg())
          .isEqualTo(RawJson.of("{\"type\":\"put\",\"value\":\"xxxxx\"}"));
    }
    try (var daemon = that(BenchTest::reply)) {
      bench(daemon, "kv --payload 3 --duration 50ms --warmup 0ms");
      assertThat(((ClientMessage.Call) daemon.request()).msg()).isEqualTo(RawJson.of("\"xxx\""));
    }
  }

  @Test
  void lostConnectionEndsIt() throws Exception {
    var times = new AtomicInteger();
    try (var daemon =
        that((request, peer) -> {
          if (times.incrementAndGet() > 50) {
            peer.hangUp();
          } else {
            reply(request, peer);
          }
        })) {
      assertThat(Genserver.run(daemon, "bench", "counter", "get", "--duration", "60s").exitCode())
          .isEqualTo(69);
    }
  }

  @Test
  void lostConnectionEndsItWhileAllWaitForAnswers() throws Exception {
    var times = new AtomicInteger();
    try (var daemon =
        that((request, peer) -> {
          var time = times.incrementAndGet();
          if (time == 1) {
            reply(request, peer); // the trial
          } else if (time == 1 + 16) {
            peer.hangUp();
          }
        })) {
      assertThat(Genserver.run(daemon, "bench", "counter", "get", "--duration", "60s").exitCode())
          .isEqualTo(69);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --no-confirm                       | --no-confirm is for casts
          --connections 0                    | --connections 0 must be 1 or more
          --connections 4 --concurrency 2    | must not be below --connections 4
          --concurrency 17                   | --concurrency 17 is more than the daemon allows: 16
          --rate -1                          | must not be negative
          --duration infinity                | --duration must not be infinity
          --duration 3                       | '3' is not a time limit
          """)
  void loadThatCannotBeIsRefused(String options, String problem) throws Exception {
    try (var daemon = that(BenchTest::reply)) {
      var run = Genserver.run(daemon, ("bench counter get " + options).split(" "));

      assertThat(run.exitCode()).isEqualTo(64);
      assertThat(run.err()).contains(problem);
    }
  }
}
