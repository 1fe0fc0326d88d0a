package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.Histogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Sends casts as fast as the server takes them, from one thread, and counts them over the time
/// until the process has handled all: what waits in buffers and in its mailbox counts against it.
public final class Casting implements AutoCloseable {

  private static final int BATCH = 256;

  private final Selector selector = Selector.open();
  private final List<Lane> lanes = new ArrayList<>();

  private Casting(int port, int connections) throws IOException {
    for (var i = 0; i < connections; i++) {
      var lane = new Lane(Link.to(port));
      lanes.add(lane);
      lane.link.register(selector, SelectionKey.OP_WRITE, lane);
    }
  }

  public static Measured run(BenchedProcess server, int connections, Span span) throws IOException {
    try (var total = new Total(server.port());
        var casting = new Casting(server.port(), connections)) {
      casting.send(span.warmUp());
      total.await(total.initial() + casting.sent());
      var before = casting.sent();
      var meter = CpuMeter.start(server);
      var begin = System.nanoTime();
      casting.send(span.seconds());
      var lost = total.await(total.initial() + casting.sent());
      var elapsed = (System.nanoTime() - begin) / 1e9;
      return new Measured(casting.sent() - before, lost, elapsed, meter.stop(), new Histogram());
    }
  }

  /// For so long, and until the last frame that was begun is complete.
  private void send(double seconds) throws IOException {
    var end = System.nanoTime() + Span.nanos(seconds);
    while (System.nanoTime() - end < 0) {
      selector.select(key -> ((Lane) key.attachment()).write(), 10);
    }
    for (var lane : lanes) {
      lane.complete();
    }
  }

  private long sent() {
    return lanes.stream().mapToLong(lane -> lane.bytes / Lane.CAST.length).sum();
  }

  @Override
  public void close() throws IOException {
    for (var lane : lanes) {
      lane.link.close();
    }
    selector.close();
  }

  private static final class Lane {

    static final byte[] CAST = Frames.addByCast();

    final Link link;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH * CAST.length);
    long bytes;

    Lane(Link link) {
      this.link = link;
      while (batch.hasRemaining()) {
        batch.put(CAST);
      }
    }

    void write() {
      if (!batch.hasRemaining()) {
        batch.rewind();
      }
      try {
        bytes += link.write(batch);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void complete() {
      var rest = (int) (bytes % CAST.length);
      if (rest == 0) {
        return;
      }
      batch.limit(batch.position() + CAST.length - rest);
      while (batch.hasRemaining()) {
        write();
        LockSupport.parkNanos(10_000);
      }
      batch.limit(batch.capacity());
    }
  }
}
