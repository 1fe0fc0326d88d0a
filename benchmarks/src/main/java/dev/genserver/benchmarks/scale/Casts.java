package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Messages on their way among processes, each forwarded to one of these by lot, again and again.
final class Casts {

  static final String RATE = "casts/s";

  private static final long SEED = 27_432;
  private static final int LIMIT_SECONDS = 100;

  private Casts() {}

  /// Among the least and the most; among the most with one message on its way for each, and with
  /// few of all at work.
  ///
  /// @param casts how many are handled in each measurement
  static List<Row> measure(List<Integer> counts, int casts)
      throws IOException, InterruptedException {
    var few = counts.getFirst();
    var many = counts.getLast();
    var _ = measure(few, few, casts / 2); // warms up
    return List.of(measure(few, few, casts), measure(many, few, casts), measure(many, many, casts));
  }

  private static Row measure(int count, int underWay, int casts)
      throws IOException, InterruptedException {
    try (var node = Node.create()) {
      var pids = new Pid[count];
      var arrived = new CountDownLatch(underWay);
      for (var i = 0; i < count; i++) {
        pids[i] = node.start(new Forwarder(pids, arrived), StartOptions.none()).pidOrThrow();
      }
      var each = casts / underWay;
      var lots = new SplittableRandom(SEED);
      var cpu = CpuMeter.start();
      var begun = System.nanoTime();
      for (var i = 0; i < underWay; i++) {
        node.cast(pids[i], new Forwarder.Hop(each - 1, lots.nextLong()));
      }
      if (!arrived.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("%,d casts did not arrive".formatted(arrived.getCount()));
      }
      var rate = Rate.since(begun, (long) each * underWay);
      var used = cpu.stop();
      return Row.of("%,d under way among %,d".formatted(underWay, count))
          .with(RATE, rate)
          .with("CPU µs each", used.client() * 1e6 / ((double) each * underWay))
          .with("others %", used.others() * 100);
    }
  }
}
