package dev.genserver.daemon.admin;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.Recipient;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;

/// Which messages a process takes, in the form of a reply. Does not ask the process.
///
/// @param process what the operator calls it
/// @param schema whether as JSON Schema too
record Description(String process, Pid pid, Node node, Plugins plugins, boolean schema) {

  Map<String, Object> toMap() {
    var server =
        node.locate(pid)
            .map(Recipient::serverClass)
            .orElseThrow(() ->
                Refusal.bad(
                    "process '%s' is no server, and takes no messages from outside"
                        .formatted(process)));
    var plugin =
        plugins.loaded().stream()
            .filter(each -> each.loader().equals(server.getClassLoader()))
            .findFirst();
    var binding = Binding.of(server);
    var messages = binding.describe();
    return new JsonObject()
        .with("name", node.inspect(pid).flatMap(Snapshots::name))
        .with("pid", pid)
        .with("server", server.getName())
        .with("behaviour", plugin.flatMap(each -> behaviour(each, server)))
        .with("plugin", plugin.map(LoadedPlugin::id))
        .with("version", plugin.map(LoadedPlugin::version))
        .with("calls", messages.get("calls"))
        .with("casts", messages.get("casts"))
        .with("schema", schema ? binding.schema() : null)
        .toMap();
  }

  /// What the plugin calls servers of that class.
  private static Optional<String> behaviour(LoadedPlugin plugin, Class<?> server) {
    return plugin.behaviours().stream()
        .filter(each -> each.type().equals(server))
        .map(Behaviour::name)
        .findFirst();
  }
}
