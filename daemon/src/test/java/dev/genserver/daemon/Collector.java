package dev.genserver.daemon;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// A collector of traces, by OTLP over HTTP, that keeps what it gets.
final class Collector implements AutoCloseable {

  /// A span with what the tests look at.
  record Got(
      String traceId,
      String id,
      String parent,
      String name,
      Span.SpanKind kind,
      long begin,
      long end,
      boolean isError,
      Map<String, Object> attributes) {

    static Got of(Span span) {
      return new Got(
          hex(span.getTraceId()),
          hex(span.getSpanId()),
          hex(span.getParentSpanId()),
          span.getName(),
          span.getKind(),
          span.getStartTimeUnixNano(),
          span.getEndTimeUnixNano(),
          span.getStatus().getCodeValue() == 2,
          read(span.getAttributesList()));
    }
  }

  private final List<Got> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> resources = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final ReentrantReadWriteLock taking = new ReentrantReadWriteLock();
  private final HttpServer server;
  private volatile int status = 200;

  private Collector(HttpServer server) {
    this.server = server;
  }

  static Collector start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var collector = new Collector(server);
    server.createContext("/v1/traces", collector::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return collector;
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  private void handle(HttpExchange exchange) throws IOException {
    taking.readLock().lock();
    try (exchange) {
      var body = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
      if (status == 200) {
        take(ExportTraceServiceRequest.parseFrom(body));
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      }
      exchange.sendResponseHeaders(status, -1);
    } finally {
      taking.readLock().unlock();
    }
  }

  private void take(ExportTraceServiceRequest request) {
    bodies.add(request.toString());
    for (ResourceSpans each : request.getResourceSpansList()) {
      resources.add(read(each.getResource().getAttributesList()));
      each.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .map(Got::of)
          .forEach(spans::add);
    }
  }

  private static Map<String, Object> read(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> value(each.getValue())));
  }

  private static Object value(AnyValue value) {
    return value.hasDoubleValue() ? (Object) value.getDoubleValue() : value.getStringValue();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /// Answers with this from now on, and keeps nothing unless it is 200.
  void answer(int status) {
    this.status = status;
  }

  /// Lets everybody wait for their answers.
  ///
  /// @return lets them wait no longer
  AutoCloseable pause() {
    var hold = taking.writeLock();
    hold.lock();
    return hold::unlock;
  }

  List<Got> spans() {
    return List.copyOf(spans);
  }

  /// Those of a trace.
  Stream<Got> spans(String traceId) {
    return spans().stream().filter(span -> span.traceId().equals(traceId));
  }

  /// What each batch said of who sent it.
  List<Map<String, Object>> resources() {
    return List.copyOf(resources);
  }

  /// All that came, as text.
  String everything() {
    return String.join("\n", bodies);
  }

  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /// Hangs up.
  @Override
  public void close() {
    server.stop(0);
  }
}
