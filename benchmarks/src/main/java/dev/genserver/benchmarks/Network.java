package dev.genserver.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An address that leads to a daemon, or to none, over a network that can be cut and stalled.
/// Thread-safe.
final class Network implements AutoCloseable {

  private static final int NOBODY = 0;

  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flows = lock.newCondition();
  private boolean stalled;
  private volatile int target = NOBODY;

  Network() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// New connections lead there from now on; those that are open stay where they are.
  void leadTo(int port) {
    target = port;
  }

  /// New connections are reset from now on.
  void leadNowhere() {
    target = NOBODY;
  }

  /// Resets all connections.
  void cut() {
    sockets.forEach(Network::reset);
  }

  /// Holds back what is sent from now on, in both directions.
  void stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
  }

  /// Lets flow what was held back.
  void resume() {
    lock.lock();
    try {
      stalled = false;
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException _) {
      cut(); // closed
    }
  }

  private void connect(Socket client) {
    try {
      if (target == NOBODY) {
        throw new IOException("nobody is there");
      }
      var daemon = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(daemon);
      client.setTcpNoDelay(true);
      daemon.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(daemon, client));
      copy(client, daemon);
    } catch (IOException _) {
      reset(client);
      sockets.remove(client);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      var buffer = new byte[1 << 14];
      for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
        awaitFlow();
        to.getOutputStream().write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException _) {
      reset(from);
      reset(to);
    } finally {
      if (from.isClosed() || to.isInputShutdown() || to.isClosed()) {
        sockets.remove(from);
        sockets.remove(to);
      }
    }
  }

  private void awaitFlow() {
    lock.lock();
    try {
      while (stalled) {
        flows.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // It was closed already.
    }
  }

  @Override
  public void close() throws IOException {
    resume();
    listener.close();
  }
}
