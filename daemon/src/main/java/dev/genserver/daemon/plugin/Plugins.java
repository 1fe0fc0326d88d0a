package dev.genserver.daemon.plugin;

import dev.genserver.daemon.plugin.ConfiguredChildren.Resolution;
import dev.genserver.sdk.ChildSpec;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The plugins that are loaded, and everything that is wrong with others.
///
/// Loading starts no process. The jars are copied aside first, so files may be replaced at any
/// time. Closing closes the class loaders and removes the copies: stop the processes first.
///
/// Thread-safe. Changes wait for each other, and run code of the plugin; what is loaded can be read
/// meanwhile.
public final class Plugins implements AutoCloseable {

  /// A child that the configuration wants.
  private static final class Wanted {
    final ConfiguredChild child;
    @Nullable String plugin; // the id of that which has it
    List<String> problems = List.of();

    Wanted(ConfiguredChild child) {
      this.child = child;
    }
  }

  private final Path copies;
  private final ReentrantLock changing = new ReentrantLock();
  private final ProcessNames names = new ProcessNames();
  private final List<Wanted> wanted;
  private final Map<String, List<String>> refused = new LinkedHashMap<>();
  private Optional<PluginProblem> ofFolder = Optional.empty();
  private int copied;
  private volatile PluginConfigurations configurations;
  private volatile List<LoadedPlugin> loaded = List.of();
  private volatile List<PluginProblem> problems = List.of();
  private volatile Optional<String> note = Optional.empty();

  private Plugins(Path copies, List<ConfiguredChild> wanted, PluginConfigurations configurations) {
    this.copies = copies;
    this.configurations = configurations;
    this.wanted = wanted.stream().map(Wanted::new).toList();
  }

  /// As [#load(Path, boolean, List, PluginConfigurations)], with nothing said to the plugins.
  static Plugins load(Path folder, boolean mustExist, List<ConfiguredChild> processes) {
    return load(folder, mustExist, processes, PluginConfigurations.NONE);
  }

  /// Loads all plugins of a folder: each jar, and each folder of jars, in the order of their names.
  ///
  /// Where two plugins claim the same id, behaviour or process name, the first has it and the
  /// second is refused.
  ///
  /// @param mustExist whether it is a problem, not only a note, that there is no such folder
  /// @param processes what else to start, of the plugins' behaviours
  /// @param configurations what is said to the plugins
  /// @throws UncheckedIOException if the jars cannot be copied aside at all
  public static Plugins load(
      Path folder,
      boolean mustExist,
      List<ConfiguredChild> processes,
      PluginConfigurations configurations) {
    var plugins = new Plugins(folderOfCopies(), processes, configurations);
    plugins.loadAll(folder.toAbsolutePath().normalize(), mustExist);
    return plugins;
  }

