package dev.genserver.runtime;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  private final String plugin;
  private final AtomicInteger classes = new AtomicInteger();

  /// @param plugin the plugin's id; it and the version are what stack traces show
  /// @param jars where its classes are, in this order
  public PluginClassLoader(String plugin, String version, List<Path> jars) {
    super(
        "plugin " + plugin + "-" + version,
        jars.stream().map(PluginClassLoader::url).toArray(URL[]::new),
        platform());
    this.plugin = plugin;
  }

  /// The plugin's id.
  public String plugin() {
    return plugin;
  }

  /// Whether the two have different versions of one plugin.
  public static boolean areOfOne(@Nullable ClassLoader loader, ClassLoader other) {
    return loader instanceof PluginClassLoader one
        && other instanceof PluginClassLoader another
        && !one.equals(another)
        && one.plugin.equals(another.plugin);
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

  /// How many classes it has loaded itself, lambdas not counted.
  public int loadedClasses() {
    return classes.get();
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    var found = super.findClass(name);
    classes.incrementAndGet();
    return found;
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
