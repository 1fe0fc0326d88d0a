package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/// When the time is up that a [TimeLimit] allows.
final class Deadline {

  /// How much longer than the daemon this side waits, so that the daemon's better answer wins.
  private static final long GRACE_MILLIS = 500;

  private boolean never;
  private final long nanoTime;

  /// Counts from now.
  Deadline(TimeLimit limit) {
    this.never = limit.isInfinite();
    this.nanoTime = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit.millis());
  }

  /// From now on there is no limit.
  void lift() {
    never = true;
  }

  /// What the daemon may still take; [ClientMessage#INFINITY] for as long as it likes.
  long remainingMillis() {
    return never ? ClientMessage.INFINITY : Math.max(0, millis());
  }

  /// How long to wait on a socket, in milliseconds; 0 is no limit.
  ///
  /// @throws SocketTimeoutException if the time is up
  int socketTimeout() throws SocketTimeoutException {
    if (never) {
      return 0;
    }
    long millis = millis() + GRACE_MILLIS;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  // Rounded up, so that the first moments do not shave off a millisecond.
  private long millis() {
    return Math.ceilDiv(nanoTime - System.nanoTime(), 1_000_000L);
  }

  /// What the socket receives until then, as a whole; a socket's own limit is one for each read.
  InputStream on(Socket socket) throws IOException {
    return new TimedInput(socket, socket.getInputStream());
  }

  private final class TimedInput extends InputStream {

    private final Socket socket;
    private final InputStream in;

    TimedInput(Socket socket, InputStream in) {
      this.socket = socket;
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      socket.setSoTimeout(socketTimeout());
      return in.read(bytes, offset, length);
    }
  }
}
