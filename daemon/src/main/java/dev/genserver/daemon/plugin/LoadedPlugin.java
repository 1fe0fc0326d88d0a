package dev.genserver.daemon.plugin;

import dev.genserver.daemon.text.Section;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import java.nio.file.Path;
import java.util.List;

/// A plugin that passed all checks. Nothing of it runs yet.
///
/// @param file the jar, or folder of jars, in the plugin folder
/// @param copy the folder of the copies that its classes come from
/// @param loader sees the plugin's classes, the JDK and the SDK, and nothing else
/// @param section what the configuration said to it
/// @param children its own processes and then those that the configuration wants of its behaviours,
///   in starting order; their factories set the context class loader themselves
public record LoadedPlugin(
    String id,
    String version,
    Path file,
    Path copy,
    ClassLoader loader,
    Section section,
    List<Behaviour<?>> behaviours,
    List<ChildSpec> children) {

  public LoadedPlugin {
    behaviours = List.copyOf(behaviours);
    children = List.copyOf(children);
  }

  LoadedPlugin withChildren(List<ChildSpec> children) {
    return new LoadedPlugin(id, version, file, copy, loader, section, behaviours, children);
  }
}
