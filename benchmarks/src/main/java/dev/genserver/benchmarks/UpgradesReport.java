package dev.genserver.benchmarks;

import dev.genserver.benchmarks.TallyLoad.Kind;
import dev.genserver.benchmarks.TallyLoad.Timing;
import dev.genserver.benchmarks.TallyPlugin.Memory;
import dev.genserver.benchmarks.TallyPlugin.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What came of calls and casts while their plugin was upgraded again and again.
///
/// @param changes how many upgrades and rollbacks there were
/// @param problems what must not be, a sentence each
record UpgradesReport(int changes, List<String> lines, List<String> problems) {

  private static final int MOST_SHOWN = 5;
  private static final double MIB = 1 << 20;
  private static final double HEAP_MAY_GROW = 16 * MIB;
  private static final double METASPACE_MAY_GROW = 4 * MIB;

  /// Compares what was sent with what the processes say.
  static UpgradesReport of(
      TallyLoad load,
      UpgradesLog log,
      List<Standing> standings,
      Memory before,
      Memory after,
      List<?> leaking) {
    var lines = new ArrayList<String>();
    var problems = new ArrayList<>(log.problems);
    lines.add(
        "%,d upgrades and rollbacks, %,d refused on purpose, %,d tried only"
            .formatted(log.changes, log.refusals, log.rehearsals));
    lines.add("pause, ms: " + distribution(log.pauses));
    lines.add("pause in vain, ms: " + distribution(log.pausesInVain));
    requests(load, lines, problems);
    latencies(load.takeTimings(), log, lines);
    states(load, standings, lines, problems);
    memory(before, after, lines, problems);
    if (!leaking.isEmpty()) {
      problems.add("versions have stayed in memory: " + leaking);
    }
    return new UpgradesReport(log.changes, lines, problems);
  }

  private static void requests(TallyLoad load, List<String> lines, List<String> problems) {
    for (var kind : Kind.values()) {
      var failures = load.failures(kind);
      lines.add("%s: %,d sent, %,d failed".formatted(kind, load.count(kind), failures.size()));
      failures.stream().limit(MOST_SHOWN).forEach(why -> problems.add(kind + " " + why));
    }
  }

  private static void latencies(List<Timing> timings, UpgradesLog log, List<String> lines) {
    var during = new ArrayList<Double>();
    var otherwise = new ArrayList<Double>();
    for (var timing : timings) {
      var isDuring = log.spans.stream().anyMatch(span -> span.meets(timing));
      (isDuring ? during : otherwise).add(timing.millis());
    }
    lines.add("calls during an upgrade, ms: " + distribution(during));
    lines.add("other calls, ms: " + distribution(otherwise));
  }

  private static void states(
      TallyLoad load, List<Standing> standings, List<String> lines, List<String> problems) {
    long lost = 0;
    long doubled = 0;
    long disordered = 0;
    for (var standing : standings) {
      var sent = load.sentTo(standing.number());
      var calls = sent(sent, Kind.CALL);
      var casts = sent.values().stream().mapToLong(Long::longValue).sum() - calls;
      lost += Math.max(0, casts - standing.casts()) + Math.max(0, calls - standing.calls());
      doubled += Math.max(0, standing.casts() - casts) + Math.max(0, standing.calls() - calls);
      disordered += standing.ahead() + standing.behind();
      var isExact = standing.casts() == casts && standing.calls() == calls;
      if ((!isExact || !standing.last().equals(sent) || standing.ahead() + standing.behind() > 0)
          && problems.size() < MOST_SHOWN) {
        problems.add("%s, and was sent %s".formatted(standing, sent));
      }
    }
    lines.add(
        "%,d states: %,d messages lost, %,d doubled, %,d out of their order"
            .formatted(standings.size(), lost, doubled, disordered));
    if (lost + doubled + disordered > 0) {
      problems.add("messages were lost, doubled or reordered");
    }
  }

  private static long sent(Map<String, Long> sent, Kind kind) {
    return sent.entrySet().stream()
        .filter(each -> TallyLoad.isOf(kind, each.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static void memory(
      Memory before, Memory after, List<String> lines, List<String> problems) {
    lines.add(
        "daemon: heap %.1f MiB before, %.1f after; metaspace %.1f MiB before, %.1f after; %,d classes before, %,d after"
            .formatted(
                before.heap() / MIB,
                after.heap() / MIB,
                before.metaspace() / MIB,
                after.metaspace() / MIB,
                before.classes(),
                after.classes()));
    if (after.heap() - before.heap() > HEAP_MAY_GROW) {
      problems.add("the daemon's heap has grown");
    }
    if (after.metaspace() - before.metaspace() > METASPACE_MAY_GROW) {
      problems.add("the daemon's metaspace has grown");
    }
  }

  private static String distribution(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? "none"
        : "p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, longest %.1f of %,d"
            .formatted(
                at(sorted, 0.5),
                at(sorted, 0.9),
                at(sorted, 0.99),
                at(sorted, 0.999),
                sorted.getLast(),
                sorted.size());
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line).append(System.lineSeparator()));
    problems.forEach(problem -> text.append("wrong: ").append(problem).append('\n'));
    return text.append(problems.isEmpty() ? "nothing was wrong" : "see above").toString();
  }
}
