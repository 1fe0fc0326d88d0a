package dev.genserver.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// A client's end of a TLS connection, over a channel that does not block; nor does this one.
///
/// One thread may read while another one writes. Once [#write] has not taken all of a buffer, the
/// next one must go on with the same bytes: they may be on their way, encrypted.
public final class TlsChannel implements ByteChannel {

  /*
   * Bytes come from the channel into `received` and leave it, decrypted, for `readable`; both are the
   * reader's. They leave for the channel through `sending`, encrypted, which `writeLock` guards along
   * with `wrapped`: the reader writes as well, where TLS itself has something to answer.
   *
   * All buffers are kept ready to be read from.
   */

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final TlsOptions options;
  private final String host;
  private final SSLEngine engine;

  private ByteBuffer received;
  private ByteBuffer readable;
  private boolean ended;

  private final Object writeLock = new Object();
  private ByteBuffer sending;
  private int wrapped; // so many of the caller's bytes are in `sending`

  private TlsChannel(SocketChannel channel, TlsOptions options, String host, SSLEngine engine) {
    this.channel = channel;
    this.options = options;
    this.host = host;
    this.engine = engine;
    this.received = emptyBuffer(engine.getSession().getPacketBufferSize());
    this.sending = emptyBuffer(engine.getSession().getPacketBufferSize());
    this.readable = emptyBuffer(engine.getSession().getApplicationBufferSize());
  }

  /// Agrees with the daemon on TLS, and verifies it. Blocks for at most `nanos`.
  ///
  /// @param channel connected, and not blocking; stays the caller's if this fails
  /// @param host what it is connected to, an IPv6 address without brackets
  /// @throws TlsException if that fails
  /// @throws SocketTimeoutException if it takes longer
  public static TlsChannel connect(
      SocketChannel channel, TlsOptions options, String host, long nanos) throws IOException {
    long deadline = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
    var engine = options.engine(host, channel.socket().getPort());
    var tls = new TlsChannel(channel, options, host, engine);
    try (var selector = Selector.open()) {
      tls.handshake(channel.register(selector, 0), deadline);
      return tls;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw TlsFailures.explain(tls.lastWord(e), options, host);
    }
  }

  private void handshake(SelectionKey key, long deadline) throws IOException {
    engine.beginHandshake();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> {
          wrap(NOTHING);
          while (!flush(NOTHING)) {
            await(key, SelectionKey.OP_WRITE, deadline);
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          while (!unwrap()) {
            if (ended) {
              throw new EOFException("end of stream");
            }
            await(key, SelectionKey.OP_READ, deadline);
          }
        }
        case NEED_TASK -> runTasks();
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private static void await(SelectionKey key, int operation, long deadline) throws IOException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no TLS handshake in time");
    }
    key.interestOps(operation);
    key.selector().select(millis);
    key.selector().selectedKeys().clear();
  }

