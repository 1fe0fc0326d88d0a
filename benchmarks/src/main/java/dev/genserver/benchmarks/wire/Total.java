package dev.genserver.benchmarks.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/// Asks a counter for its total, over a connection of its own.
public final class Total implements AutoCloseable {

  private static final byte[] GET = Frames.call(1, "counter", "\"get\"");
  private static final long PATIENCE = 30_000_000_000L;

  private final Socket socket;
  private final FrameReader frames;
  private final long initial;

  public Total(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    frames = new FrameReader(socket.getInputStream(), Framing.DEFAULT_MAX_FRAME);
    initial = now();
  }

  /// What it was when this was made.
  public long initial() {
    return initial;
  }

  /// Waits until the counter is there, or has not moved for long.
  ///
  /// @return what is missing
  public long await(long expected) throws IOException {
    var last = now();
    for (var moved = System.nanoTime(); last < expected; ) {
      LockSupport.parkNanos(1_000_000);
      var total = now();
      if (total != last) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > PATIENCE) {
        break;
      }
      last = total;
    }
    return expected - last;
  }

  private long now() throws IOException {
    while (true) {
      socket.getOutputStream().write(GET);
      var frame = frames.read();
      if (frame == null) {
        throw new EOFException("the server has closed the connection");
      }
      switch (ServerMessages.decode(frame, 0, frame.length)) {
        case ServerMessage.Reply reply -> {
          return Long.parseLong(reply.result().toString());
        }
        // So many casts wait that the question found no room, or no time.
        case ServerMessage.Failure(var _, var error)
            when error.code() == ErrorCode.OVERLOADED || error.code() == ErrorCode.TIMEOUT ->
            LockSupport.parkNanos(2_000_000);
        case ServerMessage other ->
            throw new IOException(
                "the counter's answer is " + other + ": " + new String(frame, US_ASCII));
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
