package dev.genserver.benchmarks;

import dev.genserver.client.CastCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came of a soak.
///
/// @param problems what must not be, a sentence each
record SoakReport(
    List<String> lines, Map<String, Integer> faults, Vitals vitals, List<String> problems) {

  /// What the clients' and the daemons' programs took up, with their garbage collected.
  ///
  /// @param heapBefore in MiB, of the program with the clients
  /// @param daemonHeaps in MiB, of each daemon before its end, and `daemonThreads` the same
  record Vitals(
      double heapBefore,
      double heapAfter,
      int threadsBefore,
      int threadsAfter,
      List<Double> daemonHeaps,
      List<Integer> daemonThreads) {}

  private static final double HEAP_MAY_GROW = 16;
  private static final int THREADS_MAY_GROW = 4;

  /// What the ledger has of one worker.
  private static final class Found {
    final BitSet once = new BitSet();
    final List<Integer> again = new ArrayList<>();
    final Map<Integer, Integer> last = new HashMap<>();
    int disordered;

    void add(int daemon, int seq) {
      if (once.get(seq)) {
        again.add(seq);
      }
      once.set(seq);
      if (last.getOrDefault(daemon, -1) > seq) {
        disordered++;
      }
      last.put(daemon, seq);
    }
  }

  static SoakReport of(
      List<SoakWorker> workers,
      CastCounters casts,
      boolean flushed,
      List<String> ledger,
      Map<String, Integer> faults,
      Vitals vitals,
      Duration longest) {
    var found = new HashMap<Integer, Found>();
    for (var line : ledger) {
      var numbers = line.split(" ", -1);
      found
          .computeIfAbsent(Integer.valueOf(numbers[1]), _ -> new Found())
          .add(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[2]));
    }
    var lines = new ArrayList<String>();
    var problems = new ArrayList<String>();
    for (var worker : workers) {
      var seen = found.computeIfAbsent(worker.id, _ -> new Found());
      lines.add(describe(worker, seen));
      check(worker, seen, casts, longest, problems);
    }
    lines.add(casts.toString());
    if (!flushed) {
      problems.add("the casts could not be flushed");
    }
    check(vitals, problems);
    return new SoakReport(lines, new TreeMap<>(faults), vitals, problems);
  }

  private static String describe(SoakWorker worker, Found found) {
    return "worker %d, %s: %,d sent, %,d done, %,d not executed, %,d unknown; %,d executed, %,d of them late; the longest took %,d ms"
        .formatted(
            worker.id,
            worker.kind,
            worker.sent,
            worker.done.cardinality(),
            worker.notExecuted.cardinality(),
            worker.sent - worker.done.cardinality() - worker.notExecuted.cardinality(),
            found.once.cardinality(),
            found.disordered,
            worker.longestNanos / 1_000_000);
  }

  private static void check(
      SoakWorker worker, Found found, CastCounters casts, Duration longest, List<String> problems) {
    var who = "worker " + worker.id + ": ";
    if (!found.again.isEmpty()) {
      problems.add(who + "executed twice: " + found.again);
    }
    // What a stalled network held of a connection that was given up may still come, and late.
    var unknown = worker.sent - worker.done.cardinality() - worker.notExecuted.cardinality();
    var mayBeLate = worker.kind == SoakWorker.Kind.CAST ? casts.maybeLost() : unknown;
    if (found.disordered > mayBeLate) {
      problems.add(
          who
              + found.disordered
              + " requests were overtaken by later ones; %d may be".formatted(mayBeLate));
    }
    var lied = (BitSet) found.once.clone();
    lied.and(worker.notExecuted);
    if (!lied.isEmpty()) {
      problems.add(who + "executed, though said not to be: " + lied);
    }
    var lost = (BitSet) worker.done.clone();
    lost.andNot(found.once);
    var mayBeLost = worker.kind == SoakWorker.Kind.CAST ? casts.maybeLost() + casts.refused() : 0;
    if (lost.cardinality() > mayBeLost) {
      problems.add(who + "done, and not executed: %s; %d may be".formatted(lost, mayBeLost));
    }
    if (worker.longestNanos > longest.toNanos()) {
      problems.add(who + "a request took " + worker.longestNanos / 1_000_000 + " ms");
    }
  }

  private static void check(Vitals vitals, List<String> problems) {
    if (vitals.heapAfter - vitals.heapBefore > HEAP_MAY_GROW) {
      problems.add("the clients' heap has grown");
    }
    if (vitals.threadsAfter - vitals.threadsBefore > THREADS_MAY_GROW) {
      problems.add("the clients' threads have become more");
    }
    if (max(vitals.daemonHeaps) - min(vitals.daemonHeaps) > HEAP_MAY_GROW) {
      problems.add("a daemon's heap has grown");
    }
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double min(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    faults.forEach((fault, count) -> text.append("%,d times %s%n".formatted(count, fault)));
    lines.forEach(line -> text.append(line).append(System.lineSeparator()));
    text.append(
        "clients: heap %.1f MiB before, %.1f after; threads %d before, %d after%n"
            .formatted(
                vitals.heapBefore, vitals.heapAfter, vitals.threadsBefore, vitals.threadsAfter));
    text.append(
        "daemons: heap %.1f to %.1f MiB, threads %d to %d%n"
            .formatted(
                min(vitals.daemonHeaps),
                max(vitals.daemonHeaps),
                vitals.daemonThreads.stream().min(Integer::compare).orElse(0),
                vitals.daemonThreads.stream().max(Integer::compare).orElse(0)));
    problems.forEach(problem -> text.append("wrong: ").append(problem).append('\n'));
    return text.append(problems.isEmpty() ? "nothing was wrong" : "see above").toString();
  }
}
