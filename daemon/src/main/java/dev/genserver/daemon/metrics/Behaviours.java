package dev.genserver.daemon.metrics;

import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.runtime.Census;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the groups of a census are called in metrics: by the behaviour that their plugin offers,
/// else by their class. A behaviour keeps its name when its plugin is removed. Not thread-safe.
final class Behaviours {

  /// What a group is called.
  ///
  /// @param plugin the id of its plugin; empty where it has none
  record Name(String plugin, String behaviour) {}

  private final Supplier<List<LoadedPlugin>> plugins;

  // As many as a node tells groups apart.
  private final Map<Name, Name> known = new HashMap<>();

  /// @param plugins tells those that are loaded
  Behaviours(Supplier<List<LoadedPlugin>> plugins) {
    this.plugins = plugins;
  }

  /// What these groups are called, in their order.
  List<Name> names(List<Census.Group> groups) {
    var offered = offered();
    return groups.stream()
        .map(group -> new Name(group.plugin(), group.code()))
        .map(group -> {
          var name = offered.getOrDefault(group, known.getOrDefault(group, group));
          known.put(group, name);
          return name;
        })
        .toList();
  }

  /// The behaviours that are offered, by plugin and class. A class that several are of is called by
  /// its own name.
  private Map<Name, Name> offered() {
    var offered = new HashMap<Name, Name>();
    for (var plugin : plugins.get()) {
      for (var behaviour : plugin.behaviours()) {
        var group = new Name(plugin.id(), behaviour.type().getName());
        var name = new Name(plugin.id(), behaviour.name());
        if (offered.putIfAbsent(group, name) != null) {
          offered.put(group, group);
        }
      }
    }
    return offered;
  }
}
