package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.metrics.Exposition;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the daemon tells whoever monitors it.
@Timeout(180)
class MetricsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String STOCK = "{behaviour=\"stock\",plugin=\"stock\"}";

  @TempDir Path plugins;
  @TempDir Path elsewhere;
  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  private DaemonUnderTest daemon() throws StartException {
    return DaemonUnderTest.start(Optional.empty(), Map.of("--plugins", plugins.toString()));
  }

  private String text(DaemonUnderTest daemon, String query) {
    var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + "/metrics" + query;
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      return answer.body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int post(DaemonUnderTest daemon, String path, String message) throws Exception {
    var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + path;
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(SOON)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(message))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private Exposition scrape(DaemonUnderTest daemon) {
    return Exposition.of(text(daemon, ""));
  }

  private void awaitValue(DaemonUnderTest daemon, String series, double value) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scrape(daemon).value(series)).as(series).isEqualTo(value));
  }

  /// A plugin whose behaviour `stock` is the given class, with one process of it.
  private static PluginJar stock(String version, String server) {
    return PluginJar.of("stock", version)
        .source(
            "shop." + server,
            """
            package shop;
            import dev.genserver.sdk.*;
            public final class NAME extends GenServer<NAME.State, NAME.Call, NAME.Cast> {
              public record State(long total) {}
              public sealed interface Call {
                record Get() implements Call {}
                record Sleep() implements Call {}
              }
              public sealed interface Cast {
                record Add(long by) implements Cast {}
                record Crash() implements Cast {}
              }
              @Override public Init<State> init(Args args) { return ok(new State(0)); }
              @Override public CallResult<State> handleCall(Call call, From from, State state) {
                return switch (call) {
                  case Call.Get() -> reply(state, state);
                  case Call.Sleep() -> noReply(state);
                };
              }
              @Override public Result<State> handleCast(Cast cast, State state) {
                return switch (cast) {
                  case Cast.Add(long by) -> noReply(new State(state.total() + by));
                  case Cast.Crash() -> throw new IllegalStateException("as asked");
                };
              }
            }
            """
                .replace("NAME", server))
        .plugin(
            "shop.StockPlugin",
            """
            package shop;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class StockPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("stock", NAME.class, NAME::new));
              }
              @Override public List<ChildSpec> children() {
                return List.of(ChildSpec.named("apples", NAME::new));
              }
            }
            """
                .replace("NAME", server));
  }

  private static void add(Uploading client, int times) {
    for (var i = 0; i < times; i++) {
      client.peer().send("{\"op\":\"cast\",\"to\":\"apples\",\"msg\":{\"type\":\"add\",\"by\":1}}");
    }
  }

  @Test
  void tellsWhatWasAskedAndWhatCameOfIt() throws Exception {
    stock("1.0.0", "Stock").writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var asking = new Uploading(peer);
      assertThat(scrape(daemon).value("genserverd_errors_total{code=\"noproc\"}")).isZero();
      add(asking, 3);
      asking.ask("apples", "\"get\"");
      asking.ask("apples", "{\"type\":\"gte\"}");
      asking.ask("pears", "\"get\"");
      peer.send("{\"op\":\"ping\"}").receive();
      peer.send(
          "{\"op\":\"call\",\"id\":7,\"to\":\"apples\",\"msg\":\"sleep\",\"timeout_ms\":60000}");
      awaitValue(daemon, "genserverd_messages_received_total" + STOCK, 6);

      var told = scrape(daemon);

      assertThat(told.types().keySet())
          .containsAll(Exposition.known(true))
          .isSubsetOf(Exposition.known(false));
      assertThat(told.value("genserverd_requests_total{op=\"call\"}")).isEqualTo(4);
      assertThat(told.value("genserverd_requests_total{op=\"cast\"}")).isEqualTo(3);
      assertThat(told.value("genserverd_requests_total{op=\"ping\"}")).isEqualTo(1);
      assertThat(told.value("genserverd_errors_total{code=\"noproc\"}")).isEqualTo(1);
      assertThat(told.value("genserverd_errors_total{code=\"bad_message\"}")).isEqualTo(1);
      assertThat(told.value("genserverd_call_duration_seconds_count")).isEqualTo(2);
      assertThat(told.value("genserverd_call_duration_seconds_sum")).isPositive();
      assertThat(told.value("genserverd_calls_open")).isEqualTo(1);
      assertThat(told.value("genserverd_connections")).isEqualTo(1);
      assertThat(told.value("genserverd_connections_accepted_total")).isEqualTo(1);
      assertThat(told.value("genserverd_processes" + STOCK)).isEqualTo(1);
      assertThat(told.value("genserverd_calls_replied_total" + STOCK)).isEqualTo(1);
      assertThat(told.value("genserverd_messages_failed_total" + STOCK)).isEqualTo(1);
      assertThat(told.value("genserverd_busy_seconds_total" + STOCK)).isPositive();
      assertThat(told.value("genserverd_plugin_info{plugin=\"stock\",version=\"1.0.0\"}"))
          .isEqualTo(1);
      assertThat(told.value("jvm_memory_used_bytes{area=\"heap\"}")).isPositive();
      assertThat(told.value("process_cpu_seconds_total")).isPositive();
      assertThat(told.value("genserverd_ready")).isEqualTo(1);
    }
  }

  @Test
  void whatComesOverHttpCountsAsOverTheWire() throws Exception {
    stock("1.0.0", "Stock").writeTo(plugins);
    try (var daemon = daemon()) {
      assertThat(post(daemon, "/v1/call/apples", "\"get\"")).isEqualTo(200);
      assertThat(post(daemon, "/v1/call/pears", "\"get\"")).isEqualTo(404);
      assertThat(post(daemon, "/v1/cast/apples", "{\"type\":\"add\",\"by\":1}")).isEqualTo(202);
      assertThat(post(daemon, "/v1/cast/apples", "{\"type\":\"add\"}")).isEqualTo(400);

      var told = scrape(daemon);

      assertThat(told.value("genserverd_requests_total{op=\"call\"}")).isEqualTo(2);
      assertThat(told.value("genserverd_requests_total{op=\"cast\"}")).isEqualTo(2);
      assertThat(told.value("genserverd_errors_total{code=\"noproc\"}")).isEqualTo(1);
      assertThat(told.value("genserverd_errors_total{code=\"bad_message\"}")).isEqualTo(1);
      assertThat(told.value("genserverd_call_duration_seconds_count")).isEqualTo(1);
    }
  }

  @Test
  void countersGoOnThroughCrashUpgradeToAnotherClassAndRemoval() throws Exception {
    stock("1.0.0", "Stock").writeTo(plugins);
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var asking = new Uploading(peer);
      var received = "genserverd_messages_received_total" + STOCK;
      add(asking, 5);
      awaitValue(daemon, received, 5);
      var busy = scrape(daemon).value("genserverd_busy_seconds_total" + STOCK);

      peer.send("{\"op\":\"cast\",\"to\":\"apples\",\"msg\":\"crash\"}");
      awaitValue(daemon, "genserverd_restarts_total" + STOCK, 1);
      assertThat(scrape(daemon).value("genserverd_crashes_total" + STOCK)).isEqualTo(1);
      awaitValue(daemon, received, 6);
      add(asking, 2);
      awaitValue(daemon, received, 8);

      var upgrade =
          asking.sys(
              "{\"type\":\"upgrade\",\"upload\":%d}"
                  .formatted(asking.upload(stock("2.0.0", "Warehouse").writeTo(elsewhere))));
      assertThat(upgrade).as(upgrade.toString()).containsKey("result");
      awaitValue(daemon, received, 8);
      assertThat(scrape(daemon).value("genserverd_plugin_upgrades_total")).isEqualTo(1);
      add(asking, 2);
      awaitValue(daemon, received, 10);
      assertThat(scrape(daemon).value("genserverd_processes" + STOCK)).isEqualTo(1);

      var rollback = asking.sys("{\"type\":\"rollback\",\"plugin\":\"stock\"}");
      assertThat(rollback).as(rollback.toString()).containsKey("result");
      awaitValue(daemon, received, 10);
      assertThat(scrape(daemon).value("genserverd_plugin_rollbacks_total")).isEqualTo(1);

      var removed = asking.sys("{\"type\":\"remove\",\"plugin\":\"stock\"}");
      assertThat(Uploading.result(removed))
          .as("what is counted of a plugin does not hold it: %s", removed)
          .containsEntry("unloaded", true);
      var after = scrape(daemon);
      assertThat(after.value(received)).isEqualTo(10);
      assertThat(after.value("genserverd_processes" + STOCK)).isZero();
      assertThat(after.value("genserverd_crashes_total" + STOCK)).isEqualTo(1);
      assertThat(after.value("genserverd_busy_seconds_total" + STOCK)).isGreaterThanOrEqualTo(busy);
    }
  }

  @Test
  void pluginWhoseRestartsAreExhaustedIsAProblemUntilItIsRestarted() throws Exception {
    stock("1.0.0", "Stock").writeTo(plugins);
    var config =
        Files.writeString(
            elsewhere.resolve("genserverd.yaml"),
            "processes: [{name: pears, behaviour: stock, critical: true}]");
    var flags = Map.of("--plugins", plugins.toString());
    try (var daemon = DaemonUnderTest.start(Optional.of(config), flags);
        var peer = daemon.peer()) {
      var asking = new Uploading(peer);
      assertThat(scrape(daemon).value("genserverd_plugin_problems")).isZero();
      for (var i = 0; i < 4; i++) {
        peer.send("{\"op\":\"cast\",\"to\":\"apples\",\"msg\":\"crash\"}");
        awaitValue(daemon, "genserverd_crashes_total" + STOCK, i + 1);
      }

      awaitValue(daemon, "genserverd_plugin_problems", 1);
      assertThat(scrape(daemon).value("genserverd_ready")).isZero();
      assertThat(Uploading.result(asking.sys("\"list\"")).get("problems").toString())
          .contains(
              "plugin 'stock' is down: it did not start, or its restarts are exhausted; the log has"
                  + " the reason, and 'genserver plugin restart stock' starts it again");
      var why =
          Uploading.result(
              asking.ask("sys.processes", "{\"type\":\"why\",\"process\":\"apples\"}"));
      assertThat(why).containsEntry("status", "not_running").containsEntry("name", "apples");
      assertThat(why.get("last_crash").toString()).contains("as asked");

      var restart = asking.sys("{\"type\":\"restart\",\"plugin\":\"stock\"}");
      assertThat(Uploading.result(restart))
          .isEqualTo(Map.of("id", "stock", "version", "1.0.0", "processes", 2L));
      var told = scrape(daemon);
      assertThat(told.value("genserverd_plugin_problems")).isZero();
      assertThat(told.value("genserverd_ready")).isEqualTo(1);
      assertThat(asking.ask("apples", "\"get\"")).containsKey("result");
    }
  }

  /// A server that does nothing.
  static final class Idle extends GenServer<Integer, Void, Void> {
    @Override
    public Init<Integer> init(Args args) {
      return ok(0);
    }
  }

  @Test
  void veryManyProcessesAreOneBehaviourAndNotAllToldOfOneByOne() throws Exception {
    try (var daemon = daemon()) {
      var node = daemon.daemon.node();
      for (var i = 0; i < 10_050; i++) {
        var options = i == 0 ? StartOptions.named("od\"d\\name") : StartOptions.none();
        assertThat(node.start(new Idle(), options).pidOrThrow()).isNotNull();
      }
      var odd = node.whereis(ServerRef.named("od\"d\\name")).orElseThrow();
      node.sys().suspend(odd);
      node.cast(odd, "waits");
      var idle = "{behaviour=\"" + Idle.class.getName() + "\",plugin=\"\"}";
      awaitValue(daemon, "genserverd_processes" + idle, 10_050);

      var text = text(daemon, "");
      var perProcess = Exposition.of(text(daemon, "?per=process"));

      assertThat(text).hasSizeLessThan(50_000).doesNotContain("process=");
      assertThat(perProcess.values().keySet())
          .filteredOn(series -> series.startsWith("genserverd_process_queued_messages"))
          .hasSize(10_000);
      assertThat(perProcess.value("genserverd_processes_left_out"))
          .isEqualTo(node.processCount() - 10_000);
      assertThat(
              perProcess.value("genserverd_process_queued_messages{process=\"od\\\"d\\\\name\"}"))
          .isEqualTo(1);
      assertThat(perProcess.value("genserverd_longest_queue_messages" + idle)).isEqualTo(1);
    }
  }
}
