package dev.genserver.daemon.plugin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// What a plugin's manifest says, read before any of its classes is loaded.
record PluginManifest(String id, String version) {

  static final String ID = "Genserver-Plugin-Id";
  static final String VERSION = "Genserver-Plugin-Version";
  static final String SDK = "Genserver-Sdk-Version";

  /// The SDK that this daemon offers. Counts up when a plugin built against the one before could
  /// break.
  static final String OFFERED_SDK = "1";

  /// Reads the manifests of a plugin's jars; one of them must be the plugin's.
  ///
  /// @throws PluginRefusedException if a jar cannot be read, or the manifest does not fit
  static PluginManifest read(List<Path> jars) {
    var plugins = new ArrayList<Attributes>();
    var problems = new ArrayList<String>();
    for (var jar : jars) {
      try {
        var attributes = attributes(jar);
        if (Stream.of(ID, VERSION, SDK).anyMatch(name -> attributes.getValue(name) != null)) {
          plugins.add(attributes);
        }
      } catch (IOException e) {
        problems.add(
            "%s is no readable jar (%s); build or copy it again"
                .formatted(jar.getFileName(), e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new PluginRefusedException(problems);
    }
    if (plugins.size() > 1) {
      throw new PluginRefusedException(
          "%d of its jars have the attribute %s; a folder is one plugin, put the others beside it"
              .formatted(plugins.size(), ID));
    }
    return check(plugins.isEmpty() ? new Attributes() : plugins.getFirst());
  }

  private static Attributes attributes(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile(), false)) {
      var manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    }
  }

  private static PluginManifest check(Attributes attributes) {
    var missing =
        Stream.of(ID, VERSION, SDK)
            .filter(
                name -> attributes.getValue(name) == null || attributes.getValue(name).isBlank())
            .toList();
    if (!missing.isEmpty()) {
      throw new PluginRefusedException(
          "its manifest lacks %s; add them where the jar is built, with %s: %s"
              .formatted(String.join(", ", missing), SDK, OFFERED_SDK));
    }
    var sdk = attributes.getValue(SDK).strip();
    if (!sdk.equals(OFFERED_SDK)) {
      throw new PluginRefusedException(
          "built against SDK %s, this daemon offers SDK %s; rebuild with sdk %s.x or %s"
              .formatted(sdk, OFFERED_SDK, OFFERED_SDK, "use a genserverd that offers SDK " + sdk));
    }
    return new PluginManifest(
        attributes.getValue(ID).strip(), attributes.getValue(VERSION).strip());
  }
}
