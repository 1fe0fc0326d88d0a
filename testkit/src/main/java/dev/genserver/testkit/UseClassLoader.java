package dev.genserver.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// Loads a test's use of a plugin anew: it sees the plugin's classes as that has loaded them, and
/// the test kit and all else as the test does.
final class UseClassLoader extends URLClassLoader {

  private static final ClassLoader TEST = UseClassLoader.class.getClassLoader();

  private UseClassLoader(Class<?> use, ClassLoader plugin) {
    super("use of " + plugin.getName(), new URL[] {url(location(use))}, plugin);
  }

  /// @param use a class with a constructor without parameters
  static PluginUse load(Class<? extends PluginUse> use, ClassLoader plugin) {
    return node -> {
      try (var loader = new UseClassLoader(use, plugin)) {
        loader.make(use.getName()).use(node);
      }
    };
  }

  private PluginUse make(String name) {
    try {
      var type = loadClass(name);
      var constructor =
          MethodHandles.privateLookupIn(type, MethodHandles.lookup())
              .findConstructor(type, MethodType.methodType(void.class));
      return (PluginUse) constructor.invoke();
    } catch (Throwable e) {
      throw new AssertionError(
          name + " cannot be made; have it be static, with a constructor without parameters", e);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    try {
      return super.findClass(name);
    } catch (ClassNotFoundException e) {
      return TEST.loadClass(name);
    }
  }

  static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
