package dev.genserver.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Requests that are sent when their time has come, whether those before are answered or not, over
/// many connections. Latency counts from when a request was due, not from when it got out.
final class OpenLoop implements AutoCloseable {

  /// How a request ended.
  enum End {
    OPEN,
    REPLIED,
    CAST_TAKEN,
    OVERLOADED,
    EXPIRED_QUEUED,
    EXPIRED_RUNNING,
    OTHER
  }

  /// One request in ten is a confirmed cast, one in five has 50 ms, the others a second.
  private static final int CAST = 10;

  private final List<Socket> sockets = new ArrayList<>();
  private final List<DataOutputStream> outs = new ArrayList<>();
  private final AtomicInteger excess = new AtomicInteger();
  private final AtomicInteger dishonest = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile AtomicReferenceArray<End> ends = ends(0);
  private volatile AtomicLongArray times = new AtomicLongArray(0);

  OpenLoop(int port, int connections) throws IOException {
    for (var i = 0; i < connections; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      sockets.add(socket);
      outs.add(new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16)));
      Thread.ofPlatform().daemon().start(() -> read(socket));
    }
  }

  /// Sends `count` requests at `rate` a second, and waits until all are answered.
  ///
  /// @return how it went
  Sample run(int count, double rate) throws IOException {
    ends = ends(count);
    times = new AtomicLongArray(count);
    excess.set(0);
    dishonest.set(0);
    answered.set(0);
    var begin = System.nanoTime();
    for (int sent = 0; sent < count; ) {
      var due = Math.min(count, (int) ((System.nanoTime() - begin) * rate / 1e9) + 1);
      for (; sent < due; sent++) {
        times.set(sent, begin + (long) (sent * 1e9 / rate));
        write(outs.get(sent % outs.size()), request(sent));
      }
      for (var out : outs) {
        out.flush();
      }
      LockSupport.parkNanos(500_000);
    }
    var seconds = (System.nanoTime() - begin) / 1e9;
    var patience = System.nanoTime() + 40_000_000_000L;
    while (answered.get() < count && System.nanoTime() < patience) {
      LockSupport.parkNanos(5_000_000);
    }
    return new Sample(seconds, ends, times, excess.get(), dishonest.get());
  }

  private static AtomicReferenceArray<End> ends(int count) {
    var ends = new AtomicReferenceArray<End>(count);
    for (var i = 0; i < count; i++) {
      ends.set(i, End.OPEN);
    }
    return ends;
  }

  private static byte[] request(int seq) {
    var msg = "\"to\":\"slow\",\"msg\":{\"type\":\"work\",\"seq\":" + seq + "}";
    var text =
        seq % CAST == 0
            ? "{\"op\":\"cast\",\"id\":" + seq + "," + msg + "}"
            : "{\"op\":\"call\",\"id\":%d,%s,\"timeout_ms\":%d}"
                .formatted(seq, msg, seq % 5 == 1 ? 50 : 1000);
    return text.getBytes(UTF_8);
  }

  private static void write(DataOutputStream out, byte[] json) throws IOException {
    out.writeInt(json.length);
    out.write(json);
  }

  private void read(Socket socket) {
    try {
      var frames = new FrameReader(socket.getInputStream(), Framing.DEFAULT_MAX_FRAME);
      for (byte[] frame; (frame = frames.read()) != null; ) {
        take(ServerMessages.decode(frame, 0, frame.length));
      }
    } catch (IOException _) {
      // The connection was closed; what is open stays so, and is counted.
    }
  }

  private void take(ServerMessage message) {
    switch (message) {
      case ServerMessage.Reply reply -> end(reply.id(), End.REPLIED);
      case ServerMessage.Ok ok -> end(ok.id(), End.CAST_TAKEN);
      case ServerMessage.Failure failure -> {
        if (failure.id() != null) {
          end(failure.id(), end(failure));
        }
      }
      case ServerMessage.Welcome _,
          ServerMessage.Down _,
          ServerMessage.Pong _,
          ServerMessage.Goodbye _,
          ServerMessage.Ping _,
          ServerMessage.Unknown _ -> {}
    }
  }

  private End end(ServerMessage.Failure failure) {
    var error = failure.error();
    if (error.code() == ErrorCode.OVERLOADED) {
      if (error.executed() != Executed.NO) {
        dishonest.incrementAndGet();
      }
      return End.OVERLOADED;
    }
    if (error.code() == ErrorCode.TIMEOUT) {
      return error.executed() == Executed.NO ? End.EXPIRED_QUEUED : End.EXPIRED_RUNNING;
    }
    return End.OTHER;
  }

  private void end(RequestId id, End end) {
    var seq = id instanceof RequestId.Num(long value) ? (int) value : -1;
    if (seq < 0 || !ends.compareAndSet(seq, End.OPEN, end)) {
      excess.incrementAndGet();
      return;
    }
    times.set(seq, System.nanoTime() - times.get(seq));
    answered.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
  }

  /// How the requests of one run ended.
  ///
  /// @param seconds how long they were sent
  /// @param times nanoseconds until its answer, by request
  /// @param excess answers to no open request
  /// @param dishonest refusals that do not say that nothing was executed
  record Sample(
      double seconds,
      AtomicReferenceArray<End> ends,
      AtomicLongArray times,
      int excess,
      int dishonest) {

    int count(End end) {
      var count = 0;
      for (var i = 0; i < ends.length(); i++) {
        if (ends.get(i) == end) {
          count++;
        }
      }
      return count;
    }

    End end(int seq) {
      return ends.get(seq);
    }

    /// Milliseconds; 0 if no request ended so.
    double percentile(End end, double share) {
      var sorted =
          IntStream.range(0, ends.length())
              .filter(i -> ends.get(i) == end)
              .mapToLong(times::get)
              .sorted()
              .toArray();
      return sorted.length == 0
          ? 0
          : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }
  }
}
