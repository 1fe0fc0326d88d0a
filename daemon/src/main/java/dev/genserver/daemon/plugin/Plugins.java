package dev.genserver.daemon.plugin;

import dev.genserver.daemon.text.Names;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The plugins of one folder, loaded and checked, and everything that is wrong with the others.
///
/// Loading starts no process. The jars are copied aside first, so the files in the folder may be
/// replaced at any time. Closing closes the class loaders and removes the copies: stop the
/// processes first. Loading is for one thread; what is loaded may be read by any.
public final class Plugins implements AutoCloseable {

  private final List<LoadedPlugin> loaded = new ArrayList<>();
  private final List<PluginProblem> problems = new ArrayList<>();
  private final ProcessNames names = new ProcessNames();
  private final Path copies;
  private Optional<String> note = Optional.empty();

  private Plugins(Path copies) {
    this.copies = copies;
  }

  /// Loads all plugins of a folder: each jar, and each folder of jars, in the order of their names.
  ///
  /// Where two plugins claim the same id, behaviour or process name, the first has it and the
  /// second is refused.
  ///
  /// @param mustExist whether it is a problem, not only a note, that there is no such folder
  /// @param processes what else to start, of the plugins' behaviours
  /// @throws UncheckedIOException if the jars cannot be copied aside at all
  public static Plugins load(Path folder, boolean mustExist, List<ConfiguredChild> processes) {
    try {
      var plugins = new Plugins(Files.createTempDirectory("genserverd-plugins-"));
      plugins.loadAll(folder.toAbsolutePath().normalize(), mustExist);
      plugins.addAll(processes);
      return plugins;
    } catch (IOException e) {
      throw new UncheckedIOException("plugins cannot be copied into a temporary folder", e);
    }
  }

  /// The plugins that passed all checks, in the order of their file names.
  public List<LoadedPlugin> loaded() {
    return List.copyOf(loaded);
  }

  /// What is wrong with the plugins and processes that are not in [#loaded].
  public List<PluginProblem> problems() {
    return List.copyOf(problems);
  }

  /// What to tell the operator where there is nothing to load.
  public Optional<String> note() {
    return note;
  }

  /// The names of all behaviours that processes can be started of.
  public Set<String> behaviourNames() {
    return Set.copyOf(behaviours().keySet());
  }

  /// The process as a child for the supervisor of the plugin that offers its behaviour.
  ///
  /// @return empty if no plugin offers the behaviour
  public Optional<Startable> startable(ConfiguredProcess process) {
    return Optional.ofNullable(behaviours().get(process.behaviour()))
        .map(offered -> new Startable(offered.plugin().id(), child(process, offered)));
  }

  /// A process that can be started.
  ///
  /// @param plugin the id of the plugin that offers its behaviour
  public record Startable(String plugin, ChildSpec child) {}

  private void loadAll(Path folder, boolean mustExist) {
    if (!Files.isDirectory(folder)) {
      var text =
          "plugin folder %s does not exist; create it, or name another with plugins.dir"
              .formatted(folder);
      if (mustExist) {
        problems.add(new PluginProblem(text));
      } else {
        note = Optional.of(text);
      }
      return;
    }
    try {
      var files = new PluginFolder(folder).plugins();
      if (files.isEmpty()) {
        note = Optional.of("plugin folder " + folder + " has no plugins; put plugin jars into it");
      }
      for (var file : files) {
        load(file);
      }
    } catch (IOException e) {
      problems.add(new PluginProblem("plugin folder " + folder + " cannot be read: " + e));
    }
  }

  private void load(Path file) {
    var name = file.getFileName().toString();
    try {
      var jars = PluginFolder.copy(file, copies.resolve(name));
      var plugin = PluginLoader.load(file, jars);
      var conflicts = conflicts(plugin);
      if (conflicts.isEmpty()) {
        loaded.add(plugin);
      } else {
        close(plugin);
        throw new PluginRefusedException(conflicts);
      }
    } catch (PluginRefusedException e) {
      e.reasons().forEach(reason -> problems.add(PluginProblem.refused(name, reason)));
    } catch (IOException e) {
      problems.add(PluginProblem.refused(name, "it cannot be copied: " + e));
    }
  }

  /// What the plugin claims that another has already.
  private List<String> conflicts(LoadedPlugin plugin) {
    var conflicts = new ArrayList<String>();
    for (var other : loaded) {
      if (other.id().equals(plugin.id())) {
        conflicts.add(
            "its id '%s' is taken by %s; remove one of them"
                .formatted(plugin.id(), other.file().getFileName()));
      }
    }
    var offered = behaviours();
    for (var behaviour : plugin.behaviours()) {
      var other = offered.get(behaviour.name());
      if (other != null) {
        conflicts.add(
            "its behaviour '%s' is offered by %s too; rename or remove one of them"
                .formatted(behaviour.name(), other.plugin().file().getFileName()));
      }
    }
    if (conflicts.isEmpty()) {
      conflicts.addAll(names.take("plugin " + plugin.file().getFileName(), plugin.children()));
    }
    return conflicts;
  }

