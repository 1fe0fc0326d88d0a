package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// A daemon that says what a test tells it to. Keeps every request for the test to look at.
final class ScriptedDaemon implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket listener;
  private final Script script;
  private final BlockingQueue<ClientMessage> requests = new LinkedBlockingQueue<>();

  /// What the daemon does on a request.
  interface Script {
    void on(ClientMessage request, Peer peer) throws IOException;
  }

  /// The connection to the command line.
  record Peer(Socket socket, FrameWriter writer) {

    void say(ServerMessage... messages) throws IOException {
      for (var message : messages) {
        writer.write(message);
      }
    }

    void sayBytes(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    void hangUp() throws IOException {
      socket.close();
    }
  }

  private ScriptedDaemon(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    Thread.ofVirtual().name("scripted daemon").start(this::accept);
  }

  static ScriptedDaemon that(Script script) throws IOException {
    return new ScriptedDaemon(listener(ServerSocketFactory.getDefault()), script);
  }

  /// One that speaks TLS and replies `result` to calls.
  ///
  /// @param asks whether it is for clients with a certificate only
  static ScriptedDaemon byTls(SSLContext context, boolean asks, String result) throws IOException {
    var listener = (SSLServerSocket) listener(context.getServerSocketFactory());
    listener.setNeedClientAuth(asks);
    return new ScriptedDaemon(listener, (request, peer) -> peer.say(answer(request, result)));
  }

  private static ServerSocket listener(ServerSocketFactory sockets) throws IOException {
    return sockets.createServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  /// One that replies `result` to calls and does what else it is asked for.
  static ScriptedDaemon thatReplies(String result) throws IOException {
    return that((request, peer) -> peer.say(answer(request, result)));
  }

  static ScriptedDaemon thatIsSilent() throws IOException {
    return that((request, peer) -> {});
  }

  static RequestId idOf(ClientMessage request) {
    var id = request.id();
    if (id == null) {
      throw new AssertionError("expected a request with an id, got " + request);
    }
    return id;
  }

  private static ServerMessage[] answer(ClientMessage request, String result) {
    var id = request.id();
    if (id == null) {
      return new ServerMessage[0];
    }
    return new ServerMessage[] {
      switch (request) {
        case ClientMessage.Call _ -> new ServerMessage.Reply(id, RawJson.of(result));
        case ClientMessage.Ping _ -> new ServerMessage.Pong(id);
        case ClientMessage.Hello _ -> welcome(id);
        default -> new ServerMessage.Ok(id, null);
      }
    };
  }

  static ServerMessage welcome(RequestId id) {
    var limits = new ServerMessage.Limits(Framing.DEFAULT_MAX_FRAME, 16, 3_600_000, 5_000, 90_000);
    return new ServerMessage.Welcome(id, 1, "scripted", "test", "shop", limits);
  }

  int port() {
    return listener.getLocalPort();
  }

  String url() {
    return "127.0.0.1:" + port();
  }

  /// The next request.
  ClientMessage request() throws InterruptedException {
    var request = requests.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (request == null) {
      throw new AssertionError("no request came within " + PATIENCE);
    }
    return request;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var reader = new FrameReader(socket.getInputStream(), Framing.DEFAULT_MAX_FRAME);
      var peer = new Peer(socket, new FrameWriter(socket.getOutputStream()));
      for (byte[] frame = reader.read(); frame != null; frame = reader.read()) {
        var request = ClientMessages.decode(frame, 0, frame.length);
        requests.add(request);
        script.on(request, peer);
      }
    } catch (IOException _) {
      // The script hung up, or the command line did.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
