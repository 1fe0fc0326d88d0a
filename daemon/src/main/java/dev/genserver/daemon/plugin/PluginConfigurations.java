package dev.genserver.daemon.plugin;

import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.Section;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the configuration says to plugins. Immutable and thread-safe.
///
/// @param sections by the ids of the plugins
/// @param environment the value of an environment variable, where secrets may be; null if it is not
///   set
public record PluginConfigurations(
    Map<String, Section> sections, Function<String, @Nullable String> environment) {

  /// Says nothing to anybody.
  static final PluginConfigurations NONE = new PluginConfigurations(Map.of(), _ -> null);

  /// What it says to one plugin.
  Section of(String id) {
    return sections.getOrDefault(id, Section.none(id));
  }

  /// A problem for each section that is for none of these plugins.
  List<PluginProblem> forNone(Set<String> ids) {
    return sections.keySet().stream()
        .filter(id -> !ids.contains(id))
        .map(id -> forNobody(of(id), Names.didYouMean(id, ids)))
        .toList();
  }

  private static PluginProblem forNobody(Section section, String meant) {
    var mend = meant.isEmpty() ? "; load the plugin, or remove the section" : meant;
    return new PluginProblem(
        section.problem(
            section.path(), section.values(), "is for no plugin that is loaded" + mend));
  }
}
