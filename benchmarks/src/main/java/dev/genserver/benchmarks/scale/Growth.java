package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Timeouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Starts more and more counters, calls each once, looks at all, and ends them.
///
/// Memory is what there is more than before the first was started, by their number: a counter's
/// state is part of it.
final class Growth {

  static final String HEAP_IDLE = "heap bytes idle";
  static final String RATE = "started/s";

  private static final Counter.Call ADD = new Counter.Call.Add(1);
  private static final int CENSUSES = 10;
  private static final int WARM_UPS = 5;

  private Growth() {}

  static List<Row> measure(List<Integer> counts) throws IOException {
    var kinds =
        List.<Function<Node, Population>>of(Population.Bare::new, Population.Supervised::new);
    var rows = new ArrayList<Row>();
    for (var kind : kinds) {
      for (var i = 0; i < WARM_UPS; i++) {
        var _ = measure(kind, counts.get(1));
      }
      for (var count : counts) {
        rows.add(measure(kind, count));
      }
    }
    return rows;
  }

  private static Row measure(Function<Node, Population> kind, int count) throws IOException {
    try (var node = Node.create()) {
      var population = kind.apply(node);
      var others = node.processCount();
      var pids = new Pid[count];
      var cpu = CpuMeter.start();
      var before = Memory.settled();

      var started = System.nanoTime();
      population.start(pids);
      var starts = Rate.since(started, count);
      var idle = Memory.now();

      var called = System.nanoTime();
      call(node, pids);
      var calls = Rate.since(called, count);
      var busy = Memory.now();
      var census = census(node, count + others);

      var stopped = System.nanoTime();
      population.stop(pids);
      var stops = Rate.since(stopped, count);
      if (node.processCount() > others) {
        throw new IllegalStateException(node.processCount() + " processes are left");
      }
      return Row.of("%,d, %s".formatted(count, population))
          .with(HEAP_IDLE, idle.heapEach(before, count))
          .with("heap bytes once called", busy.heapEach(before, count))
          .with("resident bytes", busy.residentEach(before, count))
          .with(RATE, starts)
          .with("called/s", calls)
          .with("stopped/s", stops)
          .with("census ms", census)
          .with("others %", cpu.stop().others() * 100);
    }
  }

  /// One after the other.
  private static void call(Node node, Pid[] pids) {
    var total = 0L;
    for (var pid : pids) {
      total += node.call(pid, ADD, Long.class, Timeouts.DEFAULT);
    }
    if (total != pids.length) {
      throw new IllegalStateException("%,d of %,d answered".formatted(total, pids.length));
    }
  }

  /// How long one look at all takes: the best of some, as others share the machine.
  private static double census(Node node, int living) {
    var best = Long.MAX_VALUE;
    for (var i = 0; i < CENSUSES; i++) {
      var begun = System.nanoTime();
      var groups = node.census().groups();
      best = Math.min(best, System.nanoTime() - begun);
      if (groups.isEmpty()) {
        throw new IllegalStateException("the census saw none of " + living);
      }
    }
    return best / 1e6;
  }
}
