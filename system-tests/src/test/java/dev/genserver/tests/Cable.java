package dev.genserver.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A way to a daemon that can be cut, as when its machine dies.
final class Cable implements AutoCloseable {

  private final InetSocketAddress daemon;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private Cable(InetSocketAddress daemon) throws IOException {
    this.daemon = daemon;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static Cable to(DaemonFixture daemon) {
    try {
      var cable = new Cable(daemon.daemon.address());
      Thread.ofVirtual().start(cable::connectAll);
      return cable;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void connectAll() {
    try {
      while (true) {
        var near = listener.accept();
        var far = new Socket(daemon.getAddress(), daemon.getPort());
        sockets.addAll(List.of(near, far));
        Thread.ofVirtual().start(() -> pass(near, far));
        Thread.ofVirtual().start(() -> pass(far, near));
      }
    } catch (IOException _) {
      // The cable was cut.
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // The cable was cut.
    }
  }

  /// Ends every connection and takes no more.
  void cut() {
    close();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
