package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.type.TypeReference;

@Timeout(60)
class ServerRefTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  sealed interface Call {
    record Get() implements Call {}

    record Add(long by) implements Call {}

    record History(int last) implements Call {}
  }

  sealed interface Cast {
    record Reset() implements Cast {}
  }

  record Total(long total, String unit) {}

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private ScriptedServer counter() throws Exception {
    return ScriptedServer.start(peer -> {
      for (ClientMessage message; (message = peer.read()) != null; ) {
        if (message instanceof ClientMessage.Call call) {
          seen.add(call.to() + " " + call.msg());
          peer.reply(
              call,
              call.msg().toString().contains("history")
                  ? "[{\"total\":1,\"unit\":\"a\"}]"
                  : "{\"total\":7,\"unit\":\"b\"}");
        } else if (message instanceof ClientMessage.Cast cast) {
          seen.add(cast.to() + " " + cast.msg());
          if (cast.id() != null) {
            peer.send(new ServerMessage.Ok(cast.id(), null));
          }
        } else if (message instanceof ClientMessage.Monitor monitor) {
          seen.add(monitor.to() + " monitor");
          peer.send(
              new ServerMessage.Ok(
                  monitor.id(), RawJson.of("{\"ref\":\"m-1\",\"pid\":\"<1.42>\"}")));
        }
      }
    });
  }

  @Test
  void sealedFamiliesOfThePluginAreSentAsTheyAre() throws Exception {
    try (var server = counter();
        var client = server.connect()) {
      var counter = client.server("counter", Call.class, Cast.class);
      assertThat(counter.name()).isEqualTo("counter");

      assertThat(counter.call(new Call.Add(3), Total.class)).isEqualTo(new Total(7, "b"));
      assertThat(seen.poll()).isEqualTo("counter {\"type\":\"add\",\"by\":3}");
      assertThat(counter.call(new Call.Get(), Total.class, LONG)).isEqualTo(new Total(7, "b"));
      assertThat(seen.poll()).isEqualTo("counter {\"type\":\"get\"}");
      assertThat(counter.call(new Call.History(1), new TypeReference<List<Total>>() {}, LONG))
          .containsExactly(new Total(1, "a"));
      seen.clear();

      counter.cast(new Cast.Reset());
      counter.castConfirmed(new Cast.Reset());
      counter.castConfirmed(new Cast.Reset(), LONG);
      assertThat(seen)
          .containsExactly(
              "counter {\"type\":\"reset\"}",
              "counter {\"type\":\"reset\"}",
              "counter {\"type\":\"reset\"}");
      try (var monitor = counter.monitor(down -> {})) {
        assertThat(monitor.pid()).contains("<1.42>");
      }
    }
  }

  @Test
  void allOfItIsThereAsFuturesToo() throws Exception {
    try (var server = counter();
        var client = server.connect()) {
      var counter = client.server("counter", Call.class, Cast.class);
      assertThat(counter.callAsync(new Call.Get(), Total.class).get(20, TimeUnit.SECONDS))
          .isEqualTo(new Total(7, "b"));
      assertThat(counter.callAsync(new Call.Get(), Total.class, LONG).get(20, TimeUnit.SECONDS))
          .isEqualTo(new Total(7, "b"));
      assertThat(
              counter
                  .callAsync(new Call.History(1), new TypeReference<List<Total>>() {}, LONG)
                  .get(20, TimeUnit.SECONDS))
          .containsExactly(new Total(1, "a"));
      seen.clear();
      counter.castConfirmedAsync(new Cast.Reset()).get(20, TimeUnit.SECONDS);
      counter.castConfirmedAsync(new Cast.Reset(), LONG).get(20, TimeUnit.SECONDS);
      assertThat(counter.monitorAsync(down -> {}).get(20, TimeUnit.SECONDS).pid())
          .contains("<1.42>");
      assertThat(seen)
          .containsExactly(
              "counter {\"type\":\"reset\"}", "counter {\"type\":\"reset\"}", "counter monitor");
    }
  }
}
