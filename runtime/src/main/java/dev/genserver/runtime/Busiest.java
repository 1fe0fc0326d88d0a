package dev.genserver.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Which of very many processes have most to do.
final class Busiest {

  private record Ranked(LocalProcess process, int queued, long busyNanos) {}

  private static final Comparator<Ranked> LEAST_FIRST =
      Comparator.comparingInt(Ranked::queued).thenComparingLong(Ranked::busyNanos);

  private Busiest() {}

  /// Those for which most messages wait, then those that were at work for longest.
  ///
  /// @param most how many at most; positive
  static List<LocalProcess> of(Iterable<LocalProcess> processes, int most) {
    var found = new PriorityQueue<>(LEAST_FIRST);
    for (var process : processes) {
      var ranked = new Ranked(process, process.queued(), process.busyNanos());
      var least = found.size() < most ? null : found.peek();
      if (process.isAlive() && (least == null || LEAST_FIRST.compare(ranked, least) > 0)) {
        found.add(ranked);
        if (least != null) {
          found.remove();
        }
      }
    }
    return found.stream().sorted(LEAST_FIRST.reversed()).map(Ranked::process).toList();
  }
}
