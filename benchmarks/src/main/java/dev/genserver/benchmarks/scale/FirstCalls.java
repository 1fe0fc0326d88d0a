package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Starts counters and calls each once, as soon as it is there. They stay.
final class FirstCalls {

  static final String RATE = "started and answered/s";

  private static final Counter.Call ADD = new Counter.Call.Add(1);
  private static final int WARM_UPS = 3;

  private FirstCalls() {}

  static List<Row> measure(int count) throws IOException, InterruptedException {
    for (var i = 0; i < WARM_UPS; i++) {
      var _ = measure(count, Callers.MANY);
    }
    var rows = new ArrayList<Row>();
    for (var callers : new int[] {1, 2, Callers.MANY}) {
      rows.add(measure(count, callers));
    }
    return rows;
  }

  private static Row measure(int count, int callers) throws IOException, InterruptedException {
    System.gc();
    try (var node = Node.create()) {
      var cpu = CpuMeter.start();
      var begun = System.nanoTime();
      var answered = Callers.run(callers, () -> startAndCall(node, count / callers));
      var rate = Rate.since(begun, answered);
      var used = cpu.stop();
      return Row.of("%,d at a time".formatted(callers))
          .with(RATE, rate)
          .with("CPU µs each", used.client() * 1e6 / answered)
          .with("others %", used.others() * 100);
    }
  }

  private static long startAndCall(Node node, int count) {
    var answered = 0L;
    for (var i = 0; i < count; i++) {
      var pid = node.start(new Counter(), StartOptions.none()).pidOrThrow();
      answered += node.call(pid, ADD, Long.class, Timeouts.DEFAULT);
    }
    return answered;
  }
}
