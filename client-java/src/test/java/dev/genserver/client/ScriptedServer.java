package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// A daemon that does to its connections, one after the other, exactly what a test says. While it
/// runs its last script, and after that, nobody listens there.
final class ScriptedServer implements AutoCloseable {

  /// What the server does.
  interface Script {
    void run(Peer peer) throws Exception;
  }

  /// The server's end of the connection.
  static final class Peer {
    private final Socket socket;
    private final FrameReader in;
    private final FrameWriter out;

    Peer(Socket socket) throws IOException {
      this(socket, socket.getInputStream(), socket.getOutputStream());
    }

    Peer(Socket socket, InputStream in, OutputStream out) {
      this.socket = socket;
      this.in = new FrameReader(in, Framing.MAX_FRAME_CEILING);
      this.out = new FrameWriter(out);
    }

    /// The next message; null once the client has ended its side.
    ClientMessage read() throws IOException {
      byte[] frame = in.read();
      return frame == null ? null : ClientMessages.decode(frame, 0, frame.length);
    }

    <T extends ClientMessage> T read(Class<T> type) throws IOException {
      return type.cast(read());
    }

    void send(ServerMessage message) throws IOException {
      out.write(message);
    }

    void reply(ClientMessage to, String result) throws IOException {
      send(new ServerMessage.Reply(to.id(), RawJson.of(result)));
    }

    void raw(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    void welcome() throws IOException {
      welcome(Framing.DEFAULT_MAX_FRAME);
    }

    void welcome(int maxFrame) throws IOException {
      welcome(read(ClientMessage.Hello.class), maxFrame, null);
    }

    void welcome(ClientMessage.Hello hello, int maxFrame, String principal) throws IOException {
      var limits = new ServerMessage.Limits(maxFrame, 1024, 3_600_000, 5_000, 90_000);
      send(new ServerMessage.Welcome(hello.id(), 1, "scripted", "test", principal, limits));
    }

    /// Reads, and ignores, all that still comes.
    void drain() throws IOException {
      ClientMessage message;
      do {
        message = read();
      } while (message != null);
    }

    /// Hangs up so that the client notices it at once, whatever it is at.
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    void hangUp() throws IOException {
      socket.close();
    }
  }

  private final ServerSocket listener;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final int port;

  private ScriptedServer(ServerSocketFactory sockets) throws IOException {
    this.listener = sockets.createServerSocket();
    // Few bytes wait on this side, else a script that does not read would be sent all there is.
    listener.setReceiveBufferSize(64 * 1024);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.port = listener.getLocalPort();
  }

  /// A server that runs the first script on the first connection, then closes it, then the second
  /// script on the second one, and so on.
  static ScriptedServer raw(Script... scripts) throws IOException {
    return new ScriptedServer(ServerSocketFactory.getDefault()).run(scripts);
  }

  /// The same by TLS, of one version, and if need be for clients with a certificate only.
  static ScriptedServer tls(SSLContext context, String version, boolean asks, Script script)
      throws IOException {
    var server = new ScriptedServer(context.getServerSocketFactory());
    var listener = (SSLServerSocket) server.listener;
    listener.setEnabledProtocols(new String[] {version});
    listener.setNeedClientAuth(asks);
    return server.run(script);
  }

  private ScriptedServer run(Script... scripts) {
    var thread = new Thread(() -> serve(scripts), "scripted-server");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  /// The same, each after the welcome.
  static ScriptedServer start(Script... scripts) throws IOException {
    return raw(Stream.of(scripts).map(ScriptedServer::welcoming).toArray(Script[]::new));
  }

  static Script welcoming(Script script) {
    return peer -> {
      peer.welcome();
      script.run(peer);
    };
  }

  private void serve(Script... scripts) {
    try {
      for (int i = 0; i < scripts.length; i++) {
        try (var socket = listener.accept()) {
          if (i == scripts.length - 1) {
            listener.close();
          }
          socket.setTcpNoDelay(true);
          scripts[i].run(new Peer(socket));
        }
      }
      end.complete(null);
    } catch (Throwable e) {
      end.completeExceptionally(e);
    }
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  GenServerClient connect() {
    return GenServerClient.connect(address());
  }

  /// Waits until the script has run, and fails if it failed.
  void awaitEnd() throws Exception {
    end.get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
