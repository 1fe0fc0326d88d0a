package dev.genserver.daemon.plugin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginThreads;
import dev.genserver.runtime.Unloading;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Brings plugins to life in a node, and takes them away again: each has a supervisor of its own
/// below the daemon's, with the plugin's processes.
///
/// Thread-safe. Blocks: one change waits for the other, and for the processes that it starts and
/// stops.
public final class Deployment {

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

  private final Node node;
  private final Pid root;
  private final Plugins plugins;
  private final Path folder;
  private final ReentrantLock changing = new ReentrantLock();
  private final List<Unloading> removed = new ArrayList<>();

  /// @param root the daemon's own supervisor
  /// @param folder the plugin folder
  public Deployment(Node node, Pid root, Plugins plugins, Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    this.node = node;
    this.root = root;
    this.plugins = plugins;
  }

  /// Starts the trees of the plugins that were loaded with the daemon.
  ///
  /// @return what did not start, a sentence each; that stays loaded
  public List<String> startLoaded() {
    return plugins.loaded().stream().flatMap(plugin -> start(plugin).stream()).toList();
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
      return new Deployed(deploy(jar, file), isKept(jar, file));
    } finally {
      delete(jar);
      changing.unlock();
    }
  }

  /// Deploys a plugin that was put into the folder, unless it is loaded already.
  ///
  /// @return empty if it is
  /// @throws PluginRefusedException with all that is wrong with it; nothing has changed then
  Optional<LoadedPlugin> deploy(Path file) {
    changing.lock();
    try {
      return plugins.loaded().stream().anyMatch(plugin -> plugin.file().equals(file))
          ? Optional.empty()
          : Optional.of(deploy(file, file));
    } finally {
      changing.unlock();
    }
  }

  private LoadedPlugin deploy(Path source, Path file) {
    var plugin = plugins.add(source, file);
    var problem = start(plugin);
    if (problem.isPresent()) {
      forget(plugin);
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
      delete(jar);
    }
  }

  /// Puts the jar into the plugin folder, for the daemon's next start.
  private static boolean isKept(Path jar, Path file) {
    try {
      // Beside it first: whoever looks into the folder sees a whole jar or none.
      var beside = file.resolveSibling(file.getFileName() + ".new");
      Files.copy(jar, beside, StandardCopyOption.REPLACE_EXISTING);
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

  private static void delete(Path jar) {
    try {
      Files.deleteIfExists(jar);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "upload was not deleted file={0} reason={1}", jar, e);
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

  /// The plugins that were removed and whose classes are in memory still.
  public List<Unloading> leaking() {
    synchronized (removed) {
      removed.removeIf(Unloading::isDone);
      return List.copyOf(removed);
    }
  }

  private Removed remove(LoadedPlugin plugin) {
    var loader = plugin.loader();
    var processes = stop(plugin);
    forget(plugin);
    putAside(plugin.file());
    var unloading = Unloading.begin(plugin.id(), plugin.version(), loader);
    synchronized (removed) {
      removed.add(unloading);
    }
    LOG.log(
        Level.INFO,
        "plugin removed id={0} version={1} processes={2}",
        plugin.id(),
        plugin.version(),
        processes);
    return new Removed(plugin.id(), plugin.version(), processes, unloading);
  }

  /// Renames the plugin's file, so that the daemon's next start does not find it.
  private void putAside(Path file) {
    try {
      if (Files.exists(file)) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".removed"),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "plugin is back when the daemon starts again, as its file cannot be renamed file={0} reason={1}",
          file,
          e);
      plugins.note(
          file,
          List.of(
              "it was removed, but its file cannot be renamed; delete that before the daemon starts again"));
    }
  }

  private Optional<String> start(LoadedPlugin plugin) {
    var spec =
        ChildSpec.supervisor(plugin.id(), SupervisorSpec.oneForOne(plugin.children()))
            .restart(Restart.TEMPORARY);
    return switch (node.supervisor(root).startChild(spec)) {
      case StartResult.Ok _, StartResult.Ignore _ -> {
        LOG.log(
            Level.INFO,
            "plugin started id={0} version={1} processes={2}",
            plugin.id(),
            plugin.version(),
            plugin.children().size());
        yield Optional.empty();
      }
      case StartResult.AlreadyStarted(Pid pid) -> notStarted(plugin, pid.toString());
      case StartResult.Failed(ExitReason reason) -> notStarted(plugin, reason.toString());
    };
  }

  private static Optional<String> notStarted(LoadedPlugin plugin, String reason) {
    return Optional.of(
        "plugin %s did not start: %s".formatted(plugin.file().getFileName(), reason));
  }

  /// Ends the plugin's tree, then what its code has started beside it, and asks its threads to end.
  ///
  /// @return how many processes ran its code
  private int stop(LoadedPlugin plugin) {
    var running = node.processesOf(plugin.loader()).size();
    node.supervisor(root).terminateChild(plugin.id());
    node.killAllOf(plugin.loader());
    PluginThreads.of(plugin.loader()).forEach(Thread::interrupt);
    return running;
  }

  private void forget(LoadedPlugin plugin) {
    plugins.remove(plugin.id());
    try {
      Plugins.discard(plugin);
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "plugin was not closed id=" + plugin.id(), e);
    }
  }
}
