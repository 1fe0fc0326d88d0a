package dev.genserver.benchmarks.client;

import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.Histogram;
import dev.genserver.benchmarks.wire.Measured;
import dev.genserver.benchmarks.wire.Span;
import dev.genserver.benchmarks.wire.Total;
import dev.genserver.client.GenServerClient;
import dev.genserver.examples.counter.Counter;
import java.io.IOException;

/// A thread that casts as fast as the client takes it, counted until the process has handled all.
final class ClientCasts {

  private ClientCasts() {}

  static Measured run(BenchedProcess server, Span span) throws IOException {
    try (var client = GenServerClient.connect("127.0.0.1:" + server.port());
        var total = new Total(server.port())) {
      var before = cast(client, span.warmUp());
      total.await(total.initial() + before);
      var meter = CpuMeter.start(server);
      var begin = System.nanoTime();
      var count = cast(client, span.seconds());
      var lost = total.await(total.initial() + before + count);
      var elapsed = (System.nanoTime() - begin) / 1e9;
      return new Measured(count, lost, elapsed, meter.stop(), new Histogram());
    }
  }

  private static long cast(GenServerClient client, double seconds) {
    var end = System.nanoTime() + (long) (seconds * 1e9);
    var count = 0L;
    while (System.nanoTime() - end < 0) {
      client.cast("counter", new Counter.Cast.Add(1));
      count++;
    }
    return count;
  }
}
