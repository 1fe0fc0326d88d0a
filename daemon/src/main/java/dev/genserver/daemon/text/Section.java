package dev.genserver.daemon.text;

import dev.genserver.daemon.text.YamlNode.Mapping;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;

/// What the configuration says to one plugin.
///
/// @param path the keys that lead to it: `plugins.config.shop`
/// @param file where it stands; empty if nothing is said to the plugin
public record Section(String path, Optional<Path> file, Mapping values) {

  /// The key below which the sections stand, each under the id of its plugin.
  public static final String PLUGINS = "plugins.config";

  /// What is said to a plugin of which the configuration knows nothing.
  public static Section none(String id) {
    return new Section(path(id), Optional.empty(), new Mapping(new LinkedHashMap<>(), 1));
  }

  /// The path of a plugin's section.
  public static String path(String id) {
    return PLUGINS + "." + id;
  }

  /// A sentence about something in it, which begins with the place: `config 'a.b' (file:3) is …`.
  ///
  /// @param path the keys that lead to it
  public String problem(String path, YamlNode node, String what) {
    var place = file.map(each -> " (" + each + ":" + node.line() + ")").orElse("");
    return "config '" + path + "'" + place + " " + what;
  }

  /// Whether the other says the same, be it in other lines.
  public boolean saysSame(Section other) {
    return String.valueOf(values.plain()).equals(String.valueOf(other.values.plain()));
  }
}
