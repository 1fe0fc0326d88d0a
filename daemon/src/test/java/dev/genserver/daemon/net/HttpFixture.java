package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.http.Answer;
import dev.genserver.daemon.http.Endpoint;
import dev.genserver.daemon.http.Head;
import dev.genserver.daemon.http.Reception;
import dev.genserver.daemon.http.Request;
import dev.genserver.daemon.http.Sink;
import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// An HTTP server with an endpoint that does what the target says.
final class HttpFixture implements AutoCloseable, Endpoint {

  static final int MAX_BODY = 100_000;
  static final int MAX_HELD = 150_000;
  static final int LARGE = 32 << 20;
  static final Duration LONG = Duration.ofSeconds(30);

  final Node node = Node.create();
  final AdminServer server;

  /// Lets `/wait` go on.
  final Semaphore gate = new Semaphore(0);

  /// How many of `/wait` and `/large` are, or were, at work.
  final Semaphore atGate = new Semaphore(0);

  /// How many of `/wait` were told that the peer has hung up.
  final Semaphore gone = new Semaphore(0);

  /// The viewers of `/events`.
  final BlockingQueue<Sink> viewers = new LinkedBlockingQueue<>();

  HttpFixture() {
    this(LONG, LONG, LONG);
  }

  /// @param headTimeout goes for idle connections too
  HttpFixture(Duration headTimeout, Duration bodyTimeout, Duration slowGrace) {
    try {
      server =
          AdminServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              null,
              new HttpSettings(
                  headTimeout, headTimeout, MAX_BODY, MAX_HELD, bodyTimeout, slowGrace),
              new Gate(node, new AccessControl(Access.OPEN)),
              this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Reception receive(Head head) {
    return switch (head.target()) {
      case "/late" -> new Reception.Answered(Answer.text(401, "late"), Duration.ofMillis(300));
      case "/wait" -> new Reception.Accepted(this::waitAtGate);
      case "/events" -> new Reception.Accepted(_ -> new Answer.Events(viewers::add));
      case "/defect" -> throw new IllegalStateException("told to");
      case "/late-defect" ->
          new Reception.Accepted(_ -> {
            throw new IllegalStateException("told to");
          });
      case "/large" -> new Reception.Accepted(_ -> large());
      default ->
          head.method().equals("POST")
              ? new Reception.Accepted(HttpFixture::echo)
              : Reception.now(Answer.text(200, head.method() + " " + head.target()));
    };
  }

  private Answer large() {
    atGate.release();
    return Answer.of(200, "text/plain", new byte[LARGE]);
  }

  private static Answer echo(Request request) {
    return Answer.of(200, "text/plain", request.body());
  }

  private Answer waitAtGate(Request request) {
    request.whenGone(gone::release);
    atGate.release();
    try {
      return gate.tryAcquire(30, TimeUnit.SECONDS)
          ? Answer.text(200, "waited")
          : Answer.text(500, "waited in vain");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.text(500, "interrupted");
    }
  }

  Peer peer() {
    return new Peer(server.address());
  }

  static byte[] get(String target) {
    return bytes("GET " + target + " HTTP/1.1\r\nhost: x\r\n\r\n");
  }

  static byte[] post(String target, String body) {
    return bytes(
        "POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(target, body.length(), body));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static void await(Semaphore semaphore, int count) throws InterruptedException {
    if (!semaphore.tryAcquire(count, 20, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not happen " + count + " times within 20 s");
    }
  }

  @Override
  public void close() {
    gate.release(1_000);
    server.close();
    node.close();
  }
}
