package dev.genserver.daemon.plugin;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Sees to it that the plugin folder has what runs, for the daemon's next start. Where the folder
/// cannot be written, which is logged, the daemon goes on all the same.
final class PluginFiles {

  private static final System.Logger LOG = System.getLogger(PluginFiles.class.getName());

  private PluginFiles() {}

  /// Puts the jar into the plugin folder as `file`, in the place of the file of another version,
  /// which is put aside.
  ///
  /// @param instead the file of the other version; `file` itself if there is none
  /// @return whether that went well
  static boolean keep(Path jar, Path file, Path instead) {
    try {
      // Beside it first: whoever looks into the folder sees a whole jar or none.
      var beside = file.resolveSibling(file.getFileName() + ".new");
      Files.copy(jar, beside, StandardCopyOption.REPLACE_EXISTING);
      if (!file.equals(instead) && Files.exists(instead)) {
        Files.move(instead, previous(instead), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "plugin is not kept, and gone when the daemon starts again file={0} reason={1}",
          file,
          e);
      return false;
    }
  }

  /// [#keep] of a plugin's own copy.
  static boolean keepCopy(LoadedPlugin plugin, Path instead) {
    try {
      var jars = PluginFolder.jarsOf(plugin.copy());
      return jars.size() == 1 && keep(jars.getFirst(), plugin.file(), instead);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "plugin is not kept id=" + plugin.id(), e);
      return false;
    }
  }

  /// Puts the jars of the version from before into the plugin folder again, in the place of another
  /// version's.
  ///
  /// @return whether that went well
  static boolean restore(LoadedPlugin old, Path instead) {
    var file = old.file();
    try {
      if (!file.equals(instead) && Files.exists(instead)) {
        Files.move(instead, removed(instead), StandardCopyOption.REPLACE_EXISTING);
      }
      if (Files.exists(previous(file))) {
        Files.move(previous(file), file, StandardCopyOption.REPLACE_EXISTING);
      }
      return isMadeOf(file, old) || keepCopy(old, file);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "plugin is rolled back, but its file is not; put the old one back before the daemon starts again file={0} reason={1}",
          file,
          e);
      return false;
    }
  }

  private static boolean isMadeOf(Path file, LoadedPlugin plugin) throws IOException {
    return Files.exists(file) && PluginFolder.areSame(plugin.copy(), file);
  }

  /// Renames the plugin's file, so that the daemon's next start does not find it.
  ///
  /// @return whether it is there no more
  static boolean putAside(Path file) {
    try {
      if (Files.exists(file)) {
        Files.move(file, removed(file), StandardCopyOption.REPLACE_EXISTING);
      }
      return true;
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "plugin is back when the daemon starts again, as its file cannot be renamed file={0} reason={1}",
          file,
          e);
      return false;
    }
  }

  /// What the file of a version that was replaced is called.
  private static Path previous(Path file) {
    return file.resolveSibling(file.getFileName() + ".previous");
  }

  /// What the file of a plugin that was removed is called.
  private static Path removed(Path file) {
    return file.resolveSibling(file.getFileName() + ".removed");
  }

  /// Deletes a jar that was uploaded.
  static void delete(Path jar) {
    try {
      Files.deleteIfExists(jar);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "upload was not deleted file={0} reason={1}", jar, e);
    }
  }
}
