package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.access.TokenFile;
import dev.genserver.daemon.net.Peer;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The daemon over HTTP, from its configuration to its end.
@Timeout(120)
class HttpOfTheDaemonTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  @TempDir Path plugins;

  private static HttpRequest.Builder request(DaemonUnderTest daemon, String path) {
    var url = "http://127.0.0.1:" + daemon.daemon.adminAddress().getPort() + path;
    return HttpRequest.newBuilder(URI.create(url)).timeout(LONG);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder call(DaemonUnderTest daemon, String name, String message) {
    return request(daemon, "/v1/call/" + name).POST(BodyPublishers.ofString(message));
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("genserverd.yaml"), text);
  }

  private static PluginJar worker() {
    return PluginJar.of("worker", "1.0.0")
        .source(
            "example.Worker",
            """
            package example;
            import dev.genserver.sdk.*;
            public final class Worker extends GenServer<Long, Worker.Call, Void> {
              public sealed interface Call {
                record Get() implements Call {}
                record Await(String file) implements Call {}
              }
              @Override public Init<Long> init(Args args) { return ok(7L); }
              @Override public CallResult<Long> handleCall(Call call, From from, Long state) {
                return switch (call) {
                  case Call.Get() -> reply(state, state);
                  case Call.Await(String file) -> {
                    while (!java.nio.file.Files.exists(java.nio.file.Path.of(file))) {
                      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                    }
                    yield reply("there", state);
                  }
                };
              }
            }
            """)
        .plugin(
            "example.WorkerPlugin",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class WorkerPlugin implements Plugin {
              @Override public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("worker", Worker.class, Worker::new));
              }
            }
            """);
  }

  @Test
  void daemonIsNotReadyWhileACriticalProcessIsDown() throws Exception {
    worker().writeTo(plugins);
    var file =
        config(
            """
            processes:
            - {name: shop, behaviour: worker, critical: true}
            - name: desk
              children:
              - {name: orders, behaviour: worker, critical: true}
            - {name: other, behaviour: worker}
            """);
    try (var daemon =
            DaemonUnderTest.start(Optional.of(file), Map.of("--plugins", plugins.toString()));
        var client = HttpClient.newHttpClient()) {
      assertThat(send(client, request(daemon, "/readyz")).body()).isEqualTo("ready\n");
      stop(client, daemon, "other");
      assertThat(send(client, request(daemon, "/readyz")).body()).isEqualTo("ready\n");
      stop(client, daemon, "shop");
      var one = send(client, request(daemon, "/readyz"));
      assertThat(one.statusCode()).isEqualTo(503);
      assertThat(one.body()).isEqualTo("not ready: the critical process 'shop' is down\n");
      stop(client, daemon, "orders");
      assertThat(send(client, request(daemon, "/readyz")).body())
          .isEqualTo("not ready: the critical processes 'shop', 'orders' are down\n");
      assertThat(send(client, request(daemon, "/healthz")).statusCode()).isEqualTo(200);
      // Others are served all the same.
      assertThat(send(client, call(daemon, "sys.node", "\"info\"")).statusCode()).isEqualTo(200);
      for (var name : List.of("shop", "orders")) {
        var restart = "{\"type\":\"restart\",\"process\":\"%s\"}".formatted(name);
        assertThat(send(client, call(daemon, "sys.processes", restart)).statusCode())
            .isEqualTo(200);
      }
      assertThat(send(client, request(daemon, "/readyz")).body()).isEqualTo("ready\n");
    }
  }

  private static void stop(HttpClient client, DaemonUnderTest daemon, String name)
      throws IOException, InterruptedException {
    var stop = "{\"type\":\"stop\",\"process\":\"%s\"}".formatted(name);
    assertThat(send(client, call(daemon, "sys.processes", stop)).body()).isEqualTo("\"ok\"\n");
  }

  @Test
  void criticalProcessThatCouldNotBeStartedIsMissedFromTheBeginning() throws Exception {
    var file = config("processes:\n- {name: shop, behaviour: worker, critical: true}\n");
    try (var daemon =
            DaemonUnderTest.start(Optional.of(file), Map.of("--plugins", plugins.toString()));
        var client = HttpClient.newHttpClient()) {
      assertThat(send(client, request(daemon, "/readyz")).body())
          .isEqualTo("not ready: the critical process 'shop' is down\n");
    }
  }

  @Test
  void whatWasReadBeforeTheEndIsAnsweredAndWhatComesThenIsRefused() throws Exception {
    worker().writeTo(plugins);
    var file = config("processes:\n- {name: shop, behaviour: worker}\n");
    var flags = Map.of("--plugins", plugins.toString(), "--shutdown-drain", "60s");
    var daemon = DaemonUnderTest.start(Optional.of(file), flags);
    try (var client = HttpClient.newHttpClient()) {
      var awaited = folder.resolve("awaited");
      var message = "{\"type\":\"await\",\"file\":\"%s\"}".formatted(awaited);
      var open =
          client.sendAsync(
              call(daemon, "shop?timeout=60s", message).build(), BodyHandlers.ofString());
      Awaitility.await().atMost(LONG).until(() -> isAtWork(daemon, "shop"));
      var ending = CompletableFuture.runAsync(daemon::close);
      Awaitility.await()
          .atMost(LONG)
          .until(() -> send(client, request(daemon, "/readyz")).statusCode() == 503);
      assertThat(send(client, request(daemon, "/readyz")).body())
          .isEqualTo("not ready: the daemon is ending\n");
      var late = send(client, call(daemon, "sys.node", "\"info\""));
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(late.body()).contains("\"code\":\"unavailable\"", "\"executed\":\"no\"");
      assertThat(open).isNotDone();
      Files.createFile(awaited);
      assertThat(open.get(30, TimeUnit.SECONDS).body()).isEqualTo("\"there\"\n");
      assertThat(ending).succeedsWithin(LONG);
    }
  }

  private static boolean isAtWork(DaemonUnderTest daemon, String name) {
    var process = daemon.daemon.node().inspect(ServerRef.named(name)).orElseThrow();
    return process.status() == ProcessInfo.Status.RUNNING;
  }

  @Test
  void whoChangesSomethingOverHttpIsKnownByNameInTheAuditLog() throws Exception {
    var token = new TokenFile(folder.resolve("tokens")).create("ops", LocalDate.of(2026, 11, 23));
    var file =
        config(
            "auth: token\ntokens:\n  file: %s\nprincipals:\n- {name: ops, admin: true}\n"
                .formatted(folder.resolve("tokens")));
    try (var log = CapturedLog.of("dev.genserver.audit");
        var all = CapturedLog.of("dev.genserver");
        var daemon = DaemonUnderTest.start(Optional.of(file), Map.of());
        var client = HttpClient.newHttpClient()) {
      var stop = "{\"type\":\"stop\",\"process\":\"counter\"}";
      var request = call(daemon, "sys.processes", stop).header("authorization", "Bearer " + token);
      assertThat(send(client, request).statusCode()).isEqualTo(404);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .matches("admin by=ops peer=127\\.0\\.0\\.1:\\d+ act=stop process=counter");
      var wrong =
          call(daemon, "sys.processes", stop).header("authorization", "Bearer " + token + "x");
      assertThat(send(client, wrong).statusCode()).isEqualTo(401);
      assertThat(all.lines())
          .anyMatch(line -> line.startsWith("login failed peer=127.0.0.1:"))
          .noneMatch(line -> line.contains(token));
    }
  }

  @Test
  void certificateIsALoginWhereTheWireTakesIt() throws Exception {
    DevelopmentCertificates.make(folder, List.of(), "shop");
    var flags =
        new HashMap<>(
            Map.of(
                "--tls-certificate", folder.resolve("server.crt").toString(),
                "--tls-key", folder.resolve("server.key").toString(),
                "--tls-client-ca", folder.resolve("ca.crt").toString(),
                "--auth", "certificate"));
    try (var daemon = DaemonUnderTest.start(Optional.empty(), flags);
        var stranger = client(null);
        var shop = client(folder)) {
      var url = "https://127.0.0.1:" + daemon.daemon.adminAddress().getPort();
      var health = HttpRequest.newBuilder(URI.create(url + "/readyz")).timeout(LONG);
      assertThat(send(stranger, health).statusCode()).isEqualTo(200);
      var call =
          HttpRequest.newBuilder(URI.create(url + "/v1/call/counter"))
              .timeout(LONG)
              .POST(BodyPublishers.ofString("1"));
      assertThat(send(stranger, call).statusCode()).isEqualTo(401);
      assertThat(send(shop, call).body()).contains("\"code\":\"noproc\"");
    }
    var token = new TokenFile(folder.resolve("tokens")).create("shop", LocalDate.of(2026, 11, 23));
    flags.put("--auth", "both");
    flags.put("--tokens-file", folder.resolve("tokens").toString());
    try (var daemon = DaemonUnderTest.start(Optional.empty(), flags);
        var shop = client(folder)) {
      var url = "https://127.0.0.1:" + daemon.daemon.adminAddress().getPort();
      var call =
          HttpRequest.newBuilder(URI.create(url + "/v1/call/counter"))
              .timeout(LONG)
              .POST(BodyPublishers.ofString("1"));
      assertThat(send(shop, call).statusCode()).isEqualTo(401);
      assertThat(send(shop, call.header("authorization", "Bearer " + token)).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void handshakeThatFailsIsNotedAsALoginThatDoes(@TempDir Path others) throws Exception {
    DevelopmentCertificates.make(folder, List.of(), "shop");
    DevelopmentCertificates.make(others, List.of(), "shop");
    var flags =
        Map.of(
            "--tls-certificate", folder.resolve("server.crt").toString(),
            "--tls-key", folder.resolve("server.key").toString());
    try (var log = CapturedLog.of("dev.genserver.daemon.request");
        var daemon = DaemonUnderTest.start(Optional.empty(), flags);
        var distrusts =
            Peer.over(ClientTls.of("TLSv1.3", others, null), daemon.daemon.adminAddress())) {
      assertThatThrownBy(() -> distrusts.sendBytes((byte) 'x'))
          .hasCauseInstanceOf(SSLHandshakeException.class);
      Awaitility.await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(log.lines())
                  .anyMatch(line -> line.startsWith("login failed peer=127.0.0.1:")));
    }
  }

  private HttpClient client(Path own) throws Exception {
    return HttpClient.newBuilder().sslContext(ClientTls.of("TLSv1.3", folder, own)).build();
  }
}
