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
import java.util.regex.Pattern;

/// Takes the configurations of plugins out of the file. What a plugin makes of its own is not known
/// before the plugin is loaded.
final class FileSections {

  private static final Set<Set<String>> REFERENCES = Set.of(Set.of("file"), Set.of("env"));

  /// How secrets are called.
  private static final Pattern SECRET =
      Pattern.compile(
          "secret|password|passphrase|(^|[-_.])(token|credentials?|key|pin|pw|pwd|pass|passwd)$",
          Pattern.CASE_INSENSITIVE);

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

  /// Every value of a section as it is written. Of a secret that is where to find it; what is
  /// called like one and is none such is masked, as it may be a secret that stands where it must
  /// not.
  static List<EffectiveValue> effective(Section section) {
    var values = new ArrayList<EffectiveValue>();
    section.file().ifPresent(file -> addEffective(section.path(), section.values(), file, values));
    return values;
  }

  private static void addEffective(
      String path, YamlNode node, Path file, List<EffectiveValue> values) {
    var name = path.substring(path.lastIndexOf('.') + 1);
    if (node instanceof Mapping mapping && !isReference(mapping) && !isSecret(name)) {
      mapping
          .entries()
          .forEach((key, inner) -> addEffective(path + "." + key, inner, file, values));
    } else {
      values.add(new EffectiveValue(path, written(name, node), file + ":" + node.line()));
    }
  }

  private static boolean isReference(Mapping mapping) {
    return REFERENCES.contains(mapping.entries().keySet());
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name).find();
  }

  private static String written(String name, YamlNode node) {
    return switch (node) {
      case Mapping mapping when isReference(mapping) -> writtenOut(mapping);
      case YamlNode _ when isSecret(name) -> "***";
      case Scalar scalar -> scalar.text();
      case Sequence sequence ->
          sequence.elements().stream().map(each -> written(name, each)).toList().toString();
      case Mapping mapping -> writtenOut(mapping);
    };
  }

  private static String writtenOut(Mapping mapping) {
    var entries = new ArrayList<String>();
    mapping.entries().forEach((key, value) -> entries.add(key + ": " + written(key, value)));
    return "{" + String.join(", ", entries) + "}";
  }
}
