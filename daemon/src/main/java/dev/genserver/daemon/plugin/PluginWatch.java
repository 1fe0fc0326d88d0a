package dev.genserver.daemon.plugin;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Deploys plugins that are put into the plugin folder while the daemon runs, and upgrades those
/// whose files are replaced; one that is refused leaves the version that runs. Looks once a second,
/// which works for mounted folders as for others; a plugin that changes from one look to the next
/// is still being written, and waited for.
public final class PluginWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(PluginWatch.class.getName());

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final PluginFolder folder;
  private final Plugins plugins;
  private final Deployment deployment;
  private final UpgradeOptions upgrades;
  private final Thread thread = Thread.ofVirtual().name("plugin-watch").unstarted(this::watch);

  // How each plugin looked, of those that were decided on, and of those that are new or changed.
  private Map<Path, String> decided = new HashMap<>();
  private Map<Path, String> changing = new HashMap<>();

  private PluginWatch(
      PluginFolder folder, Plugins plugins, Deployment deployment, UpgradeOptions upgrades) {
    this.folder = folder;
    this.plugins = plugins;
    this.deployment = deployment;
    this.upgrades = upgrades;
  }

  /// Begins to watch. What is in the folder by now is not deployed.
  ///
  /// @param probation for how long a version is watched that replaces another
  public static PluginWatch of(
      Path folder, Plugins plugins, Deployment deployment, Duration probation) {
    var watch =
        new PluginWatch(
            new PluginFolder(folder.toAbsolutePath().normalize()),
            plugins,
            deployment,
            UpgradeOptions.defaults().probation(probation, UpgradeOptions.DEFAULT_CRASHES));
    watch.decided = watch.look();
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        compare(look());
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "plugins are watched no longer; restart the daemon: " + folder, e);
    }
  }

  private void compare(Map<Path, String> now) {
    for (var gone : decided.keySet()) {
      if (!now.containsKey(gone)) {
        plugins.note(gone, List.of());
      }
    }
    decided.keySet().retainAll(now.keySet());
    var unsettled = new HashMap<Path, String>();
    now.forEach((file, looks) -> {
      // One that was removed and put back at once looks as it did.
      if (!looks.equals(decided.get(file)) || !plugins.knows(file)) {
        if (looks.equals(changing.get(file))) {
          decided.put(file, looks);
          follow(file);
        } else {
          unsettled.put(file, looks);
        }
      }
    });
    changing = unsettled;
  }

  private void follow(Path file) {
    try {
      deployment.follow(file, upgrades);
      plugins.note(file, List.of());
    } catch (PluginRefusedException e) {
      plugins.note(file, e.reasons());
      e.reasons()
          .forEach(reason ->
              LOG.log(Level.ERROR, PluginProblem.refused(file.getFileName().toString(), reason)));
    }
  }

  /// Each plugin with what tells whether it has changed.
  private Map<Path, String> look() {
    var seen = new HashMap<Path, String>();
    try {
      if (Files.isDirectory(folder.path())) {
        for (var plugin : folder.plugins()) {
          seen.put(plugin, looks(plugin));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "plugin folder cannot be read folder={0} reason={1}", folder, e);
    }
    return seen;
  }

  private static String looks(Path plugin) throws IOException {
    var looks = new StringBuilder();
    for (var jar : PluginFolder.jarsOf(plugin)) {
      var file = Files.readAttributes(jar, BasicFileAttributes.class);
      looks
          .append(jar.getFileName())
          .append(' ')
          .append(file.lastModifiedTime())
          .append(' ')
          .append(file.size())
          .append(' ')
          .append(file.fileKey())
          .append('\n');
    }
    return looks.toString();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
