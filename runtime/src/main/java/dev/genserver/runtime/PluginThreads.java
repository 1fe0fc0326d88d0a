package dev.genserver.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The threads that a plugin has. Thread-safe.
public final class PluginThreads {

  private PluginThreads() {}

  /// The living threads with that context class loader, which is what those inherit that a plugin's
  /// code starts. Virtual ones among them only where the JDK's `jdk.internal.vm` is open; see
  /// [Unloading#holders].
  public static List<Thread> of(ClassLoader loader) {
    return all().stream().filter(thread -> loader.equals(thread.getContextClassLoader())).toList();
  }

  /// All living threads that can be seen.
  static Set<Thread> all() {
    Set<Thread> threads = Collections.newSetFromMap(new IdentityHashMap<>());
    threads.addAll(Thread.getAllStackTraces().keySet());
    threads.addAll(virtual());
    threads.removeIf(thread -> !thread.isAlive());
    return threads;
  }

  /// The virtual threads that the JVM keeps track of, those of executors included.
  private static List<Thread> virtual() {
    var threads = new ArrayList<Thread>();
    var root = PrivateFields.invokeStatic("jdk.internal.vm.ThreadContainers", "root");
    var containers = new ArrayList<>();
    if (root != null) {
      containers.add(root);
    }
    for (var i = 0; i < containers.size(); i++) {
      addAll(containers.get(i), "threads", threads, Thread.class);
      addAll(containers.get(i), "children", containers, Object.class);
    }
    return threads;
  }

  private static <T> void addAll(Object container, String method, List<T> all, Class<T> type) {
    var className = "jdk.internal.vm.ThreadContainer";
    if (PrivateFields.invoke(className, method, container) instanceof Stream<?> stream) {
      stream.filter(type::isInstance).map(type::cast).forEach(all::add);
    }
  }
}
