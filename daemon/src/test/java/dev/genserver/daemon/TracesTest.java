package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.Collector.Got;
import dev.genserver.daemon.metrics.Exposition;
import dev.genserver.daemon.net.Peer;
import dev.genserver.testkit.PluginJar;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a collector gets of requests.
@Timeout(180)
class TracesTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + ID + "-" + CALLER + "-01";
  private static final String UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-" + CALLER + "-00";

  @TempDir Path plugins;
  @TempDir Path elsewhere;
  @AutoClose private final HttpClient client = HttpClient.newHttpClient();
  @AutoClose private Collector collector;

  @BeforeEach
  void begin() throws IOException {
    collector = Collector.start();
    shop().writeTo(plugins);
  }

  /// A desk that asks a store, and casts to it what it has been told.
  private static PluginJar shop() {
    return PluginJar.of("shop", "1.0")
        .source(
            "shop.Desk",
            """
            package shop;
            import dev.genserver.sdk.*;
            public final class Desk extends GenServer<Desk.State, Desk.Call, Desk.Cast> {
              public record State() {}
              public sealed interface Call {
                record Order(String item) implements Call {}
                record Trace() implements Call {}
              }
              public sealed interface Cast {
                record Spin() implements Cast {}
              }
              private static final ServerRef STORE = ServerRef.named("store");
              @Override public Init<State> init(Args args) { return ok(new State()); }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                return switch (call) {
                  case Call.Order(String item) -> {
                    var left = process().call(STORE, new Store.Call.Take(item), Long.class);
                    process().cast(STORE, new Store.Cast.Note(item));
                    yield reply(left, state);
                  }
                  case Call.Trace() ->
                      reply(process().call(STORE, new Store.Call.Trace(), String.class), state);
                };
              }
              @Override public Result<State> handleCast(Cast cast, State state) {
                process().cast(process().self(), cast);
                return noReply(state);
              }
            }
            """)
        .source(
            "shop.Store",
            """
            package shop;
            import dev.genserver.sdk.*;
            public final class Store extends GenServer<Store.State, Store.Call, Store.Cast> {
              public record State(long left) {}
              public sealed interface Call {
                record Take(String item) implements Call {}
                record Trace() implements Call {}
                record Crash() implements Call {}
                record Sleep() implements Call {}
              }
              public sealed interface Cast {
                record Note(String item) implements Cast {}
              }
              @Override public Init<State> init(Args args) { return ok(new State(100)); }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                return switch (call) {
                  case Call.Take(String item) -> reply(state.left() - 1, new State(state.left() - 1));
                  case Call.Trace() -> reply(from.trace().orElse("none"), state);
                  case Call.Crash() -> throw new IllegalStateException("as asked");
                  case Call.Sleep() -> noReply(state);
                };
              }
              @Override public Result<State> handleCast(Cast cast, State state) {
                return noReply(state);
              }
            }
            """)
        .plugin(
            "shop.Shop",
            """
            package shop;
            import dev.genserver.sdk.*;
            import java.util.List;
            public final class Shop implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(
                    Behaviour.of("desk", Desk.class, Desk::new),
                    Behaviour.of("stock-keeper", Store.class, Store::new));
              }
              @Override public List<ChildSpec> children() {
                return List.of(
                    ChildSpec.named("store", Store::new), ChildSpec.named("desk", Desk::new));
              }
            }
            """);
  }

  private DaemonUnderTest daemon(String... flags) throws StartException {
    var all = new HashMap<String, String>();
    all.put("--plugins", plugins.toString());
    all.put("--traces-endpoint", collector.endpoint());
    for (var i = 0; i < flags.length; i += 2) {
      all.put(flags[i], flags[i + 1]);
    }
    return DaemonUnderTest.start(Optional.empty(), all);
  }

  private static String call(int id, String to, String message, String trace) {
    return "{\"op\":\"call\",\"id\":%d,\"to\":\"%s\",\"timeout_ms\":30000,\"msg\":%s%s}"
        .formatted(id, to, message, trace == null ? "" : ",\"trace\":\"" + trace + "\"");
  }

  private static Map<String, Object> ask(
      Peer peer, int id, String to, String message, String trace) {
    return peer.send(call(id, to, message, trace)).receive();
  }

  private List<Got> await(int count, String traceId) {
    Awaitility.await("%d spans of %s".formatted(count, traceId))
        .atMost(SOON)
        .until(() -> collector.spans(traceId).count() >= count);
    return collector.spans(traceId).toList();
  }

  private static Got named(String name, List<Got> spans) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private double metric(DaemonUnderTest daemon, String outcome) {
    var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + "/metrics";
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build();
    try {
      var text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return Exposition.of(text).value("genserverd_trace_spans_total{outcome=\"" + outcome + "\"}");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitMetric(DaemonUnderTest daemon, String outcome, double atLeast) {
    Awaitility.await(outcome + " spans")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(metric(daemon, outcome)).isGreaterThanOrEqualTo(atLeast));
  }

  @Test
  void spansOfACallThroughTwoProcessesAndACastHangTogether() throws Exception {
    try (var daemon = daemon("--traces-service-name", "shop-a");
        var peer = daemon.peer()) {
      var before = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
      assertThat(ask(peer, 1, "desk", "{\"type\":\"order\",\"item\":\"a bad secret\"}", SAMPLED))
          .containsEntry("result", 99L);
      var spans = await(3, ID);

      var desk = named("call desk", spans);
      var take = named("call stock-keeper", spans);
      var note = named("cast stock-keeper", spans);
      assertThat(desk.parent()).isEqualTo(CALLER);
      assertThat(take.parent()).isEqualTo(desk.id());
      assertThat(note.parent()).isEqualTo(desk.id());
      assertThat(Stream.of(desk, take, note).map(Got::id)).doesNotHaveDuplicates();
      assertThat(desk.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(take.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      assertThat(note.kind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
      assertThat(spans).noneMatch(Got::isError).allMatch(span -> span.end() >= span.begin());
      assertThat(desk.begin()).isGreaterThanOrEqualTo(before);
      assertThat(take.begin()).isBetween(desk.begin(), desk.end());
      assertThat(take.end()).isBetween(take.begin(), desk.end());

      assertThat(desk.attributes())
          .containsEntry("genserver.process", "desk")
          .containsEntry("genserver.behaviour", "desk")
          .containsEntry("genserver.plugin", "shop")
          .containsEntry("genserver.principal", "anonymous")
          .hasEntrySatisfying(
              "genserver.queue_ms", ms -> assertThat((double) ms).isBetween(0.0, 60_000.0))
          .hasSize(5);
      assertThat(take.attributes())
          .containsEntry("genserver.process", "store")
          .containsEntry("genserver.behaviour", "stock-keeper")
          .containsEntry("genserver.plugin", "shop")
          .containsKey("genserver.queue_ms")
          .hasSize(4);
      assertThat(collector.resources().getFirst())
          .containsEntry("service.name", "shop-a")
          .containsEntry("service.version", Version.current())
          .containsKey("service.instance.id");
      assertThat(collector.everything()).doesNotContain("secret");
    }
  }

  @Test
  void nestedProcessSeesTheSpanOfItsCaller() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var seen = ask(peer, 1, "desk", "{\"type\":\"trace\"}", SAMPLED).get("result");
      var desk = named("call desk", await(2, ID));
      assertThat(seen).isEqualTo("00-" + ID + "-" + desk.id() + "-01");
    }
  }

  @Test
  void whatIsNotSampledGoesOnAndIsNotExported() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      assertThat(ask(peer, 1, "desk", "{\"type\":\"trace\"}", UNSAMPLED))
          .containsEntry("result", UNSAMPLED);
      assertThat(ask(peer, 2, "desk", "{\"type\":\"trace\"}", "no traceparent"))
          .containsEntry("result", "none");
      assertThat(ask(peer, 3, "desk", "{\"type\":\"trace\"}", null))
          .containsEntry("result", "none");
      ask(peer, 4, "desk", "{\"type\":\"trace\"}", SAMPLED);
      await(2, ID);
    }
    assertThat(collector.spans()).extracting(Got::traceId).containsOnly(ID);
  }

  @Test
  void ofRequestsWithoutATraceAShareIsRecorded() throws Exception {
    try (var daemon = daemon("--traces-sample", "1");
        var peer = daemon.peer()) {
      var seen = ask(peer, 1, "desk", "{\"type\":\"trace\"}", null).get("result").toString();
      var id = seen.substring(3, 35);
      var spans = await(2, id);
      assertThat(named("call desk", spans).parent()).isEmpty();
      assertThat(named("call stock-keeper", spans).parent())
          .isEqualTo(named("call desk", spans).id());

      ask(peer, 2, "desk", "{\"type\":\"trace\"}", UNSAMPLED);
    }
    assertThat(collector.spans()).hasSize(2);
  }

  @Test
  void requestsOverHttpBringTheirsInAHeader() throws Exception {
    try (var daemon = daemon()) {
      var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + "/v1/";
      for (var path : List.of("call/store", "cast/store")) {
        var body =
            path.startsWith("call")
                ? "{\"type\":\"take\",\"item\":\"x\"}"
                : "{\"type\":\"note\",\"item\":\"x\"}";
        client.send(
            HttpRequest.newBuilder(URI.create(url + path))
                .timeout(SOON)
                .header("traceparent", SAMPLED)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding());
      }
      var spans = await(2, ID);
      assertThat(spans).extracting(Got::parent).containsOnly(CALLER);
      assertThat(named("call stock-keeper", spans).kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(named("cast stock-keeper", spans).kind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    }
  }

  @Test
  void requestsThatFailTellTheirErrorAndWhetherTheyRan() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer();
        var _ = CapturedLog.of("dev.genserver.runtime")) {
      ask(peer, 1, "nobody", "1", SAMPLED);
      ask(peer, 2, "store", "{\"type\":\"gift\"}", SAMPLED);
      ask(peer, 3, "store", "{\"type\":\"crash\"}", SAMPLED);
      peer.send("{\"op\":\"cast\",\"to\":\"nobody\",\"msg\":1,\"trace\":\"" + SAMPLED + "\"}");
      var spans = await(4, ID);

      assertThat(spans).allMatch(Got::isError);
      assertThat(failures(spans))
          .containsExactlyInAnyOrder(
              "call nobody noproc no",
              "call stock-keeper store bad_message no",
              "call stock-keeper store exit maybe",
              "cast nobody noproc no");
    }
  }

  private static Stream<String> failures(List<Got> spans) {
    return spans.stream()
        .map(span ->
            span.name()
                + " "
                + span.attributes().get("genserver.process")
                + " "
                + span.attributes().get("error.type")
                + " "
                + span.attributes().get("genserver.executed"));
  }

  @Test
  void callsThatExpireOrAreCancelledTellSo() throws Exception {
    try (var daemon = daemon()) {
      try (var peer = daemon.peer()) {
        var sleep = call(1, "store", "{\"type\":\"sleep\"}", SAMPLED);
        peer.send(sleep.replace("30000", "1000"));
        assertThat(Peer.error(peer.receive())).containsEntry("code", "timeout");
        peer.send(call(2, "store", "{\"type\":\"sleep\"}", SAMPLED));
        assertThat(ask(peer, 3, "store", "{\"type\":\"trace\"}", null)).containsKey("result");
        peer.send("{\"op\":\"cancel\",\"id\":2}");
        assertThat(Peer.error(peer.receive())).containsEntry("code", "cancelled");
        peer.send(call(4, "store", "{\"type\":\"sleep\"}", SAMPLED));
        assertThat(ask(peer, 5, "store", "{\"type\":\"trace\"}", null)).containsKey("result");
      }
      assertThat(failures(await(3, ID)))
          .as("the last of them when its caller has left")
          .containsExactlyInAnyOrder(
              "call stock-keeper store timeout maybe",
              "call stock-keeper store cancelled maybe",
              "call stock-keeper store cancelled maybe");
    }
  }

  @Test
  void whatWaitsIsSentBeforeTheDaemonEnds() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      ask(peer, 1, "desk", "{\"type\":\"order\",\"item\":\"x\"}", SAMPLED);
    }
    assertThat(collector.spans(ID)).hasSize(3);
  }

  @Test
  void headersOfTheFileAreSentAlong() throws Exception {
    var file =
        Files.writeString(
            elsewhere.resolve("headers"), "# ours\n\nAuthorization: Bearer not to be seen\n");
    try (var daemon = daemon("--traces-headers-file", file.toString());
        var peer = daemon.peer()) {
      ask(peer, 1, "store", "{\"type\":\"trace\"}", SAMPLED);
      await(1, ID);
    }
    assertThat(collector.authorizations()).containsOnly("Bearer not to be seen");
  }

  @Test
  void fileOfHeadersThatIsNoneIsRefusedAndNotQuoted() throws Exception {
    var file = Files.writeString(elsewhere.resolve("headers"), "A: b\nBearer not to be seen\n");
    assertThatThrownBy(() -> daemon("--traces-headers-file", file.toString()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "traces.headers-file " + file + ": line 2 must be a header, as 'Name: value'")
        .hasMessageNotContaining("seen");
    assertThatThrownBy(() -> daemon("--traces-headers-file", elsewhere + "/missing"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void collectorThatIsDownDoesNoHarmAndIsSaidOnce() throws Exception {
    try (var log = CapturedLog.of("dev.genserver.daemon.trace");
        var daemon = daemon("--traces-endpoint", "http://127.0.0.1:1/v1/traces");
        var peer = daemon.peer()) {
      for (var id = 1; id <= 200; id++) {
        assertThat(ask(peer, id, "store", "{\"type\":\"trace\"}", SAMPLED)).containsKey("result");
      }
      awaitMetric(daemon, "failed", 200);
      ask(peer, 201, "store", "{\"type\":\"trace\"}", SAMPLED);
      awaitMetric(daemon, "failed", 201);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("traces not exported endpoint=http://127.0.0.1:1/")
          .contains("ConnectException");
    }
  }

  @Test
  void collectorThatRefusesIsSaidAndSoIsItsReturn() throws Exception {
    collector.answer(400);
    try (var log = CapturedLog.of("dev.genserver.daemon.trace");
        var daemon = daemon();
        var peer = daemon.peer()) {
      ask(peer, 1, "store", "{\"type\":\"trace\"}", SAMPLED);
      awaitMetric(daemon, "failed", 1);
      collector.answer(200);
      ask(peer, 2, "store", "{\"type\":\"trace\"}", SAMPLED);
      awaitMetric(daemon, "exported", 1);
      // A daemon before may still tell of its own collector.
      var lines = log.lines().stream().filter(line -> line.contains(collector.endpoint())).toList();
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).contains("400");
      assertThat(lines.getLast()).endsWith("lost=1");
    }
  }

  @Test
  void collectorThatIsSlowHoldsUpNobodyAndWhatIsTooMuchIsDropped() throws Exception {
    var calls = 6_000;
    try (var daemon = daemon()) {
      try (var _ = collector.pause();
          var peer = daemon.peer()) {
        for (var id = 1; id <= calls; id++) {
          assertThat(ask(peer, id, "store", "{\"type\":\"trace\"}", SAMPLED)).containsKey("result");
        }
        var dropped = metric(daemon, "dropped");
        assertThat(dropped).isPositive();
        assertThat(calls - dropped - metric(daemon, "failed"))
            .as("spans that wait, and one batch on its way")
            .isLessThanOrEqualTo(2_048 + 512);
      }
      awaitMetric(daemon, "exported", 1);
    }
  }

  @Test
  void collectorThatIsSlowDoesNotHoldUpTheEnd() throws Exception {
    long begin;
    try (var _ = collector.pause()) {
      try (var daemon = daemon();
          var peer = daemon.peer()) {
        ask(peer, 1, "store", "{\"type\":\"trace\"}", SAMPLED);
        begin = System.nanoTime();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void requestThatGoesOnForEverHasSoManySpansAndNoMore() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      peer.send(
          "{\"op\":\"cast\",\"to\":\"desk\",\"msg\":{\"type\":\"spin\"},\"trace\":\""
              + SAMPLED
              + "\"}");
      awaitMetric(daemon, "dropped", 100);
      awaitMetric(daemon, "exported", 1_000);
      assertThat(metric(daemon, "exported")).isEqualTo(1_000);
    }
  }
}
