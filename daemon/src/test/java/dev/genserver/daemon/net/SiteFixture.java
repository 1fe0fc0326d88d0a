package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.http.CallLimits;
import dev.genserver.daemon.http.Callers;
import dev.genserver.daemon.http.Calls;
import dev.genserver.daemon.http.LiveStream;
import dev.genserver.daemon.http.Metrics;
import dev.genserver.daemon.http.Readiness;
import dev.genserver.daemon.http.Site;
import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.RawJson;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A node with a [Probe] called `probe`, served over HTTP on a free port.
final class SiteFixture implements AutoCloseable {

  static final int MAX_BODY = 1 << 20;
  static final Duration MAX_TIMEOUT = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  final Node node = Node.create();
  final Probe probe = new Probe();
  final Readiness readiness = new Readiness();
  final Pid pid;
  final AccessControl access;
  final Gate gate;
  final AdminServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private SiteFixture(Access access, UnaryOperator<StartOptions> options, @Nullable Tls tls) {
    this.access = new AccessControl(access);
    this.gate = new Gate(node, this.access);
    this.pid = node.start(probe, options.apply(StartOptions.named("probe"))).pidOrThrow();
    var calls = new Calls(gate, node, new Callers(), new CallLimits(MAX_BODY, MAX_TIMEOUT, false));
    Metrics metrics =
        (accept, perProcess) ->
            new Metrics.Scrape("text/plain; version=0.0.4", accept + " " + perProcess);
    LiveStream live =
        viewer -> {
          viewer.send("sample", "{}");
          viewer.close();
        };
    var site = Site.of(gate, readiness, calls, metrics, live);
    try {
      server =
          AdminServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              tls,
              new HttpSettings(LONG, LONG, MAX_BODY, 16L * MAX_BODY, LONG, LONG),
              gate,
              site);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    readiness.running(List::of);
  }

  static SiteFixture start() {
    return start(Access.OPEN, null);
  }

  static SiteFixture start(UnaryOperator<StartOptions> options) {
    return new SiteFixture(Access.OPEN, options, null);
  }

  /// @param tls null for plain HTTP
  static SiteFixture start(Access access, @Nullable Tls tls) {
    return new SiteFixture(access, options -> options, tls);
  }

  Peer peer() {
    return new Peer(server.address());
  }

  HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + target))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String target, String... headers) {
    var request = request(target);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> post(String target, String body, String... headers) {
    var request = request(target).POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /// Sends without waiting for the answer.
  CompletableFuture<HttpResponse<String>> postAsync(String target, String body) {
    return client.sendAsync(
        request(target).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  /// The error object of an answer.
  @SuppressWarnings("unchecked")
  static Map<String, Object> error(HttpResponse<String> answer) {
    var body = answer.body().strip().getBytes(StandardCharsets.UTF_8);
    return Peer.error((Map<String, Object>) RawJson.of(body, 0, body.length).toValue());
  }

  static Map<?, ?> details(HttpResponse<String> answer) {
    return (Map<?, ?>) error(answer).get("details");
  }

  /// What the probe has handled.
  List<?> log() {
    return node.call(pid, new Probe.Call.Log(), List.class);
  }

  /// Waits until the probe is in a callback that waits at its gate.
  void awaitGate() throws InterruptedException {
    if (!probe.atGate.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the probe did not reach its gate");
    }
  }

  @Override
  public void close() {
    probe.gate.release(1_000_000);
    client.close();
    server.close();
    node.close();
  }
}
