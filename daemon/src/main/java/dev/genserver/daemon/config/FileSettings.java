package dev.genserver.daemon.config;

import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.Section;
import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Takes the settings out of the file. A key may be nested (`frame:` with `max-bytes:` below it) or
/// written in one (`frame.max-bytes:`).
final class FileSettings {

  static final String PROCESSES = "processes";
  static final String PRINCIPALS = "principals";

  /// What is in the file besides settings.
  ///
  /// @param plugins a section for each plugin
  record Rest(
      Optional<Sequence> processes, Optional<Sequence> principals, Optional<Mapping> plugins) {

    static final Rest NONE = new Rest(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private final Path file;
  private final Settings settings;
  private final List<String> problems;
  private final Map<ConfigKey<?>, Integer> lines = new HashMap<>();
  private final Map<String, Sequence> lists = new HashMap<>();
  private Optional<Mapping> plugins = Optional.empty();

  private FileSettings(Path file, Settings settings, List<String> problems) {
    this.file = file;
    this.settings = settings;
    this.problems = problems;
  }

  /// Sets all settings of the file.
  ///
  /// @return what else is in it
  static Rest apply(Path file, Settings settings, List<String> problems) {
    var reading = new FileSettings(file, settings, problems);
    reading.mapping("", YamlFile.read(file, problems));
    return new Rest(
        Optional.ofNullable(reading.lists.get(PROCESSES)),
        Optional.ofNullable(reading.lists.get(PRINCIPALS)),
        reading.plugins);
  }

  private void mapping(String section, Mapping mapping) {
    mapping
        .entries()
        .forEach((key, node) -> entry(section.isEmpty() ? key : section + "." + key, node));
  }

  private void entry(String name, YamlNode node) {
    var key = ConfigKey.all().stream().filter(each -> each.name().equals(name)).findFirst();
    if (key.isPresent()) {
      setting(key.get(), node);
    } else if (name.equals(PROCESSES) || name.equals(PRINCIPALS)) {
      list(name, node);
    } else if (name.equals(Section.PLUGINS)) {
      plugins(name, node);
    } else if (!isSection(name)) {
      problem(name, node, "is unknown" + Names.didYouMean(name, known(name)));
    } else if (node instanceof Mapping inner) {
      mapping(name, inner);
    } else if (!isEmpty(node)) {
      problem(name, node, "must hold settings; write them below it, indented");
    }
  }

  private void setting(ConfigKey<?> key, YamlNode node) {
    var first = lines.put(key, node.line());
    if (first != null) {
      problem(key.name(), node, "is there twice, first in line " + first + "; remove one");
    } else if (isEmpty(node)) {
      problem(key.name(), node, "has no value; give it one or remove the line");
    } else if (node instanceof Scalar scalar) {
      settings.set(key, scalar.text(), file + ":" + node.line());
    } else {
      problem(key.name(), node, "must be one value, is a list or a mapping");
    }
  }

  private void list(String name, YamlNode node) {
    if (node instanceof Sequence sequence) {
      lists.put(name, sequence);
    } else if (!isEmpty(node)) {
      problem(name, node, "must be a list; begin each of them with '- name: …'");
    }
  }

  private void plugins(String name, YamlNode node) {
    if (node instanceof Mapping sections) {
      plugins.ifPresent(first ->
          problem(
              name, node, "is there twice, first in line " + first.line() + "; put them into one"));
      plugins = Optional.of(sections);
    } else if (!isEmpty(node)) {
      problem(name, node, "must hold a section for each plugin, under the plugin's id");
    }
  }

  private void problem(String name, YamlNode node, String what) {
    problems.add("config '%s' (%s:%d) %s".formatted(name, file, node.line(), what));
  }

  private static boolean isEmpty(YamlNode node) {
    return node instanceof Scalar scalar && scalar.value() == null;
  }

  private static boolean isSection(String name) {
    return ConfigKey.all().stream().anyMatch(key -> key.name().startsWith(name + "."));
  }

  /// What may stand where `name` stands: the keys, and at the top the sections.
  private static Set<String> known(String name) {
    var known = new TreeSet<String>();
    for (var key : ConfigKey.all()) {
      known.add(key.name());
      if (!name.contains(".") && key.name().contains(".")) {
        known.add(key.name().substring(0, key.name().indexOf('.')));
      }
    }
    known.add(PROCESSES);
    known.add(PRINCIPALS);
    known.add(Section.PLUGINS);
    return known;
  }
}
