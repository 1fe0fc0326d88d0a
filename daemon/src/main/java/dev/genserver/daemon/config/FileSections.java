package dev.genserver.daemon.config;

import dev.genserver.daemon.text.Section;
import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes the configurations of plugins out of the file. What a plugin makes of its own is not known
/// before the plugin is loaded.
final class FileSections {

  private static final Set<Set<String>> REFERENCES = Set.of(Set.of("file"), Set.of("env"));

  private FileSections() {}

  /// The sections by the ids of the plugins, in the order of the file.
  static Map<String, Section> read(Path file, Mapping plugins, List<String> problems) {
    var sections = new LinkedHashMap<String, Section>();
    plugins
        .entries()
        .forEach((id, node) ->
            values(node)
                .ifPresentOrElse(
                    values ->
                        sections.put(id, new Section(Section.path(id), Optional.of(file), values)),
                    () ->
                        problems.add(
                            "config '%s' (%s:%d) must hold what the plugin takes, each as 'name: value'"
                                .formatted(Section.path(id), file, node.line()))));
    return Collections.unmodifiableMap(sections);
  }

  private static Optional<Mapping> values(YamlNode node) {
    return switch (node) {
      case Mapping mapping -> Optional.of(mapping);
      case Scalar(var value, String _, int line) when value == null ->
          Optional.of(new Mapping(new LinkedHashMap<>(), line));
      case Scalar _, Sequence _ -> Optional.empty();
    };
  }

  /// Every value of a section as it is written; of a secret that is where to find it.
  static List<EffectiveValue> effective(Section section) {
    var values = new ArrayList<EffectiveValue>();
    section.file().ifPresent(file -> addEffective(section.path(), section.values(), file, values));
    return values;
  }

  private static void addEffective(
      String path, YamlNode node, Path file, List<EffectiveValue> values) {
    if (node instanceof Mapping mapping && !REFERENCES.contains(mapping.entries().keySet())) {
      mapping
          .entries()
          .forEach((name, inner) -> addEffective(path + "." + name, inner, file, values));
    } else {
      values.add(new EffectiveValue(path, written(node), file + ":" + node.line()));
    }
  }

  private static String written(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> scalar.text();
      case Sequence sequence ->
          sequence.elements().stream().map(FileSections::written).toList().toString();
      case Mapping mapping -> {
        var entries = new ArrayList<String>();
        mapping.entries().forEach((name, value) -> entries.add(name + ": " + written(value)));
        yield "{" + String.join(", ", entries) + "}";
      }
    };
  }
}
