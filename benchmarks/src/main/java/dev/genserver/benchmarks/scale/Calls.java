package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// Many callers at once, each of which waits for its reply before it calls again; what one alone
/// takes is among the JMH benchmarks.
final class Calls {

  static final String RATE = "calls/s";

  private static final Counter.Call ADD = new Counter.Call.Add(1);

  private Calls() {}

  static List<Row> measure(double seconds) throws IOException, InterruptedException {
    try (var node = Node.create()) {
      var one = start(node);
      Callable<Long> own = () -> call(node, start(node), seconds);
      Callable<Long> shared = () -> call(node, one, seconds);
      var _ = Callers.run(Callers.MANY, own); // warms up
      return List.of(
          measure("%d callers, a counter each".formatted(Callers.MANY), own),
          measure("%d callers, one counter".formatted(Callers.MANY), shared));
    }
  }

  private static Row measure(String what, Callable<Long> caller)
      throws IOException, InterruptedException {
    var cpu = CpuMeter.start();
    var begun = System.nanoTime();
    var answered = Callers.run(Callers.MANY, caller);
    var rate = Rate.since(begun, answered);
    var used = cpu.stop();
    return Row.of(what)
        .with(RATE, rate)
        .with("CPU µs each", used.client() * 1e6 / answered)
        .with("others %", used.others() * 100);
  }

  private static Pid start(Node node) {
    return node.start(new Counter(), StartOptions.none()).pidOrThrow();
  }

  private static long call(Node node, Pid counter, double seconds) {
    var end = System.nanoTime() + (long) (seconds * 1e9);
    var answered = 0L;
    while (System.nanoTime() < end) {
      var _ = node.call(counter, ADD, Long.class, Timeouts.DEFAULT);
      answered++;
    }
    return answered;
  }
}
