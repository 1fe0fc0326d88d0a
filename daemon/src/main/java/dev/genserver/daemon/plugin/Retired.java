package dev.genserver.daemon.plugin;

import dev.genserver.runtime.Unloading;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// The plugins, and versions of plugins, of which nothing is to be left. Thread-safe.
final class Retired {

  private static final System.Logger LOG = System.getLogger(Retired.class.getName());

  private final List<Unloading> all = new ArrayList<>();

  /// Lets go of a plugin of which nothing runs any more.
  ///
  /// @return whether its classes have gone from memory
  Unloading add(LoadedPlugin plugin) {
    close(plugin);
    var unloading = Unloading.begin(plugin.id(), plugin.version(), plugin.loader());
    synchronized (all) {
      all.add(unloading);
    }
    return unloading;
  }

  /// Lets go of a version that was replaced, and looks beside what goes on whether its classes
  /// leave memory. Until that is known it is not told of.
  void addAndAwait(LoadedPlugin version) {
    close(version);
    var unloading = Unloading.begin(version.id(), version.version(), version.loader());
    Thread.ofVirtual().name("unloading " + version.id()).start(() -> awaitEnd(unloading));
  }

  private void awaitEnd(Unloading unloading) {
    try {
      if (!unloading.await()) {
        synchronized (all) {
          all.add(unloading);
        }
      }
    } catch (InterruptedException _) {
      // Nobody wants to know any more.
    }
  }

  /// Closes its jars; that this cannot be done is logged.
  static void close(LoadedPlugin plugin) {
    try {
      Plugins.discard(plugin);
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "plugin was not closed id=" + plugin.id(), e);
    }
  }

  /// Those whose classes are in memory still.
  List<Unloading> leaking() {
    synchronized (all) {
      all.removeIf(Unloading::isDone);
      return List.copyOf(all);
    }
  }
}
