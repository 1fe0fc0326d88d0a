package dev.genserver.daemon.plugin;

import dev.genserver.daemon.binding.ConfigurationBinding;
import dev.genserver.daemon.binding.ConfigurationException;
import dev.genserver.daemon.binding.UnbindableException;
import dev.genserver.daemon.text.Section;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.ConfiguredPlugin;
import dev.genserver.sdk.Plugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Loads one plugin from the copies of its jars, configures it, and checks it by itself.
///
/// Whatever the plugin's code throws here is a problem of the plugin, errors included: a plugin
/// must not take the daemon down.
final class PluginLoader {

  private static final String SERVICE = Plugin.class.getName();

  private final Path file;
  private final Path copy;
  private final PluginManifest manifest;
  private final PluginClassLoader loader;
  private final Section section;
  private final Function<String, @Nullable String> environment;
  private final List<String> problems = new ArrayList<>();

  private PluginLoader(
      Path file,
      Path copy,
      PluginManifest manifest,
      PluginClassLoader loader,
      PluginConfigurations configurations) {
    this.file = file;
    this.copy = copy;
    this.manifest = manifest;
    this.loader = loader;
    this.section = configurations.of(manifest.id());
    this.environment = configurations.environment();
  }

  /// @param file where the plugin stands in the plugin folder
  /// @param copy the folder of the copies
  /// @param jars the copies to load from
  /// @throws PluginRefusedException with all that is wrong with the plugin; nothing of it stays
  ///   open
  static LoadedPlugin load(
      Path file, Path copy, List<Path> jars, PluginConfigurations configurations) {
    var manifest = PluginManifest.read(jars);
    var loader = new PluginClassLoader(manifest.id(), manifest.version(), jars);
    var loading = new PluginLoader(file, copy, manifest, loader, configurations);
    var plugin = loading.load();
    if (plugin == null || !loading.problems.isEmpty()) {
      loading.close();
      throw new PluginRefusedException(loading.problems);
    }
    return plugin;
  }

  private @Nullable LoadedPlugin load() {
    var service = service();
    var plugin = service == null ? null : configured(service);
    if (service == null || plugin == null) {
      return null;
    }
    var name = service.getClass().getName();
    var behaviours = list(name + ".behaviours()", plugin::behaviours);
    var children = list(name + ".children()", plugin::children);
    var check = new PluginCheck(loader, problems);
    check.behaviours(behaviours);
    return new LoadedPlugin(
        manifest.id(),
        manifest.version(),
        file,
        copy,
        loader,
        section,
        behaviours,
        check.children(children, AutoShutdown.NEVER));
  }

  /// The one [Plugin] that the jars offer.
  private @Nullable Plugin service() {
    var providers = providers();
    if (!problems.isEmpty()) {
      return null;
    }
    if (providers.size() == 1) {
      var provider = providers.getFirst();
      return attempt("the constructor of " + provider.type().getName(), provider);
    }
    var names = providers.stream().map(provider -> provider.type().getName()).toList();
    problems.add(
        providers.isEmpty()
            ? "it offers no service; name its Plugin class in META-INF/services/" + SERVICE
            : "it offers %d services (%s); leave one in META-INF/services/%s"
                .formatted(names.size(), String.join(", ", names), SERVICE));
    return null;
  }

  /// The plugin as it is with what the configuration says to it.
  private @Nullable Plugin configured(Plugin plugin) {
    if (!(plugin instanceof ConfiguredPlugin<?> configured)) {
      ConfigurationBinding.unwanted(section).ifPresent(problems::add);
      return plugin;
    }
    try {
      return loader.run(() -> withRecord(configured));
    } catch (UnbindableException e) {
      problems.addAll(e.problems());
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    } catch (Throwable e) {
      problems.add("its configuration threw " + e + " when it was loaded");
    }
    return null;
  }

  @SuppressWarnings("unchecked") // the binding makes the record that the plugin takes
  private <C extends Record> Plugin withRecord(ConfiguredPlugin<C> plugin) {
    var binding = ConfigurationBinding.of(plugin.getClass());
    return Objects.requireNonNull(
        plugin.with((C) binding.bind(section, environment)), "with returned null");
  }

  /// All services that can be found; one that is broken is a problem, and the search goes on.
  private List<ServiceLoader.Provider<Plugin>> providers() {
    var providers = new ArrayList<ServiceLoader.Provider<Plugin>>();
    var search = ServiceLoader.load(Plugin.class, loader).stream().iterator();
    while (true) {
      try {
        if (!search.hasNext()) {
          return providers;
        }
        providers.add(search.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        problems.add(e.getMessage() + "; mend META-INF/services/" + SERVICE + " or the class");
      }
    }
  }

  private <T> List<T> list(String method, Supplier<@Nullable List<T>> code) {
    List<T> answer = attempt(method, () -> withoutNulls(code.get()));
    return answer == null ? List.of() : answer;
  }

  private static <T> List<T> withoutNulls(@Nullable List<T> elements) {
    if (elements == null) {
      throw new PluginRefusedException("returned null; return List.of() where there are none");
    }
    if (elements.stream().anyMatch(Objects::isNull)) {
      throw new PluginRefusedException("returned a list that holds null; leave the null out");
    }
    return List.copyOf(elements);
  }

  private <T> @Nullable T attempt(String what, Supplier<T> code) {
    try {
      return loader.run(code);
    } catch (PluginRefusedException e) {
      problems.add(what + " " + e.getMessage());
    } catch (ServiceConfigurationError e) {
      problems.add(what + " failed: " + (e.getCause() == null ? e.getMessage() : e.getCause()));
    } catch (Throwable e) {
      problems.add(what + " threw " + e);
    }
    return null;
  }

  private void close() {
    try {
      loader.close();
    } catch (IOException e) {
      problems.add("its jars could not be closed: " + e.getMessage());
    }
  }
}
