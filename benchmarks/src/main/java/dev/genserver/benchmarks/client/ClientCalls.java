package dev.genserver.benchmarks.client;

import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.Histogram;
import dev.genserver.benchmarks.wire.Measured;
import dev.genserver.benchmarks.wire.Span;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import dev.genserver.examples.counter.Counter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Threads that call over one client, each again as soon as it has its reply.
final class ClientCalls {

  private final GenServerClient client;
  private final AtomicInteger failed = new AtomicInteger();
  private volatile boolean isMeasuring;
  private volatile boolean isEnding;

  private ClientCalls(GenServerClient client) {
    this.client = client;
  }

  static Measured run(BenchedProcess server, Thread.Builder builder, int count, Span span)
      throws IOException {
    try (var client = GenServerClient.connect("127.0.0.1:" + server.port())) {
      return new ClientCalls(client).measure(server, builder, count, span);
    }
  }

  private Measured measure(BenchedProcess server, Thread.Builder builder, int count, Span span)
      throws IOException {
    var histograms = new ArrayList<Histogram>();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < count; i++) {
      var latencies = new Histogram();
      histograms.add(latencies);
      threads.add(builder.start(() -> call(latencies)));
    }
    pause(span.warmUp());
    var meter = CpuMeter.start(server);
    var begin = System.nanoTime();
    isMeasuring = true;
    pause(span.seconds());
    isMeasuring = false;
    var elapsed = (System.nanoTime() - begin) / 1e9;
    var used = meter.stop();
    isEnding = true;
    join(threads);
    var all = new Histogram();
    histograms.forEach(all::addAll);
    return new Measured(all.count() + failed.get(), failed.get(), elapsed, used, all);
  }

  private void call(Histogram latencies) {
    while (!isEnding) {
      var begin = System.nanoTime();
      try {
        client.call("counter", new Counter.Call.Add(1), Long.class);
      } catch (GenServerException _) {
        failed.incrementAndGet();
        continue;
      }
      if (isMeasuring) {
        latencies.add(System.nanoTime() - begin);
      }
    }
  }

  private static void pause(double seconds) {
    var end = System.nanoTime() + (long) (seconds * 1e9);
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  private static void join(List<Thread> threads) throws IOException {
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
