package dev.genserver.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Reads a channel that does not block as if it did, and meanwhile watches for room to write.
///
/// For the connection's own thread; [#watchForRoom] and [#lastRead] are for any.
final class ChannelInput extends InputStream {

  /// What is done when there is room to write.
  interface Writer {
    void write();
  }

  private final ByteChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Writer writer;

  // The last read emptied the channel, so the next one would most likely be in vain.
  private boolean drained;

  private volatile long lastRead = System.nanoTime();

  /// @param key tells when there is something to read
  ChannelInput(ByteChannel channel, SelectionKey key, Writer writer) {
    this.channel = channel;
    this.selector = key.selector();
    this.key = key;
    this.writer = writer;
  }

  /// Has the writer called as soon as the channel takes more.
  void watchForRoom() {
    try {
      key.interestOpsOr(SelectionKey.OP_WRITE);
      selector.wakeup();
    } catch (CancelledKeyException e) {
      // The channel was closed; its thread ends and tells everybody who waits.
      selector.wakeup();
    }
  }

  /// When something was read last, by [System#nanoTime].
  long lastRead() {
    return lastRead;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      if (!drained) {
        int count = channel.read(ByteBuffer.wrap(target, offset, length));
        drained = count < length;
        if (count != 0) {
          lastRead = System.nanoTime();
          return count;
        }
      }
      await();
    }
  }

  private void await() throws IOException {
    selector.select();
    selector.selectedKeys().clear();
    if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
      // Trying costs no more than asking whether it would help; it asks again if it did not.
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
      writer.write();
    }
    drained = false;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
