package dev.genserver.runtime;

import java.time.Duration;

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

  /// What the plugin of `loader` takes now.
  static Usage of(Node node, ClassLoader loader) {
    var processes =
        node.table.processes().stream()
            .filter(process -> loader.equals(process.loader()))
            .map(LocalProcess::info)
            .toList();
    return new Usage(
        processes.size(),
        processes.stream().mapToInt(ProcessInfo::queued).sum(),
        processes.stream()
            .flatMap(process -> process.busy().stream())
            .reduce(Duration.ZERO, Duration::plus),
        processes.stream().mapToInt(ProcessInfo::restarts).sum(),
        node.crashesOf(loader),
        (int) PluginThreads.of(loader).stream().filter(thread -> !thread.isVirtual()).count(),
        loader instanceof PluginClassLoader plugin ? plugin.loadedClasses() : 0);
  }
}