  /// What is best said of a handshake that failed. A daemon that hangs up has said why, though what
  /// failed here may be a write; it is told in turn why this side does.
  private IOException lastWord(IOException failure) {
    try {
      if (failure instanceof SSLException) {
        wrap(NOTHING);
        flush(NOTHING);
      } else {
        while (unwrap()) {
          // It is the last record that counts.
        }
      }
    } catch (SSLException said) {
      return failure instanceof SSLException ? failure : said;
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  // For the reader.

  /// Reads what is there, decrypted: as much as fits, or all that has come.
  ///
  /// @return 0 if nothing is; -1 once the daemon has ended its side
  /// @throws TlsException if the daemon says that it does not go on, or breaks the rules of TLS
  @Override
  public int read(ByteBuffer target) throws IOException {
    int start = target.position();
    try {
      while (target.hasRemaining() && (readable.hasRemaining() || unwrap())) {
        if (mustAnswer()) {
          answer();
        }
        int count = Math.min(target.remaining(), readable.remaining());
        target.put(target.position(), readable, readable.position(), count);
        target.position(target.position() + count);
        readable.position(readable.position() + count);
      }
    } catch (SSLException e) {
      throw TlsFailures.explain(e, options, host);
    }
    int count = target.position() - start;
    return count == 0 && ended ? -1 : count;
  }

  /// Decrypts one record, which may be TLS's own and hold nothing; false if none is there.
  private boolean unwrap() throws IOException {
    while (!ended) {
      readable.clear();
      var result = engine.unwrap(received, readable);
      readable.flip();
      switch (result.getStatus()) {
        case OK -> {
          runTasks();
          return true;
        }
        case BUFFER_UNDERFLOW -> {
          if (!receive()) {
            return false;
          }
        }
        case BUFFER_OVERFLOW -> readable = emptyBuffer(session().getApplicationBufferSize());
        case CLOSED -> ended = true;
      }
    }
    return false;
  }

  private boolean receive() throws IOException {
    if (received.capacity() < session().getPacketBufferSize()) {
      received = ByteBuffer.allocate(session().getPacketBufferSize()).put(received).flip();
    }
    received.compact();
    int count = channel.read(received);
    received.flip();
    // Frames have a length, so an end that TLS does not confirm cuts none short unseen.
    ended = count < 0;
    return count > 0;
  }

  private void runTasks() {
    for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
      task.run();
    }
  }

  // For the writer.

  /// Takes as much as the channel takes now, encrypted.
  @Override
  public int write(ByteBuffer source) throws IOException {
    synchronized (writeLock) {
      int start = source.position();
      while (flush(source) && (source.hasRemaining() || mustAnswer())) {
        if (!wrap(source)) {
          throw new SSLException("the daemon wants another handshake, which is not supported");
        }
      }
      return source.position() - start;
    }
  }

  /// Whether TLS has something to say on its own, such as that it changes keys as well.
  private boolean mustAnswer() {
    // Once the daemon has ended its side the engine would always have its own ended too.
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isInboundDone();
  }

  private void answer() throws IOException {
    synchronized (writeLock) {
      // Otherwise the writer is at it, and does this next.
      if (!sending.hasRemaining()) {
        write(NOTHING);
      }
    }
  }

  /// Encrypts a record's worth of `source`; false if the engine has to read first.
  private boolean wrap(ByteBuffer source) throws IOException {
    while (true) {
      sending.clear();
      // The position stays: how far it goes is told once the record is on its way.
      var result = engine.wrap(source.duplicate(), sending);
      sending.flip();
      switch (result.getStatus()) {
        case OK, BUFFER_UNDERFLOW -> {
          wrapped = result.bytesConsumed();
          return result.bytesProduced() > 0;
        }
        case BUFFER_OVERFLOW -> sending = emptyBuffer(session().getPacketBufferSize());
        case CLOSED -> {
          if (result.bytesProduced() > 0) {
            return true; // the farewell
          }
          throw new SSLException("the TLS connection is closed");
        }
      }
    }
  }

  /// Writes what is encrypted; false if the channel does not take all of it.
  private boolean flush(ByteBuffer source) throws IOException {
    if (sending.hasRemaining()) {
      channel.write(sending);
    }
    if (sending.hasRemaining()) {
      return false;
    }
    source.position(source.position() + wrapped);
    wrapped = 0;
    return true;
  }

  // The end.

  /// Tells the daemon that nothing more comes; it may go on. All must have been written before.
  public void shutdownOutput() throws IOException {
    engine.closeOutbound();
    answer();
    channel.shutdownOutput();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /// Closes the channel, without a farewell.
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private SSLSession session() {
    var handshaking = engine.getHandshakeSession();
    return handshaking == null ? engine.getSession() : handshaking;
  }

  private static ByteBuffer emptyBuffer(int capacity) {
    return ByteBuffer.allocate(capacity).flip();
  }
}
