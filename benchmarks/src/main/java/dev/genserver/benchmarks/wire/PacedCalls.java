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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/// Calls at a constant rate, answered or not those before. Latency counts from when a call was due,
/// so a server that stalls, and holds up the calls behind with it, is not flattered; a call that
/// fails counts as if it had taken its whole timeout.
///
/// One thread sends when it is time, and another one reads. Neither spins: the server may need the
/// processor.
public final class PacedCalls implements AutoCloseable, Link.Answers {

  private static final long TIMEOUT = 5_000_000_000L;

  private final Selector selector = Selector.open();
  private final List<Link> links = new ArrayList<>();
  private final AtomicLongArray due; // until it is answered, then 0
  private final int firstMeasured;
  private final Histogram latencies = new Histogram(); // the reader's
  private final AtomicInteger answered = new AtomicInteger();
  private long failed;

  private PacedCalls(int port, int connections, int count, int firstMeasured) throws IOException {
    this.due = new AtomicLongArray(count);
    this.firstMeasured = firstMeasured;
    for (var i = 0; i < connections; i++) {
      var link = Link.to(port);
      links.add(link);
      link.register(selector, SelectionKey.OP_READ, link);
    }
  }

  /// Measures calls to a server.
  ///
  /// @param rate calls a second
  /// @param call the frame of a call with that id
  public static Measured run(
      BenchedProcess server, int connections, double rate, LongFunction<byte[]> call, Span span)
      throws IOException {
    var first = (int) (rate * span.warmUp());
    var count = first + (int) (rate * span.seconds());
    try (var calls = new PacedCalls(server.port(), connections, count, first)) {
      return calls.measure(server, rate, call);
    }
  }

  private Measured measure(BenchedProcess server, double rate, LongFunction<byte[]> call)
      throws IOException {
    var reader = Thread.ofPlatform().name("reader").daemon().start(this::read);
    var origin = System.nanoTime();
    send(0, firstMeasured, rate, origin, call);
    var meter = CpuMeter.start(server);
    var begin = System.nanoTime();
    send(firstMeasured, due.length(), rate, origin, call);
    var elapsed = (System.nanoTime() - begin) / 1e9;
    var used = meter.stop();
    join(reader);
    while (latencies.count() < due.length() - firstMeasured) {
      latencies.add(TIMEOUT); // it was never answered
      failed++;
    }
    return new Measured(latencies.count(), failed, elapsed, used, latencies);
  }

  private void send(int from, int to, double rate, long origin, LongFunction<byte[]> call)
      throws IOException {
    for (var id = from; id < to; id++) {
      var time = origin + (long) (id * 1e9 / rate);
      for (long left; (left = time - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      due.set(id, time);
      var link = links.get(id % links.size());
      link.put(call.apply(id));
      while (!link.flush()) {
        LockSupport.parkNanos(50_000); // the server does not read for now; what is late counts so
      }
    }
  }

  /// Until all are answered, or the last one's time is long up.
  private void read() {
    try {
      for (var silent = 0; answered.get() < due.length() && silent < 2 * TIMEOUT / 1_000_000; ) {
        silent = selector.select(this::ready, 100) > 0 ? 0 : silent + 100;
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("no more answers are read: " + e.getMessage());
    }
  }

  private void ready(SelectionKey key) {
    try {
      ((Link) key.attachment()).read(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void answered(long id, boolean isError, long now) {
    var time = due.getAndSet((int) id, 0);
    answered.incrementAndGet();
    if (id >= firstMeasured) {
      latencies.add(isError ? TIMEOUT : now - time);
      failed += isError ? 1 : 0;
    }
  }

  private static void join(Thread reader) throws IOException {
    try {
      reader.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (var link : links) {
      link.close();
    }
    selector.close();
  }
}
