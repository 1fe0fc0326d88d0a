package dev.genserver.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// A client that does nothing wrong, beside those that do: each of its calls must be replied to.
/// For one thread, but [#end] is for any.
final class Caller implements AutoCloseable {

  private static final int PATIENCE_MS = 20_000;

  /// A call every millisecond is enough to see what others do to it.
  private static final long PAUSE_NANOS = 1_000_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private long[] nanos = new long[1 << 16];
  private int calls;
  private volatile boolean ended;

  Caller(InetSocketAddress daemon) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(daemon, PATIENCE_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /// Sends a request and gives its answer.
  String ask(String json) throws IOException {
    var content = json.getBytes(UTF_8);
    socket.getOutputStream().write(new Bytes().addLength(content.length).add(content).copy());
    var answer = new byte[in.readInt()];
    in.readFully(answer);
    return new String(answer, UTF_8);
  }

  /// Calls until [#end].
  ///
  /// @throws AssertionError if a call is not replied to
  void callUntilEnded() throws IOException {
    while (!ended) {
      var began = System.nanoTime();
      var answer =
          ask(
              "{\"op\":\"call\",\"id\":%d,\"to\":\"fuzz.control\",\"msg\":{\"type\":\"echo\",\"value\":%d}}"
                  .formatted(calls, calls));
      var wanted = "{\"op\":\"reply\",\"id\":%d,\"result\":%d}".formatted(calls, calls);
      if (!answer.equals(wanted)) {
        throw new AssertionError("a client that does nothing wrong got " + answer);
      }
      if (calls == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * calls);
      }
      nanos[calls++] = System.nanoTime() - began;
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  void end() {
    ended = true;
  }

  int calls() {
    return calls;
  }

  /// How long calls took that were slower than this part of all of them, in milliseconds.
  double percentileMs(double part) {
    if (calls == 0) {
      return 0;
    }
    var sorted = Arrays.copyOf(nanos, calls);
    Arrays.sort(sorted);
    return sorted[(int) (part * (calls - 1))] / 1e6;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
