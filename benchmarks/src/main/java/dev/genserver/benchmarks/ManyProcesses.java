package dev.genserver.benchmarks;

import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.util.concurrent.atomic.AtomicReference;

/// Starts very many servers, calls each of them once, ends them all, and prints what one costs.
///
/// Memory is what is in use after a full collection, less what was before, by the number of
/// processes: the counter's state is part of it.
public final class ManyProcesses {

  private static final Counter.Call ADD = new Counter.Call.Add(1);
  private static final int CENSUSES = 10;

  private ManyProcesses() {}

  /// Takes the number of processes; a million if none is said.
  public static void main(String[] args) throws InterruptedException {
    var count = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    var failure = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, thrown) -> failure.set(thrown))
            .start(() -> measure(count));
    thread.join();
    if (failure.get() != null) {
      throw new IllegalStateException("not measured", failure.get());
    }
  }

  private static void measure(int count) {
    System.out.printf(
        "%,d processes, %d processors%n", count, Runtime.getRuntime().availableProcessors());
    var before = used();
    try (var node = Node.create()) {
      var pids = new Pid[count];
      var started = System.nanoTime();
      for (var i = 0; i < count; i++) {
        pids[i] = node.start(new Counter(), StartOptions.none()).pidOrThrow();
      }
      print("start and wait for init", count, started, before);

      var called = System.nanoTime();
      var total = 0L;
      for (var pid : pids) {
        total += node.call(pid, ADD, Long.class, Timeouts.DEFAULT);
      }
      if (total != count) {
        throw new IllegalStateException("%,d of %,d answered".formatted(total, count));
      }
      print("call and reply", count, called, before);
      printCensus(node);

      var stopped = System.nanoTime();
      for (var pid : pids) {
        node.stop(pid);
      }
      if (node.processCount() != 0) {
        throw new IllegalStateException(node.processCount() + " processes are left");
      }
      print("stop", count, stopped, before);
    }
  }

  /// How long one look at all takes: the best of some, as others share the machine.
  private static void printCensus(Node node) {
    var best = Long.MAX_VALUE;
    for (var i = 0; i < CENSUSES; i++) {
      var begun = System.nanoTime();
      if (node.census().groups().size() != 1) {
        throw new IllegalStateException("they are not all counters");
      }
      best = Math.min(best, System.nanoTime() - begun);
    }
    System.out.printf("%-24s %6.1f ms for all%n", "census", best / 1e6);
  }

  private static void print(String what, int count, long since, long before) {
    var micros = (System.nanoTime() - since) / 1e3 / count;
    System.out.printf(
        "%-24s %6.2f µs a process; then %5d bytes a process%n",
        what, micros, Math.max(0, used() - before) / count);
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
