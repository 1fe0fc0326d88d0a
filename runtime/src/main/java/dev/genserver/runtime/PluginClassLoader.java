package dev.genserver.runtime;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// Loads the classes of one plugin: first the JDK's, then the SDK's from the host, then its own.
///
/// Nothing else of the host is visible, so a plugin may bring any library in any version, and an
/// SDK that it brings by mistake does no harm. Thread-safe.
public final class PluginClassLoader extends URLClassLoader {

  private static final String SDK = "dev.genserver.sdk";
  private static final ClassLoader HOST = PluginClassLoader.class.getClassLoader();

  static {
    registerAsParallelCapable();
  }

  /// @param name what stack traces call it
  /// @param jars where its classes are; in this order
  public PluginClassLoader(String name, List<Path> jars) {
    super(name, jars.stream().map(PluginClassLoader::url).toArray(URL[]::new), platform());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isOfSdk(name) ? HOST.loadClass(name) : super.loadClass(name, resolve);
  }

  /// Runs code of the plugin with this loader as the thread's context class loader.
  public <T> T run(Supplier<T> code) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(this);
    try {
      return code.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static boolean isOfSdk(String className) {
    return className.startsWith(SDK) && className.lastIndexOf('.') == SDK.length();
  }

  private static ClassLoader platform() {
    return ClassLoader.getPlatformClassLoader();
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
