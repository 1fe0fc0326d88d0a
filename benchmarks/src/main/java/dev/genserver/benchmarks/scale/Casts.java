package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// As many messages on their way as there are processes, each forwarded to one of these by lot,
/// again and again.
final class Casts {

  static final String RATE = "casts/s";

  private static final long SEED = 27_432;
  private static final int LIMIT_SECONDS = 50;

  private Casts() {}

  /// Measures among the least and the most.
  ///
  /// @param casts how many are handled in each measurement
  static List<Row> measure(List<Integer> counts, int casts)
      throws IOException, InterruptedException {
    var _ = measure(counts.getFirst(), casts / 2); // warms up
    var rows = new ArrayList<Row>();
    for (var count : List.of(counts.getFirst(), counts.getLast())) {
      rows.add(measure(count, casts));
    }
    return rows;
  }

  private static Row measure(int count, int casts) throws IOException, InterruptedException {
    try (var node = Node.create()) {
      var pids = new Pid[count];
      var arrived = new CountDownLatch(count);
      for (var i = 0; i < count; i++) {
        pids[i] = node.start(new Forwarder(pids, arrived), StartOptions.none()).pidOrThrow();
      }
      var each = casts / count;
      var lots = new SplittableRandom(SEED);
      var cpu = CpuMeter.start();
      var begun = System.nanoTime();
      for (var pid : pids) {
        node.cast(pid, new Forwarder.Hop(each - 1, lots.nextLong()));
      }
      if (!arrived.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("%,d casts did not arrive".formatted(arrived.getCount()));
      }
      var rate = Rate.since(begun, (long) each * count);
      var used = cpu.stop();
      return Row.of("among %,d processes".formatted(count))
          .with(RATE, rate)
          .with("CPU µs each", used.client() * 1e6 / ((double) each * count))
          .with("others %", used.others() * 100);
    }
  }
}
