package dev.genserver.daemon.trace;

import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Recipient;

/// Tells what processes are called by the plugins that are loaded. Thread-safe.
///
/// @param plugins looked through each time: what is kept of a class would keep its plugin
record Kinds(Plugins plugins) {

  /// What a process is called.
  ///
  /// @param plugin the plugin's id; empty if it is none's
  /// @param behaviour the name of the behaviour; that of the class where several behaviours, or
  ///   none, are of it
  record Kind(String plugin, String behaviour) {}

  Kind of(Recipient process) {
    var code = process.serverClass().getName();
    var plugin = process.plugin();
    var names =
        plugins.find(plugin).map(LoadedPlugin::behaviours).stream()
            .flatMap(behaviours -> behaviours.stream())
            .filter(behaviour -> behaviour.type().getName().equals(code))
            .map(behaviour -> behaviour.name())
            .toList();
    return new Kind(plugin, names.size() == 1 ? names.getFirst() : code);
  }
}
