package dev.genserver.benchmarks.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// A connection that does not block and costs little: of an answer it looks at its kind and its id.
/// One thread may read and another one write.
final class Link implements AutoCloseable {

  /// Who is told of answers.
  interface Answers {

    /// There is an answer.
    ///
    /// @param failed whether it is an error
    /// @param now when it was read
    void answered(long id, boolean failed, long now);
  }

  private static final int READ_BYTES = 256 * 1024;
  private static final int OP = "{\"op\":\"".length();
  private static final byte[] ID = "\"id\":".getBytes(US_ASCII);

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(READ_BYTES);
  private ByteBuffer out = ByteBuffer.allocate(READ_BYTES);

  private Link(SocketChannel channel) {
    this.channel = channel;
  }

  static Link to(int port) throws IOException {
    var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return new Link(channel);
  }

  SelectionKey register(Selector selector, int operations, Object attachment) throws IOException {
    return channel.register(selector, operations, attachment);
  }

  /// Reads what is there, once, and tells of each answer in it.
  void read(Answers answers) throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException("the server has closed a connection");
    }
    var now = System.nanoTime();
    in.flip();
    while (in.remaining() >= Integer.BYTES) {
      var length = in.getInt(in.position());
      if (in.remaining() < Integer.BYTES + length) {
        break;
      }
      var start = in.position() + Integer.BYTES;
      answer(answers, in.array(), start, start + length, now);
      in.position(start + length);
    }
    in.compact();
  }

  private static void answer(Answers answers, byte[] bytes, int start, int end, long now)
      throws IOException {
    switch (bytes[start + OP]) {
      case 'r', 'c' -> answers.answered(id(bytes, start, end), false, now); // a reply, or an echo
      case 'e' -> answers.answered(id(bytes, start, end), true, now);
      case 'p' -> {} // a ping, for those that are silent
      default -> throw unexpected(bytes, start, end);
    }
  }

  private static long id(byte[] bytes, int start, int end) throws IOException {
    for (var at = start + OP; at < end - ID.length; at++) {
      if (bytes[at] == '"' && bytes[at + 1] == 'i' && isId(bytes, at)) {
        return number(bytes, at + ID.length);
      }
    }
    throw unexpected(bytes, start, end);
  }

  private static boolean isId(byte[] bytes, int at) {
    return bytes[at + 2] == ID[2] && bytes[at + 3] == ID[3] && bytes[at + 4] == ID[4];
  }

  private static long number(byte[] bytes, int from) {
    var number = 0L;
    for (var at = from; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      number = number * 10 + bytes[at] - '0';
    }
    return number;
  }

  private static IOException unexpected(byte[] bytes, int start, int end) {
    return new IOException(
        "the server said " + new String(bytes, start, Math.min(200, end - start), US_ASCII));
  }

  /// Has a frame sent with the next [#flush].
  void put(byte[] frame) {
    if (out.remaining() < frame.length) {
      out.flip();
      out = ByteBuffer.allocate(2 * (out.remaining() + frame.length)).put(out);
    }
    out.put(frame);
  }

  /// Sends what can be sent now.
  ///
  /// @return whether that was all
  boolean flush() throws IOException {
    if (out.position() == 0) {
      return true;
    }
    out.flip();
    channel.write(out);
    out.compact();
    return out.position() == 0;
  }

  /// Sends as much of it as can be sent now.
  int write(ByteBuffer bytes) throws IOException {
    return channel.write(bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
