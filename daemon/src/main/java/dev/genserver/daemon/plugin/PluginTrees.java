package dev.genserver.daemon.plugin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginThreads;
import dev.genserver.runtime.Usage;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The supervision trees of plugins: each has a supervisor of its own below the daemon's, with the
/// plugin's processes. Thread-safe.
final class PluginTrees {

  private static final System.Logger LOG = System.getLogger(PluginTrees.class.getName());

  private final Node node;
  private final Pid root;

  /// The supervisor of each plugin that was to be started, by its id; empty if it did not start.
  private final Map<String, Optional<Pid>> supervisors = new ConcurrentHashMap<>();

  /// @param root the daemon's own supervisor
  PluginTrees(Node node, Pid root) {
    this.node = node;
    this.root = root;
  }

  /// Starts the plugin's tree.
  ///
  /// @return why it did not start
  Optional<String> start(LoadedPlugin plugin) {
    var started = node.supervisor(root).startChild(spec(plugin));
    supervisors.put(plugin.id(), pidOf(started));
    return switch (started) {
      case StartResult.Ok _, StartResult.Ignore _ -> {
        LOG.log(
            Level.INFO,
            "plugin started id={0} version={1} processes={2}",
            plugin.id(),
            plugin.version(),
            plugin.children().size());
        yield Optional.empty();
      }
      case StartResult.AlreadyStarted(Pid pid) -> notStarted(plugin, pid.toString());
      case StartResult.Failed(ExitReason reason) -> notStarted(plugin, reason.toString());
    };
  }

  private static Optional<Pid> pidOf(StartResult started) {
    return started instanceof StartResult.Ok ok ? Optional.of(ok.pid()) : Optional.empty();
  }

  private static Optional<String> notStarted(LoadedPlugin plugin, String reason) {
    return Optional.of(
        "plugin %s did not start: %s".formatted(plugin.file().getFileName(), reason));
  }

  /// The plugin's own supervisor; empty if it has ended.
  Optional<Pid> supervisor(LoadedPlugin plugin) {
    return node.supervisor(root).whichChildren().stream()
        .filter(child -> plugin.id().equals(child.id()))
        .flatMap(child -> child.pid().stream())
        .findFirst();
  }

  /// Whether the plugin's supervisor was to be started and is not there. Waits for nobody.
  boolean isDown(LoadedPlugin plugin) {
    var supervisor = supervisors.get(plugin.id());
    return supervisor != null && supervisor.filter(node::isAlive).isEmpty();
  }

  /// Another version of the plugin runs now.
  void replaced(LoadedPlugin plugin) {
    var _ = node.replaceChildspec(root, spec(plugin));
  }

  private static ChildSpec spec(LoadedPlugin plugin) {
    return ChildSpec.supervisor(plugin.id(), SupervisorSpec.oneForOne(plugin.children()))
        .restart(Restart.TEMPORARY);
  }

  /// Ends the plugin's tree, then what its code has started beside it, and asks its threads to end.
  ///
  /// @return how many processes ran its code
  int stop(LoadedPlugin plugin) {
    var running = node.processesOf(plugin.loader()).size();
    node.supervisor(root).terminateChild(plugin.id());
    supervisors.remove(plugin.id());
    end(plugin);
    return running;
  }

  /// Ends whatever runs the plugin's code still.
  void end(LoadedPlugin plugin) {
    node.killAllOf(plugin.loader());
    PluginThreads.of(plugin.loader()).forEach(Thread::interrupt);
  }

  /// What plugins take now, by their ids.
  Map<String, Usage> usages(Collection<LoadedPlugin> plugins) {
    var byLoader = node.usagesOf(plugins.stream().map(LoadedPlugin::loader).toList());
    var usages = new HashMap<String, Usage>();
    plugins.forEach(plugin -> usages.put(plugin.id(), byLoader.get(plugin.loader())));
    return usages;
  }
}
