package dev.genserver.daemon.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The files of plugins: which there are, and copies of them that nobody replaces.
record PluginFolder(Path path) {

  /// The plugins by file name: each jar, and each folder that has jars.
  List<Path> plugins() throws IOException {
    var plugins = new ArrayList<Path>();
    for (var entry : sorted(path)) {
      if (isJar(entry) || !jars(entry).isEmpty()) {
        plugins.add(entry);
      }
    }
    return plugins;
  }

  /// Copies the jars of a plugin into `target`, which is made.
  static List<Path> copy(Path plugin, Path target) throws IOException {
    Files.createDirectory(target);
    var copies = new ArrayList<Path>();
    for (var jar : jarsOf(plugin)) {
      copies.add(
          Files.copy(jar, target.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING));
    }
    return copies;
  }

  /// What a plugin is made of: itself, or the jars in it.
  static List<Path> jarsOf(Path plugin) throws IOException {
    return isJar(plugin) ? List.of(plugin) : jars(plugin);
  }

  /// Whether the two are made of the same jars.
  static boolean areSame(Path plugin, Path other) throws IOException {
    var jars = jarsOf(plugin);
    var others = jarsOf(other);
    if (jars.size() != others.size()) {
      return false;
    }
    for (var i = 0; i < jars.size(); i++) {
      if (Files.mismatch(jars.get(i), others.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /// Deletes a folder and all that is in it.
  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    return Files.isDirectory(folder)
        ? sorted(folder).stream().filter(PluginFolder::isJar).toList()
        : List.of();
  }

  private static boolean isJar(Path file) {
    return Files.isRegularFile(file) && file.getFileName().toString().endsWith(".jar");
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