  private static Path folderOfCopies() {
    try {
      return Files.createTempDirectory("genserverd-plugins-");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "plugins run from copies in the temporary folder, and nothing can be written there: %s; make"
                  .formatted(e.getMessage())
              + " it writable, in a container with --tmpfs /tmp, or name another to the JVM with"
              + " -Djava.io.tmpdir=DIR",
          e);
    }
  }

  /// The plugins that passed all checks, in the order in which they were loaded.
  public List<LoadedPlugin> loaded() {
    return loaded;
  }

  /// The plugin with that id.
  public Optional<LoadedPlugin> find(String id) {
    return loaded.stream().filter(plugin -> plugin.id().equals(id)).findFirst();
  }

  /// What is wrong with the plugins and processes that are not in [#loaded].
  public List<PluginProblem> problems() {
    return problems;
  }

  /// What to tell the operator where there is nothing to load.
  public Optional<String> note() {
    return note;
  }

  /// The names of all behaviours that processes can be started of.
  public Set<String> behaviourNames() {
    return ConfiguredChildren.of(loaded).names();
  }

  /// The process as a child for the supervisor of the plugin that offers its behaviour.
  ///
  /// @return empty if no plugin offers the behaviour
  public Optional<Startable> startable(ConfiguredProcess process) {
    return switch (ConfiguredChildren.of(loaded).resolve(process)) {
      case Resolution.Found(LoadedPlugin plugin, ChildSpec child) ->
          Optional.of(new Startable(plugin.id(), child));
      case Resolution.Missing _ -> Optional.empty();
    };
  }

  /// A process that can be started.
  ///
  /// @param plugin the id of the plugin that offers its behaviour
  public record Startable(String plugin, ChildSpec child) {}

  // Changes.

  /// Loads one more plugin, with the processes that the configuration wants of its behaviours.
  ///
  /// @param source a jar, or a folder of jars
  /// @param file what [LoadedPlugin#file] is to be
  /// @throws PluginRefusedException with all that is wrong with it; nothing has changed then
  public LoadedPlugin add(Path source, Path file) {
    changing.lock();
    try {
      var plugin = load(source, file);
      refused.remove(name(file));
      place(each -> each.id().equals(plugin.id()));
      return find(plugin.id()).orElseThrow();
    } finally {
      changing.unlock();
    }
  }

  /// Takes other configurations, for plugins that are loaded from now on.
  ///
  /// @return the paths of those that are others for plugins that are loaded already
  public List<String> configure(PluginConfigurations next) {
    changing.lock();
    try {
      configurations = next;
      place(_ -> false);
      return loaded.stream()
          .filter(plugin -> !plugin.section().saysSame(next.of(plugin.id())))
          .map(plugin -> plugin.section().path())
          .toList();
    } finally {
      changing.unlock();
    }
  }

  /// Whether the plugin was loaded from that file, or refused.
  boolean knows(Path file) {
    changing.lock();
    try {
      return refused.containsKey(name(file))
          || loaded.stream().anyMatch(plugin -> plugin.file().equals(file));
    } finally {
      changing.unlock();
    }
  }

  /// Notes what is wrong with a plugin of the folder, or no longer is, for [#problems].
  ///
  /// @param reasons empty if nothing is
  void note(Path file, List<String> reasons) {
    changing.lock();
    try {
      if (reasons.isEmpty()) {
        refused.remove(name(file));
      } else {
        refused.put(name(file), reasons);
      }
      place(_ -> false);
    } finally {
      changing.unlock();
    }
  }

  /// Looks what is wrong with a plugin, and forgets it again. One that has the id of a plugin that
  /// is loaded is looked at as if that were not.
  ///
  /// @param file a jar, or a folder of jars
  /// @throws PluginRefusedException with all that is wrong with it
  public Verified verify(Path file) {
    changing.lock();
    try {
      var plugin = read(file, file);
      var same = find(plugin.id());
      var released = same.map(other -> names.release(other.children())).orElse(Map.of());
      var conflicts =
          conflicts(
              plugin, loaded.stream().filter(each -> !same.equals(Optional.of(each))).toList());
      if (conflicts.isEmpty()) {
        names.release(plugin.children());
      }
      names.restore(released);
      discard(plugin);
      if (!conflicts.isEmpty()) {
        throw new PluginRefusedException(conflicts);
      }
      return new Verified(plugin.id(), plugin.version());
    } finally {
      changing.unlock();
    }
  }

  /// A plugin that could be loaded.
  public record Verified(String id, String version) {}

  /// Loads what may take the place of the loaded plugin of the same id, which stays what it is
  /// until [#replace]. The processes that the configuration wants of that are its children too.
  ///
  /// @param source a jar, or a folder of jars
  /// @param file what [LoadedPlugin#file] is to be
  /// @throws PluginRefusedException with all that is wrong with it
  LoadedPlugin candidate(Path source, Path file) {
    changing.lock();
    try {
      var plugin = read(source, file);
      var known = find(plugin.id());
      var problems = new ArrayList<String>();
      if (known.isEmpty()) {
        problems.add(
            "no plugin with the id '%s' is loaded that it could replace; deploy it"
                .formatted(plugin.id()));
      }
      var next = known.map(old -> inPlaceOf(old, plugin, problems)).orElse(plugin);
      if (!problems.isEmpty()) {
        discard(plugin);
        throw new PluginRefusedException(problems);
      }
      return next;
    } finally {
      changing.unlock();
    }
  }

  private LoadedPlugin inPlaceOf(LoadedPlugin old, LoadedPlugin plugin, List<String> problems) {
    var others = loaded.stream().filter(each -> !each.id().equals(old.id())).toList();
    var released = names.release(old.children());
    try {
      problems.addAll(conflicts(plugin, others));
      if (!problems.isEmpty()) {
        return plugin;
      }
      var next = plugin.withChildren(withWanted(old, plugin, others, problems));
      names.release(next.children());
      return next;
    } finally {
      names.restore(released);
    }
  }

  /// The plugin's children and those that the configuration has `old` run; takes their names.
  private List<ChildSpec> withWanted(
      LoadedPlugin old, LoadedPlugin plugin, List<LoadedPlugin> others, List<String> problems) {
    var children = new ArrayList<>(plugin.children());
    var offered = ConfiguredChildren.of(Stream.concat(others.stream(), Stream.of(plugin)).toList());
    for (var each : wanted) {
      if (old.id().equals(each.plugin)) {
        switch (offered.resolve(each.child)) {
          case Resolution.Missing(List<String> reasons) -> problems.addAll(reasons);
          case Resolution.Found(LoadedPlugin other, _) when !other.id().equals(plugin.id()) ->
              problems.add(
                  ConfiguredChildren.problem(
                      each.child, "its behaviour is offered by plugin '" + other.id() + "' then"));
          case Resolution.Found(_, ChildSpec child) -> {
            names.take("the process of " + each.child.origin(), List.of(child)).stream()
                .map(why -> ConfiguredChildren.problem(each.child, why))
                .forEach(problems::add);
            children.add(child);
          }
        }
      }
    }
    return children;
  }

  /// Has another version of a plugin be the one that is loaded.
  void replace(LoadedPlugin old, LoadedPlugin next) {
    changing.lock();
    try {
      names.release(old.children());
      names.take("plugin " + name(next.file()), next.children());
      loaded = loaded.stream().map(each -> each.id().equals(old.id()) ? next : each).toList();
      refused.remove(name(next.file()));
      place(_ -> false);
    } finally {
      changing.unlock();
    }
  }

  /// Forgets a plugin, whose processes have been stopped; it is still to be discarded.
  public Optional<LoadedPlugin> remove(String id) {
    changing.lock();
    try {
      var found = find(id);
      found.ifPresent(plugin -> {
        loaded = loaded.stream().filter(each -> !each.id().equals(id)).toList();
        names.release(plugin.children());
        for (var each : wanted) {
          if (id.equals(each.plugin)) {
            each.plugin = null;
          }
        }
        place(_ -> false);
      });
      return found;
    } finally {
      changing.unlock();
    }
  }

  /// Closes the plugin's jars and deletes their copies.
  ///
  /// @throws UncheckedIOException if that cannot be done
  public static void discard(LoadedPlugin plugin) {
    try {
      ((Closeable) plugin.loader()).close();
      PluginFolder.delete(plugin.copy());
    } catch (IOException e) {
      throw new UncheckedIOException("plugin " + plugin.id() + " was not closed", e);
    }
  }

  // Loading.

  private void loadAll(Path folder, boolean mustExist) {
    changing.lock();
    try {
      var files = files(folder, mustExist);
      for (var file : files) {
        try {
          load(file, file);
        } catch (PluginRefusedException e) {
          refused.put(name(file), e.reasons());
        }
      }
      place(_ -> true);
    } finally {
      changing.unlock();
    }
  }

  private List<Path> files(Path folder, boolean mustExist) {
    if (!Files.isDirectory(folder)) {
      var text =
          "plugin folder %s does not exist; create it, or name another with plugins.dir"
              .formatted(folder);
      if (mustExist) {
        ofFolder = Optional.of(new PluginProblem(text));
      } else {
        note = Optional.of(text);
      }
      return List.of();
    }
    try {
      var files = new PluginFolder(folder).plugins();
      if (files.isEmpty()) {
        note = Optional.of("plugin folder " + folder + " has no plugins; put plugin jars into it");
      }
      return files;
    } catch (IOException e) {
      ofFolder =
          Optional.of(new PluginProblem("plugin folder " + folder + " cannot be read: " + e));
      return List.of();
    }
  }

  private LoadedPlugin load(Path source, Path file) {
    var plugin = read(source, file);
    var conflicts = conflicts(plugin, loaded);
    if (!conflicts.isEmpty()) {
      discard(plugin);
      throw new PluginRefusedException(conflicts);
    }
    loaded = Stream.concat(loaded.stream(), Stream.of(plugin)).toList();
    return plugin;
  }

  private LoadedPlugin read(Path source, Path file) {
    var copy = copies.resolve(copied++ + "-" + name(file));
    try {
      return PluginLoader.load(file, copy, PluginFolder.copy(source, copy), configurations);
    } catch (IOException e) {
      throw refusedWithout(copy, new PluginRefusedException("it cannot be copied: " + e));
    } catch (PluginRefusedException e) {
      throw refusedWithout(copy, e);
    }
  }

  private static PluginRefusedException refusedWithout(Path copy, PluginRefusedException refused) {
    try {
      if (Files.exists(copy)) {
        PluginFolder.delete(copy);
      }
    } catch (IOException e) {
      refused.addSuppressed(e); // it goes with the others when the daemon ends
    }
    return refused;
  }

  /// What the plugin claims that another has already; if nothing, its names are taken.
  private List<String> conflicts(LoadedPlugin plugin, List<LoadedPlugin> others) {
    var conflicts = new ArrayList<String>();
    for (var other : others) {
      if (other.id().equals(plugin.id())) {
        conflicts.add(
            "its id '%s' is taken by %s; upgrade that, or remove one of them"
                .formatted(plugin.id(), name(other.file())));
      }
    }
    var offered = ConfiguredChildren.of(others);
    for (var behaviour : plugin.behaviours()) {
      offered
          .pluginOf(behaviour.name())
          .ifPresent(other ->
              conflicts.add(
                  "its behaviour '%s' is offered by %s too; rename or remove one of them"
                      .formatted(behaviour.name(), name(other.file()))));
    }
    if (conflicts.isEmpty()) {
      conflicts.addAll(names.take("plugin " + name(plugin.file()), plugin.children()));
    }
    return conflicts;
  }

  /// Gives wanted children to those plugins that can still take some, as they do not run yet.
  private void place(Predicate<LoadedPlugin> open) {
    var offered = ConfiguredChildren.of(loaded);
    for (var each : wanted) {
      if (each.plugin == null) {
        switch (offered.resolve(each.child)) {
          case Resolution.Missing(List<String> reasons) -> each.problems = reasons;
          case Resolution.Found(LoadedPlugin plugin, ChildSpec child) when open.test(plugin) ->
              place(each, child, find(plugin.id()).orElseThrow());
          case Resolution.Found _ -> {
            // Its plugin runs, and there was a reason not to give it that child.
          }
        }
      }
    }
    var all = new ArrayList<PluginProblem>(ofFolder.stream().toList());
    refused.forEach(
        (file, reasons) -> reasons.forEach(reason -> all.add(PluginProblem.refused(file, reason))));
    wanted.stream()
        .filter(each -> each.plugin == null)
        .forEach(each -> each.problems.forEach(problem -> all.add(new PluginProblem(problem))));
    all.addAll(
        configurations.forNone(loaded.stream().map(LoadedPlugin::id).collect(Collectors.toSet())));
    problems = List.copyOf(all);
  }

  private void place(Wanted wish, ChildSpec child, LoadedPlugin plugin) {
    var conflicts =
        plugin.children().stream().anyMatch(other -> other.id().equals(child.id()))
            ? List.of("plugin '" + plugin.id() + "' has a child with this id; rename the process")
            : names.take("the process of " + wish.child.origin(), List.of(child));
    wish.problems =
        conflicts.stream().map(why -> ConfiguredChildren.problem(wish.child, why)).toList();
    if (conflicts.isEmpty()) {
      wish.plugin = plugin.id();
      var children = Stream.concat(plugin.children().stream(), Stream.of(child)).toList();
      loaded =
          loaded.stream()
              .map(each -> each.id().equals(plugin.id()) ? plugin.withChildren(children) : each)
              .toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /// Takes jars that come in pieces; they go with the copies.
  public Uploads uploads() {
    return new Uploads(copies);
  }

  /// Closes every class loader and removes the copies, as far as that goes.
  ///
  /// @throws UncheckedIOException if something could not be closed or removed
  @Override
  public void close() {
    var failures = new ArrayList<UncheckedIOException>();
    for (var plugin : loaded) {
      try {
        discard(plugin);
      } catch (UncheckedIOException e) {
        failures.add(e);
      }
    }
    try {
      PluginFolder.delete(copies);
    } catch (IOException e) {
      failures.add(new UncheckedIOException("the copies of plugins were not deleted", e));
    }
    if (!failures.isEmpty()) {
      var thrown = failures.getFirst();
      failures.stream().skip(1).forEach(thrown::addSuppressed);
      throw thrown;
    }
  }
}
