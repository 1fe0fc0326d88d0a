package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.Histogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/// Keeps a number of calls in flight, from one thread: each answer is followed by the next call, as
/// by a client that pipelines. All answers that are found in one read are followed by calls in one
/// write. A call's latency counts from before that write.
public final class ClosedLoop implements AutoCloseable {

  private static final double PATIENCE = 10;

  private final Selector selector = Selector.open();
  private final List<Lane> lanes = new ArrayList<>();
  private final Histogram latencies = new Histogram();
  private long failed;
  private boolean isMeasuring;
  private boolean isEnding;

  private ClosedLoop(int port, int connections, int inFlight, int payload) throws IOException {
    for (var i = 0; i < connections; i++) {
      lanes.add(new Lane(Link.to(port), inFlight / connections, payload));
    }
  }

  /// Measures calls to the counter of a server.
  ///
  /// @param inFlight how many calls are in flight over all connections
  /// @param payload bytes that go along with a call
  public static Measured run(
      BenchedProcess server, int connections, int inFlight, int payload, Span span)
      throws IOException {
    try (var loop = new ClosedLoop(server.port(), connections, inFlight, payload)) {
      for (var lane : loop.lanes) {
        lane.begin();
      }
      loop.turn(span.warmUp());
      return loop.measure(server, span.seconds());
    }
  }

  private Measured measure(BenchedProcess server, double seconds) throws IOException {
    var meter = CpuMeter.start(server);
    var begin = System.nanoTime();
    isMeasuring = true;
    turn(seconds);
    isMeasuring = false;
    var elapsed = (System.nanoTime() - begin) / 1e9;
    var used = meter.stop();
    isEnding = true;
    turn(PATIENCE);
    return new Measured(latencies.count(), failed, elapsed, used, latencies);
  }

  /// Goes on for so long, or until nothing is open that is to end.
  private void turn(double seconds) throws IOException {
    var end = System.nanoTime() + Span.nanos(seconds);
    while (System.nanoTime() - end < 0 && !(isEnding && isDone())) {
      selector.select(key -> ((Lane) key.attachment()).ready(key), 10);
    }
  }

  private boolean isDone() {
    return lanes.stream().allMatch(lane -> lane.open == 0);
  }

  @Override
  public void close() throws IOException {
    for (var lane : lanes) {
      lane.link.close();
    }
    selector.close();
  }

  /// A connection and its calls, which are always the same: an id is used again when its call has
  /// been answered.
  private final class Lane implements Link.Answers {

    final Link link;
    private final byte[][] calls;
    private final long[] sent;
    private int open;

    Lane(Link link, int inFlight, int payload) throws IOException {
      this.link = link;
      calls = new byte[inFlight][];
      sent = new long[inFlight];
      for (var id = 0; id < inFlight; id++) {
        calls[id] = Frames.add(id, payload);
      }
    }

    void begin() throws IOException {
      for (var id = 0; id < calls.length; id++) {
        call(id, System.nanoTime());
      }
      write(link.register(selector, SelectionKey.OP_READ, this));
    }

    void ready(SelectionKey key) {
      try {
        if (key.isReadable()) {
          link.read(this);
        }
        write(key);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void answered(long id, boolean isError, long now) {
      open--;
      if (isMeasuring) {
        latencies.add(now - sent[(int) id]);
        failed += isError ? 1 : 0;
      }
      if (!isEnding) {
        call((int) id, now);
      }
    }

    private void call(int id, long now) {
      sent[id] = now;
      open++;
      link.put(calls[id]);
    }

    private void write(SelectionKey key) throws IOException {
      var operations =
          link.flush() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
      if (key.interestOps() != operations) {
        key.interestOps(operations);
      }
    }
  }
}
