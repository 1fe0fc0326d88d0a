package dev.genserver.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// A way to a daemon that can be cut, frozen and made bad, as networks are.
final class Cable implements AutoCloseable {

  /// How bytes are carried one way.
  interface Carrier {

    /// Carries what comes until the stream ends.
    ///
    /// @throws Snapped if the connection is to be reset
    void carry(InputStream from, OutputStream to) throws IOException, Snapped;
  }

  /// The cable has broken.
  static final class Snapped extends Exception {}

  private final InetSocketAddress daemon;
  private final Carrier there;
  private final Carrier back;
  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean frozen;

  private Cable(InetSocketAddress daemon, Carrier there, Carrier back) throws IOException {
    this.daemon = daemon;
    this.there = there;
    this.back = back;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static Cable to(DaemonFixture daemon) {
    return to(daemon.daemon.address(), InputStream::transferTo, InputStream::transferTo);
  }

  /// @param there what happens to what a client sends
  /// @param back what happens to what the daemon sends
  static Cable to(InetSocketAddress daemon, Carrier there, Carrier back) {
    try {
      var cable = new Cable(daemon, there, back);
      Thread.ofVirtual().start(cable::connectAll);
      return cable;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Carries one byte at a time, each in a packet of its own.
  static void crumble(InputStream from, OutputStream to) throws IOException {
    for (int b; (b = from.read()) >= 0; ) {
      to.write(b);
      LockSupport.parkNanos(50_000);
    }
  }

  /// Carries so many bytes, then the connection is reset.
  static Carrier snapAfter(int bytes) {
    return (from, to) -> {
      to.write(from.readNBytes(bytes));
      throw new Snapped();
    };
  }

  /// Carries so many bytes, then nothing until it is released.
  static Carrier hangAfter(int bytes, CountDownLatch release) {
    return (from, to) -> {
      var buffer = new byte[bytes];
      for (int left = bytes, count; left > 0 && (count = from.read(buffer, 0, left)) > 0; ) {
        to.write(buffer, 0, count);
        left -= count;
      }
      try {
        release.await();
      } catch (InterruptedException _) {
        throw new Snapped();
      }
      from.transferTo(to);
    };
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void connectAll() {
    try {
      while (true) {
        var near = listener.accept();
        var far = new Socket(daemon.getAddress(), daemon.getPort());
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        sockets.addAll(List.of(near, far));
        Thread.ofVirtual().start(() -> pass(there, near, far));
        Thread.ofVirtual().start(() -> pass(back, far, near));
      }
    } catch (IOException _) {
      // The cable was cut.
    }
  }

  private void pass(Carrier carrier, Socket from, Socket to) {
    try {
      carrier.carry(from.getInputStream(), new Freezing(to.getOutputStream()));
      if (!frozen) {
        to.shutdownOutput();
      }
    } catch (IOException _) {
      // The cable was cut.
    } catch (Snapped _) {
      reset(from);
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on nothing arrives at either end, which neither is told: a machine lost its power, a
  /// firewall its memory.
  void freeze() {
    frozen = true;
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

  /// Swallows what is written once the cable is frozen.
  private final class Freezing extends OutputStream {

    private final OutputStream out;

    Freezing(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!frozen) {
        out.write(bytes, offset, length);
      }
    }
  }
}
