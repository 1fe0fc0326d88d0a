package dev.genserver.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// What a plugin takes of the node, as far as that can be told apart.
///
/// @param processes how many of its processes live
/// @param queued how many messages wait for them
/// @param busy how long their callbacks were at work
/// @param restarts how often supervisors have started them anew
/// @param crashes how many of its servers have crashed, those that were not started anew included
/// @param threads how many threads its code has started that are not virtual and live
/// @param classes how many of its classes are loaded
public record Usage(
    int processes,
    int queued,
    Duration busy,
    int restarts,
    long crashes,
    int threads,
    int classes) {

  /// What the plugins of these class loaders take now. Looks once at each process of the node.
  static Map<ClassLoader, Usage> of(Node node, Collection<? extends ClassLoader> loaders) {
    var sums = new HashMap<ClassLoader, Sum>();
    loaders.forEach(loader -> sums.put(loader, new Sum()));
    var now = node.time().nanoTime();
    for (var process : node.table.living()) {
      var sum = sums.get(process.loader());
      if (sum != null) {
        sum.add(process, now);
      }
    }
    var usages = new HashMap<ClassLoader, Usage>();
    sums.forEach((loader, sum) -> usages.put(loader, sum.usage(node, loader)));
    return usages;
  }

  private static final class Sum {

    private final Totals.Sums done = new Totals.Sums();
    private int processes;
    private int queued;
    private int restarts;

    void add(LocalProcess process, long now) {
      processes++;
      queued += process.queued();
      restarts += process.restarts();
      process.addTo(done, now);
    }

    Usage usage(Node node, ClassLoader loader) {
      return new Usage(
          processes,
          queued,
          done.counters().busy(),
          restarts,
          node.crashesOf(loader),
          (int) PluginThreads.of(loader).stream().filter(Sum::isOfCode).count(),
          loader instanceof PluginClassLoader plugin ? plugin.loadedClasses() : 0);
    }

    private static boolean isOfCode(Thread thread) {
      return !thread.isVirtual() && !(thread instanceof ActivationThreads.Own);
    }
  }
}
