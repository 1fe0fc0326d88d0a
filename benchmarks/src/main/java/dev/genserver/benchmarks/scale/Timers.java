package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.TimerRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Messages to be sent in an hour or two, which are then cancelled in the order in which they were
/// set. When each is due is drawn by lot.
final class Timers {

  static final String RATE = "set/s";

  private static final long SEED = 27_432;
  private static final int RECEIVERS = 1_000;
  private static final long EARLIEST = Duration.ofHours(1).toNanos();
  private static final long LATEST = Duration.ofHours(2).toNanos();

  private Timers() {}

  static List<Row> measure(List<Integer> counts) throws IOException {
    var _ = measure(counts.get(1), RECEIVERS); // warms up
    var rows = new ArrayList<Row>();
    for (var count : counts) {
      rows.add(measure(count, RECEIVERS));
    }
    rows.add(measure(counts.getLast(), 1));
    return rows;
  }

  private static Row measure(int count, int receivers) throws IOException {
    try (var node = Node.create()) {
      var pids = new Pid[receivers];
      for (var i = 0; i < receivers; i++) {
        pids[i] = node.start(new Counter(), StartOptions.none()).pidOrThrow();
      }
      var lots = new SplittableRandom(SEED);
      var timers = new TimerRef[count];
      var cpu = CpuMeter.start();
      var before = Memory.settled();

      var begun = System.nanoTime();
      for (var i = 0; i < count; i++) {
        var delay = Duration.ofNanos(lots.nextLong(EARLIEST, LATEST));
        timers[i] = node.sendAfter(pids[i % receivers], "late", delay);
      }
      var set = Rate.since(begun, count);
      var pending = Memory.now();

      var cancelled = System.nanoTime();
      for (var timer : timers) {
        if (timer.cancel().isEmpty()) {
          throw new IllegalStateException("a timer was over before its time");
        }
      }
      var cancels = Rate.since(cancelled, count);
      return Row.of("%,d, receivers %,d".formatted(count, receivers))
          .with(RATE, set)
          .with("cancelled/s", cancels)
          .with("heap bytes each", pending.heapEach(before, count))
          .with("others %", cpu.stop().others() * 100);
    }
  }
}