  private void addAll(List<ConfiguredChild> wanted) {
    for (var child : wanted) {
      var found = resolve(child);
      if (found.isPresent()) {
        var conflicts = conflicts(child, found.get().spec, found.get().plugin);
        conflicts.forEach(conflict -> problem(child, conflict));
        if (conflicts.isEmpty()) {
          add(found.get().spec, found.get().plugin);
        }
      }
    }
  }

  /// A child as its supervisor will know it, and the plugin that it is of.
  private record Resolved(ChildSpec spec, LoadedPlugin plugin) {}

  private Optional<Resolved> resolve(ConfiguredChild wanted) {
    return switch (wanted) {
      case ConfiguredProcess process -> resolve(process);
      case ConfiguredSupervisor supervisor -> resolve(supervisor);
    };
  }

  private Optional<Resolved> resolve(ConfiguredProcess process) {
    var offered = behaviours();
    var found = offered.get(process.behaviour());
    if (found == null) {
      problem(
          process,
          "no plugin offers the behaviour '"
              + process.behaviour()
              + "'"
              + Names.didYouMean(process.behaviour(), offered.keySet()));
      return Optional.empty();
    }
    return Optional.of(new Resolved(child(process, found), found.plugin()));
  }

  /// Goes through all children, so that all problems are told at once.
  private Optional<Resolved> resolve(ConfiguredSupervisor supervisor) {
    var children = new ArrayList<ChildSpec>();
    var of = new LinkedHashMap<String, LoadedPlugin>();
    for (var child : supervisor.children()) {
      var found = resolve(child);
      if (found.isPresent()) {
        children.add(found.get().spec);
        of.put(found.get().plugin.id(), found.get().plugin);
      }
    }
    if (children.size() < supervisor.children().size()) {
      problem(supervisor, "not all of its children can");
      return Optional.empty();
    }
    if (of.size() != 1) {
      problem(
          supervisor,
          "its children are of the plugins "
              + String.join(", ", of.keySet())
              + "; a supervisor is of one plugin, so make one for each");
      return Optional.empty();
    }
    var spec =
        SupervisorSpec.of(supervisor.strategy(), children)
            .intensity(supervisor.intensity(), supervisor.period());
    var child =
        ChildSpec.supervisor(supervisor.name(), spec, StartOptions.named(supervisor.name()))
            .restart(supervisor.restart());
    return Optional.of(new Resolved(child, of.firstEntry().getValue()));
  }

  private void problem(ConfiguredChild child, String why) {
    var kind =
        switch (child) {
          case ConfiguredProcess _ -> "process";
          case ConfiguredSupervisor _ -> "supervisor";
        };
    problems.add(
        new PluginProblem(
            "%s '%s' (%s) cannot start: %s".formatted(kind, child.name(), child.origin(), why)));
  }

  private List<String> conflicts(ConfiguredChild wanted, ChildSpec child, LoadedPlugin plugin) {
    return plugin.children().stream().anyMatch(other -> other.id().equals(child.id()))
        ? List.of("plugin '" + plugin.id() + "' has a child with this id; rename the process")
        : names.take("the process of " + wanted.origin(), List.of(child));
  }

  private static ChildSpec child(ConfiguredProcess process, Offered offered) {
    var options =
        StartOptions.named(process.name()).args(process.args()).maxQueue(process.maxQueue());
    var loader = (PluginClassLoader) offered.plugin().loader();
    var factory = PluginCheck.isolated(loader, offered.behaviour().factory());
    return ChildSpec.worker(process.name(), factory, options).restart(process.restart());
  }

  private void add(ChildSpec child, LoadedPlugin plugin) {
    var children = new ArrayList<>(plugin.children());
    children.add(child);
    loaded.replaceAll(each -> each.id().equals(plugin.id()) ? plugin.withChildren(children) : each);
  }

  private record Offered(LoadedPlugin plugin, Behaviour<?> behaviour) {}

  private Map<String, Offered> behaviours() {
    var offered = new HashMap<String, Offered>();
    for (var plugin : loaded) {
      for (var behaviour : plugin.behaviours()) {
        offered.put(behaviour.name(), new Offered(plugin, behaviour));
      }
    }
    return offered;
  }

  /// Closes every class loader and removes the copies, as far as that goes.
  ///
  /// @throws UncheckedIOException if something could not be closed or removed
  @Override
  public void close() {
    var failures = new ArrayList<IOException>();
    for (var plugin : loaded) {
      attempt(() -> close(plugin), failures);
    }
    attempt(() -> PluginFolder.delete(copies), failures);
    if (!failures.isEmpty()) {
      var thrown = new UncheckedIOException("plugins were not closed", failures.getFirst());
      failures.stream().skip(1).forEach(thrown::addSuppressed);
      throw thrown;
    }
  }

  private static void close(LoadedPlugin plugin) throws IOException {
    ((Closeable) plugin.loader()).close();
  }

  private interface Closing {
    void run() throws IOException;
  }

  private static void attempt(Closing closing, List<IOException> failures) {
    try {
      closing.run();
    } catch (IOException e) {
      failures.add(e);
    }
  }
}
