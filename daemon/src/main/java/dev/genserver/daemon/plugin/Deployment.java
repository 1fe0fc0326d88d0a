package dev.genserver.daemon.plugin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.Unloading;
import dev.genserver.runtime.Usage;
import dev.genserver.sdk.Pid;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Brings plugins to life in a node, and takes them away again: each has a supervisor of its own
/// below the daemon's, with the plugin's processes.
///
/// Thread-safe. Blocks: one change waits for the other, and for the processes that it starts and
/// stops.
public final class Deployment implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Deployment.class.getName());

  /// What has become of a plugin that was removed.
  ///
  /// @param processes how many processes ran its code
  /// @param unloading whether its classes have gone from memory
  public record Removed(String id, String version, int processes, Unloading unloading) {}

  /// A plugin that was brought to life.
  ///
  /// @param kept whether its jar is in the plugin folder, for the daemon's next start
  public record Deployed(LoadedPlugin plugin, boolean kept) {}

  private final Plugins plugins;
  private final Path folder;
  private final PluginTrees trees;
  private final Upgrades upgrades;
  private final Retired retired = new Retired();
  private final ReentrantLock changing = new ReentrantLock();

  /// @param root the daemon's own supervisor
  /// @param folder the plugin folder
  public Deployment(Node node, Pid root, Plugins plugins, Path folder) {
    this.plugins = plugins;
    this.folder = folder.toAbsolutePath().normalize();
    this.trees = new PluginTrees(node, root);
    this.upgrades = new Upgrades(node, plugins, trees, retired, changing, this.folder);
  }

  /// What upgrades plugins that are deployed.
  public Upgrades upgrades() {
    return upgrades;
  }

  /// Starts the trees of the plugins that were loaded with the daemon.
  ///
  /// @return what did not start, a sentence each; that stays loaded
  public List<String> startLoaded() {
    return plugins.loaded().stream().flatMap(plugin -> trees.start(plugin).stream()).toList();
  }

  /// Loads a plugin and starts its processes.
  ///
  /// @param jar where it is now; deleted, or moved into the plugin folder
  /// @param name what it is to be called there
  /// @throws PluginRefusedException with all that is wrong with it; nothing has changed then
  public Deployed deploy(Path jar, String name) {
    changing.lock();
    try {
      var file = folder.resolve(name);
      return new Deployed(deploy(jar, file), PluginFiles.keep(jar, file, file));
    } finally {
      PluginFiles.delete(jar);
      changing.unlock();
    }
  }

  /// Deploys a plugin that was put into the folder, or upgrades the one whose file it replaces.
  /// Nothing is done if it is loaded already.
  ///
  /// @param options for an upgrade
  /// @throws PluginRefusedException with all that is wrong with it; nothing has changed then
  void follow(Path file, UpgradeOptions options) {
    changing.lock();
    try {
      var known = predecessor(file);
      if (known.isEmpty()) {
        var _ = deploy(file, file);
      } else if (!isLoadedFrom(known.get(), file)) {
        requireSameId(known.get(), file);
        var _ = upgrades.upgrade(known.get(), plugins.candidate(file, file), options);
      }
    } finally {
      changing.unlock();
    }
  }

  /// The loaded plugin whose place the file takes: it is its file, or that of the same id has gone.
  private Optional<LoadedPlugin> predecessor(Path file) {
    var same = plugins.loaded().stream().filter(plugin -> plugin.file().equals(file)).findFirst();
    return same.isPresent() ? same : plugins.find(idOf(file)).filter(this::hasNoFile);
  }

  private static String idOf(Path file) {
    try {
      return PluginManifest.read(PluginFolder.jarsOf(file)).id();
    } catch (IOException e) {
      throw new PluginRefusedException("it cannot be read: " + e);
    }
  }

  /// Whether its file was moved away. One that came over the wire and could not be kept never had
  /// one.
  private boolean hasNoFile(LoadedPlugin plugin) {
    return !Files.exists(plugin.file());
  }

  private static void requireSameId(LoadedPlugin known, Path file) {
    var id = idOf(file);
    if (!id.equals(known.id())) {
      throw new PluginRefusedException(
          "it is plugin '%s' now, and plugin '%s' runs that was loaded from it; put '%s' under another name, or remove '%s' first"
              .formatted(id, known.id(), id, known.id()));
    }
  }

  private static boolean isLoadedFrom(LoadedPlugin plugin, Path file) {
    try {
      return PluginFolder.areSame(plugin.copy(), file);
    } catch (IOException e) {
      throw new PluginRefusedException("it cannot be read: " + e);
    }
  }

  private LoadedPlugin deploy(Path source, Path file) {
    var plugin = plugins.add(source, file);
    var problem = trees.start(plugin);
    if (problem.isPresent()) {
      plugins.remove(plugin.id());
      Retired.close(plugin);
      throw new PluginRefusedException(problem.get());
    }
    return plugin;
  }

  /// Looks what is wrong with a plugin; see [Plugins#verify].
  ///
  /// @param jar where it is now; deleted
  public Plugins.Verified verify(Path jar) {
    try {
      return plugins.verify(jar);
    } finally {
      PluginFiles.delete(jar);
    }
  }

  /// Stops the processes of a plugin in order, each within its shutdown time, and unloads it.
  ///
  /// @return empty if there is none with that id
  public Optional<Removed> remove(String id) {
    changing.lock();
    try {
      return plugins.find(id).map(this::remove);
    } finally {
      changing.unlock();
    }
  }

  /// Stops the processes of a plugin in order, if any run, and starts them anew. What was started
  /// at run time beside its own and the configured ones is gone then.
  ///
  /// @return empty if there is none with that id
  /// @throws PluginRefusedException if another version is tried, or they do not start
  public Optional<LoadedPlugin> restart(String id) {
    changing.lock();
    try {
      return plugins.find(id).map(this::restart);
    } finally {
      changing.unlock();
    }
  }

  private LoadedPlugin restart(LoadedPlugin plugin) {
    upgrades.requireSettled(plugin.id());
    var _ = trees.stop(plugin);
    trees
        .start(plugin)
        .ifPresent(problem -> {
          throw new PluginRefusedException(problem);
        });
    return plugin;
  }

  /// The plugins that are loaded and do not run: they did not start, or their restarts are
  /// exhausted. Waits for nobody.
  public List<PluginProblem> down() {
    return plugins.loaded().stream()
        .filter(trees::isDown)
        .map(plugin -> PluginProblem.down(plugin.id()))
        .toList();
  }

  /// What plugins take now, by their ids.
  public Map<String, Usage> usages(Collection<LoadedPlugin> plugins) {
    return trees.usages(plugins);
  }

  /// The plugins that were removed, and versions that were replaced, whose classes are in memory
  /// still.
  public List<Unloading> leaking() {
    return retired.leaking();
  }

  private Removed remove(LoadedPlugin plugin) {
    var processes = trees.stop(plugin);
    plugins.remove(plugin.id());
    upgrades.forget(plugin.id());
    if (!PluginFiles.putAside(plugin.file())) {
      plugins.note(
          plugin.file(),
          List.of(
              "it was removed, but its file cannot be renamed; delete that before the daemon starts again"));
    }
    LOG.log(
        Level.INFO,
        "plugin removed id={0} version={1} processes={2}",
        plugin.id(),
        plugin.version(),
        processes);
    return new Removed(plugin.id(), plugin.version(), processes, retired.add(plugin));
  }

  /// Closes what is kept of versions that do not run.
  @Override
  public void close() {
    upgrades.close();
  }
}
