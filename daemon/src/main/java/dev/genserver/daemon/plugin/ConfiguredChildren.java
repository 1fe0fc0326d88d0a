package dev.genserver.daemon.plugin;

import dev.genserver.daemon.text.Names;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes what the configuration, or an operator, wants into children of the plugin that offers the
/// behaviour.
///
/// @param offered by the behaviour's name
record ConfiguredChildren(Map<String, Offered> offered) {

  /// A behaviour, and the plugin that it is of.
  record Offered(LoadedPlugin plugin, Behaviour<?> behaviour) {}

  /// What became of a child that was wanted.
  sealed interface Resolution {

    /// It is a child of that plugin.
    record Found(LoadedPlugin plugin, ChildSpec child) implements Resolution {}

    /// It can be none, for these reasons, each of which names the child that it is about.
    record Missing(List<String> problems) implements Resolution {}
  }

  static ConfiguredChildren of(List<LoadedPlugin> plugins) {
    var offered = new HashMap<String, Offered>();
    for (var plugin : plugins) {
      for (var behaviour : plugin.behaviours()) {
        offered.put(behaviour.name(), new Offered(plugin, behaviour));
      }
    }
    return new ConfiguredChildren(offered);
  }

  Set<String> names() {
    return Set.copyOf(offered.keySet());
  }

  Optional<LoadedPlugin> pluginOf(String behaviour) {
    return Optional.ofNullable(offered.get(behaviour)).map(Offered::plugin);
  }

  Resolution resolve(ConfiguredChild wanted) {
    return switch (wanted) {
      case ConfiguredProcess process -> resolve(process);
      case ConfiguredSupervisor supervisor -> resolve(supervisor);
    };
  }

  private Resolution resolve(ConfiguredProcess process) {
    var found = offered.get(process.behaviour());
    return found == null
        ? missing(
            process,
            "no plugin offers the behaviour '"
                + process.behaviour()
                + "'"
                + Names.didYouMean(process.behaviour(), offered.keySet()))
        : new Resolution.Found(found.plugin(), child(process, found));
  }

  /// Goes through all children, so that all problems are told at once.
  private Resolution resolve(ConfiguredSupervisor supervisor) {
    var problems = new ArrayList<String>();
    var children = new ArrayList<ChildSpec>();
    var of = new LinkedHashMap<String, LoadedPlugin>();
    for (var child : supervisor.children()) {
      switch (resolve(child)) {
        case Resolution.Found(LoadedPlugin plugin, ChildSpec spec) -> {
          children.add(spec);
          of.put(plugin.id(), plugin);
        }
        case Resolution.Missing(List<String> reasons) -> problems.addAll(reasons);
      }
    }
    if (!problems.isEmpty()) {
      problems.add(problem(supervisor, "not all of its children can"));
      return new Resolution.Missing(problems);
    }
    if (of.size() != 1) {
      return missing(
          supervisor,
          "its children are of the plugins "
              + String.join(", ", of.keySet())
              + "; a supervisor is of one plugin, so make one for each");
    }
    var spec =
        SupervisorSpec.of(supervisor.strategy(), children)
            .intensity(supervisor.intensity(), supervisor.period());
    var child =
        ChildSpec.supervisor(supervisor.name(), spec, StartOptions.named(supervisor.name()))
            .restart(supervisor.restart());
    return new Resolution.Found(of.firstEntry().getValue(), child);
  }

  private static Resolution missing(ConfiguredChild child, String why) {
    return new Resolution.Missing(List.of(problem(child, why)));
  }

  static String problem(ConfiguredChild child, String why) {
    var kind =
        switch (child) {
          case ConfiguredProcess _ -> "process";
          case ConfiguredSupervisor _ -> "supervisor";
        };
    return "%s '%s' (%s) cannot start: %s".formatted(kind, child.name(), child.origin(), why);
  }

  private static ChildSpec child(ConfiguredProcess process, Offered offered) {
    var options =
        StartOptions.named(process.name())
            .args(process.args())
            .maxQueue(process.maxQueue())
            .cpuBound(process.cpuBound());
    var loader = (PluginClassLoader) offered.plugin().loader();
    var factory = PluginCheck.isolated(loader, offered.behaviour().factory());
    return ChildSpec.worker(process.name(), factory, options).restart(process.restart());
  }
}
