package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What docs/client-java.md shows, run. Each block of Java there is found in this file.
@Timeout(60)
class GuideTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.+?)^```$");

  sealed interface Call {
    record Get() implements Call {}

    record Add(long by) implements Call {}
  }

  sealed interface Cast {
    record Reset() implements Cast {}
  }

  /// A counter, and a daemon around it.
  private static ScriptedServer counter() throws Exception {
    return ScriptedServer.start(peer -> {
      long total = 0;
      for (ClientMessage message; (message = peer.read()) != null; ) {
        if (message instanceof ClientMessage.Call call) {
          total += call.msg().toString().contains("add") ? 3 : 0;
          peer.reply(call, Long.toString(total));
        } else if (message instanceof ClientMessage.Cast cast) {
          total = 0;
          if (cast.id() != null) {
            peer.send(new ServerMessage.Ok(cast.id(), null));
          }
        } else if (message instanceof ClientMessage.Ping ping) {
          peer.send(new ServerMessage.Pong(ping.id()));
        } else if (message instanceof ClientMessage.Monitor monitor) {
          peer.send(
              new ServerMessage.Ok(
                  monitor.id(), RawJson.of("{\"ref\":\"m-1\",\"pid\":\"<1.42>\"}")));
        }
      }
    });
  }

  @Test
  void everyBlockOfTheGuideStandsHere() throws Exception {
    var source = Files.readString(Path.of("src/test/java/dev/genserver/client/GuideTest.java"));
    var blocks =
        BLOCK
            .matcher(Files.readString(Path.of("../docs/client-java.md")))
            .results()
            .map(block -> block.group(1))
            .toList();

    assertThat(blocks).hasSizeGreaterThan(5);
    var flat = flat(source);
    assertThat(blocks).allSatisfy(block -> assertThat(flat).contains(flat(block)));
  }

  /// Without white space: lines are broken as the place allows.
  private static String flat(String java) {
    return java.replaceAll("\\s+", "");
  }

  @Test
  void optionsOfAService() throws Exception {
    try (var daemon = counter()) {
      var addresses = daemon.address() + ",127.0.0.1:1";
      var client =
          GenServerClient.connect(
              addresses,
              ClientOptions.defaults()
                  .name("shop")
                  .timeout(Duration.ofSeconds(2))
                  .retry(
                      Retry.unexecuted(
                          5, new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1)))));
      assertThat(client.call("counter", "get", Long.class)).isZero();
      client.close();
    }
  }

  @Test
  void typedServer() throws Exception {
    try (var daemon = counter();
        var client = daemon.connect()) {
      var counter = client.server("counter", Call.class, Cast.class);
      Long total = counter.call(new Call.Add(3), Long.class);
      counter.cast(new Cast.Reset());
      counter
          .callAsync(new Call.Get(), Long.class, Duration.ofSeconds(1))
          .thenAccept(now -> System.out.println("total " + now))
          .join();
      assertThat(total).isEqualTo(3);
    }
  }

  @Test
  void failures() throws Exception {
    try (var daemon = counter();
        var client = daemon.connect()) {
      try {
        client.castConfirmed("counter", new Cast.Reset());
      } catch (GenServerException e) {
        switch (e.executed()) {
          case NO -> askAgain();
          case MAYBE, YES -> findOut(e);
        }
      }
    }
  }

  private static void askAgain() {
    throw new AssertionError("it did not fail");
  }

  private static void findOut(GenServerException e) {
    throw e;
  }

  @Test
  void timeBudget() throws Exception {
    try (var daemon = counter();
        var client = daemon.connect()) {
      var left = Duration.ofMillis(800);
      try (var within = TimeBudget.of(left)) {
        client.call("counter", new Call.Add(3), Long.class);
        client.call("counter", new Call.Get(), Long.class);
        assertThat(within.left()).isLessThan(left);
      }
    }
  }

  @Test
  void casts() throws Exception {
    try (var daemon = counter();
        var client = daemon.connect()) {
      for (var measurement : List.of(1, 2, 3)) {
        client.cast("counter", measurement);
      }
      client.flush(Duration.ofSeconds(5));
      System.out.println(client.casts());
      assertThat(client.casts()).isEqualTo(new CastCounters(3, 0, 0, 0));
    }
  }

  @Test
  void monitor() throws Exception {
    var ended = new CountDownLatch(1);
    try (var daemon = counter();
        var client = daemon.connect()) {
      var monitor =
          client.monitor(
              "counter",
              down -> {
                System.out.println("counter ended: " + down.reason().kind());
                ended.countDown();
              });
      assertThat(monitor.pid()).contains("<1.42>");
    }
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }

  /// Counts what fails.
  static final class Failures implements ClientListener {
    final LongAdder count = new LongAdder();

    @Override
    public Attempt began(Request request) {
      return new Attempt() {
        @Override
        public void ended(End end) {
          end.code().ifPresent(code -> count.increment());
        }
      };
    }

    @Override
    public void stateChanged(ConnectionState state) {
      System.out.println(state);
    }
  }

  @Test
  void listener() throws Exception {
    var failures = new Failures();
    try (var daemon = counter();
        var client =
            GenServerClient.connect(
                daemon.address(), ClientOptions.defaults().listener(failures))) {
      client.call("counter", "get", Long.class);
    }
    assertThat(failures.count.sum()).isZero();
  }
}
