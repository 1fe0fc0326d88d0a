package dev.genserver.cli;

import dev.genserver.protocol.TlsChannel;
import dev.genserver.protocol.TlsOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/// A connection by TLS that blocks, until the time is up.
final class SecureConnection implements Closeable {

  private final SocketChannel socket;
  private final TlsChannel channel;
  private final Selector readable;
  private final Deadline deadline;

  private SecureConnection(SocketChannel socket, TlsChannel channel, Deadline deadline)
      throws IOException {
    this.socket = socket;
    this.channel = channel;
    this.readable = selector(socket, SelectionKey.OP_READ);
    this.deadline = deadline;
  }

  /// Connects, and agrees on TLS.
  static SecureConnection open(
      TlsOptions options, InetSocketAddress address, String host, Deadline deadline)
      throws IOException {
    var socket = SocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.socket().connect(address, deadline.socketTimeout());
      socket.configureBlocking(false);
      int millis = deadline.socketTimeout();
      long nanos = millis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
      var channel = TlsChannel.connect(socket, options, host, nanos);
      return new SecureConnection(socket, channel, deadline);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Selector selector(SocketChannel socket, int operation) throws IOException {
    var selector = Selector.open();
    socket.register(selector, operation);
    return selector;
  }

  InputStream input() {
    return new Input();
  }

  OutputStream output() {
    return new Output();
  }

  private void await(Selector selector) throws IOException {
    selector.select(deadline.socketTimeout());
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    readable.close();
    channel.close();
  }

  private final class Input extends InputStream {

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var target = ByteBuffer.wrap(bytes, offset, length);
      int count;
      while ((count = channel.read(target)) == 0 && length > 0) {
        await(readable);
      }
      return count;
    }
  }

  private final class Output extends OutputStream {

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      var source = ByteBuffer.wrap(bytes, offset, length);
      channel.write(source);
      if (source.hasRemaining()) {
        // Of its own, since another thread may wait for something to read.
        try (var writable = selector(socket, SelectionKey.OP_WRITE)) {
          while (source.hasRemaining()) {
            await(writable);
            channel.write(source);
          }
        }
      }
    }
  }
}
