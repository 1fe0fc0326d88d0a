package dev.genserver.testkit;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.runtime.PluginThreads;
import dev.genserver.runtime.Unloading;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Proves that a plugin leaves nothing in memory when it is removed, or tells what holds it.
///
/// ```java
/// @Test
/// void nothingOfThePluginStaysInMemory() {
///   PluginLeaks.assertUnloads(Use.class);
/// }
///
/// static final class Use implements PluginUse {
///   @Override
///   public void use(TestNode node) {
///     node.call(ServerRef.named("counter"), new Counter.Call.Add(3), Long.class);
///   }
/// }
/// ```
///
/// The plugin is loaded in a class loader of its own, its children are started, used, and stopped
/// as the daemon does it. Then garbage is collected until the class loader has gone: at most five
/// times within some three seconds. If it stays, [AssertionError] has a line for each thing that
/// holds it. To look for all kinds of them, the JVM of the tests needs the options that
/// [Unloading#holders] names; without them the error says what was not looked for.
public final class PluginLeaks {

  private static final String PLUGIN = "the plugin";

  private PluginLeaks() {}

  /// Checks the plugin of the class path: the project that the test is in.
  ///
  /// @param use a class with a constructor without parameters, loaded anew so that it means the
  ///   classes of the plugin that is checked. It has no fields of the test
  /// @throws AssertionError if the plugin stays in memory
  public static void assertUnloads(Class<? extends PluginUse> use) {
    assertUnloads(classPathWithout(use), use);
  }

  /// Checks the plugin of some jars, or folders of classes.
  ///
  /// @param use as in [#assertUnloads(Class)]
  /// @throws AssertionError if the plugin stays in memory
  public static void assertUnloads(List<Path> jars, Class<? extends PluginUse> use) {
    check(jars, loader -> UseClassLoader.load(use, loader));
  }

  /// Checks the plugin of some jars with code that does not mention its classes.
  ///
  /// @throws AssertionError if the plugin stays in memory
  public static void assertUnloads(List<Path> jars, PluginUse use) {
    check(jars, _ -> use);
  }

  /// Makes the use of a plugin, given what has loaded that.
  private interface Uses {
    PluginUse of(ClassLoader plugin);
  }

  private static void check(List<Path> jars, Uses uses) {
    try (var node = TestNode.create()) {
      // In a method of its own, so that no variable here holds anything of the plugin. The node
      // goes
      // on meanwhile, as a daemon does.
      var unloading = useAndRemove(node, jars, uses);
      if (!unloading.await()) {
        throw new AssertionError(
            "%s of %s stays in memory, held by:%n%s"
                .formatted(
                    PLUGIN,
                    jars.getFirst().getFileName(),
                    unloading.holders().stream()
                        .map(line -> "- " + line)
                        .collect(Collectors.joining(System.lineSeparator()))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it was waited for " + PLUGIN + " to go", e);
    }
  }

  private static Unloading useAndRemove(TestNode node, List<Path> jars, Uses uses) {
    var name = PLUGIN + " of " + jars.getFirst().getFileName();
    try (var loader = new PluginClassLoader(name, "under-test", jars)) {
      var root = node.start(SupervisorSpec.oneForOne(List.of()), StartOptions.none());
      try {
        var plugin = loader.run(() -> service(loader, jars));
        node.startChild(root, tree(loader, plugin));
        use(node, uses.of(loader));
      } finally {
        remove(node, root, loader);
      }
      return Unloading.begin(PLUGIN, "", loader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Plugin service(ClassLoader loader, List<Path> jars) {
    var services = ServiceLoader.load(Plugin.class, loader).stream().toList();
    if (services.size() != 1) {
      throw new AssertionError(
          "%d services dev.genserver.sdk.Plugin are in %s; a plugin has one"
              .formatted(services.size(), jars));
    }
    return services.getFirst().get();
  }

  private static ChildSpec tree(PluginClassLoader loader, Plugin plugin) {
    var children = loader.run(() -> List.copyOf(plugin.children()));
    // Temporary, so that its supervisor forgets it with its end.
    return ChildSpec.supervisor(PLUGIN, SupervisorSpec.oneForOne(children))
        .restart(Restart.TEMPORARY);
  }

  private static void use(TestNode node, PluginUse use) {
    try {
      use.use(node);
    } catch (Exception e) {
      throw new AssertionError("the use of the plugin failed: " + e, e);
    }
  }

  private static void remove(TestNode node, Pid root, ClassLoader loader) {
    node.terminateChild(root, PLUGIN);
    Node runtime = node.node();
    runtime.killAllOf(loader);
    PluginThreads.of(loader).forEach(Thread::interrupt);
    node.settle();
  }

  /// The class path without what the daemon brings, and without the test.
  private static List<Path> classPathWithout(Class<?> test) {
    var host =
        Stream.of(Plugin.class, Node.class, PluginLeaks.class, test)
            .map(UseClassLoader::location)
            .toList();
    return entries().filter(entry -> !host.contains(entry)).toList();
  }

  private static Stream<Path> entries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().normalize());
  }
}
