package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.RawJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What those see who watch the daemon.
@Timeout(120)
class LiveOverHttpTest {

  private static final System.Logger LOG = System.getLogger(LiveOverHttpTest.class.getName());

  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  /// A viewer's events, as they come.
  private static final class Events implements AutoCloseable {

    private final BufferedReader lines;

    private Events(BufferedReader lines) {
      this.lines = lines;
    }

    /// The first event of that name that is right.
    @SuppressWarnings("unchecked") // JSON
    Map<String, Object> await(String name, Predicate<Map<String, Object>> right)
        throws IOException {
      var event = "";
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && event.equals(name)) {
          var json = line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
          var data = (Map<String, Object>) RawJson.of(json, 0, json.length).toValue();
          if (right.test(data)) {
            return data;
          }
        }
      }
      throw new AssertionError("the stream is over, and no such event came");
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private Events watch(DaemonUnderTest daemon) throws IOException, InterruptedException {
    var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + "/v1/live";
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new Events(
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
  }

  private static long number(Map<String, Object> sample, String field) {
    return ((Number) sample.get(field)).longValue();
  }

  @Test
  void samplesTellWhatHappensAsItHappens() throws Exception {
    try (var daemon = DaemonUnderTest.start(Optional.empty(), Map.of());
        var events = watch(daemon);
        var peer = daemon.peer()) {
      var first = events.await("sample", _ -> true);
      assertThat(first.keySet())
          .containsExactly(
              "at_ms",
              "uptime_ms",
              "calls",
              "casts",
              "errors",
              "latency_us",
              "open_calls",
              "queued",
              "longest_queue",
              "processes",
              "restarts",
              "crashes",
              "connections",
              "plugins",
              "heap_used_bytes",
              "heap_max_bytes",
              "cpu",
              "gc_ms");
      assertThat(first)
          .containsEntry("calls", 0L)
          .containsEntry("longest_queue", null)
          .containsEntry("plugins", 0L);
      assertThat(number(first, "processes")).isGreaterThanOrEqualTo(5);
      assertThat(first.get("latency_us").toString()).contains("count=0", "p99=0");

      peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"sys.node\",\"msg\":\"info\"}").receive();
      peer.send("{\"op\":\"call\",\"id\":2,\"to\":\"nobody\",\"msg\":\"info\"}").receive();

      var latest = events.await("sample", sample -> number(sample, "calls") == 2);
      assertThat(number(latest, "connections")).isEqualTo(1);
      assertThat(latest.get("errors").toString()).contains("noproc=1", "overloaded=0");
      var calm =
          events.await("sample", sample -> sample.get("latency_us").toString().contains("count=0"));
      assertThat(number(calm, "calls")).isEqualTo(2);
      assertThat(number(calm, "at_ms")).isGreaterThan(number(first, "at_ms"));
    }
  }

  @Test
  void whatIsLoggedComesToAllViewersThatOfBeforeFirst() throws Exception {
    try (var daemon = DaemonUnderTest.start(Optional.empty(), Map.of());
        var one = watch(daemon);
        var other = watch(daemon)) {
      for (var events : new Events[] {one, other}) {
        var line =
            events.await("log", event -> event.get("text").toString().startsWith("wire listens"));
        assertThat(line)
            .containsOnlyKeys("seq", "at_ms", "level", "logger", "text")
            .containsEntry("level", "INFO")
            .containsEntry("logger", "dev.genserver.daemon.net.WireServer");
      }
      LOG.log(Level.WARNING, "something happens now");
      for (var events : new Events[] {one, other}) {
        events.await("log", event -> event.get("text").equals("something happens now"));
      }
    }
  }
}
