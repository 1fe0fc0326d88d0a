package dev.genserver.runtime;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the classes of a plugin that was removed have gone from memory. Holds nothing of them.
/// Thread-safe.
public final class Unloading {

  /// How often garbage is collected for a plugin that has not gone, and for how long it is waited
  /// each time: what ends a little later than its process, as threads do, gets its chance.
  private static final List<Duration> PATIENCE =
      List.of(
          Duration.ZERO,
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofMillis(800),
          Duration.ofSeconds(2));

  private final String id;
  private final String version;
  private final WeakReference<ClassLoader> loader;

  private Unloading(String id, String version, ClassLoader loader) {
    this.id = id;
    this.version = version;
    this.loader = new WeakReference<>(loader);
  }

  /// To be called when the plugin's processes have ended. Let go of `loader` and all that came from
  /// it, then [#await].
  public static Unloading begin(String id, String version, ClassLoader loader) {
    return new Unloading(id, version, loader);
  }

  /// The plugin's id.
  public String id() {
    return id;
  }

  /// The plugin's version.
  public String version() {
    return version;
  }

  /// Whether the classes were gone when garbage was last collected.
  public boolean isDone() {
    return loader.refersTo(null);
  }

  /// Collects garbage, which stops the whole JVM for a moment, until the classes have gone; at most
  /// five times within some three seconds.
  ///
  /// @return whether they have
  public boolean await() throws InterruptedException {
    for (var patience : PATIENCE) {
      Thread.sleep(patience);
      System.gc();
      if (isDone()) {
        return true;
      }
    }
    return false;
  }

  /// What holds the classes in memory, as far as that can be seen; a line each, empty if they are
  /// gone. Takes some tenths of a second where they are not.
  ///
  /// Thread locals, shutdown hooks, JDBC drivers, virtual threads and static fields of `java.lang`
  /// stand in private fields of the JDK. They are looked into if the JVM was told to open these:
  ///
  /// ```
  /// --add-opens=java.base/java.lang=ALL-UNNAMED
  /// --add-opens=java.base/jdk.internal.vm=ALL-UNNAMED
  /// --add-opens=java.sql/java.sql=ALL-UNNAMED
  /// ```
  ///
  /// The daemon's manifest does so; where it was not, the last line says which are missing. Where
  /// nothing is found, a line says how to look further.
  public List<String> holders() {
    @Nullable ClassLoader there = loader.get();
    return there == null ? List.of() : Holders.of(there);
  }
}
