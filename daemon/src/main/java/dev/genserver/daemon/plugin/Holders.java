package dev.genserver.daemon.plugin;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.security.Security;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.management.InstanceNotFoundException;
import org.jspecify.annotations.Nullable;

/// Finds what keeps a plugin's class loader in memory after the plugin was removed: the usual
/// places outside of the plugin in which its code may have left something.
///
/// Thread locals, shutdown hooks and drivers stand in private fields of the JDK, which the daemon's
/// manifest opens to it; where they are not opened, as in a program that embeds the daemon, those
/// are not looked into.
final class Holders {

  private final ClassLoader loader;
  private final List<String> found = new ArrayList<>();

  private Holders(ClassLoader loader) {
    this.loader = loader;
  }

  /// A line for each.
  static List<String> of(ClassLoader loader) {
    var holders = new Holders(loader);
    holders.threads();
    holders.shutdownHooks();
    holders.drivers();
    holders.beans();
    holders.providers();
    holders.logHandlers();
    holders.properties();
    return List.copyOf(holders.found);
  }

  private void threads() {
    if (isOurs(Thread.getDefaultUncaughtExceptionHandler())) {
      found.add("it is the default handler of uncaught exceptions");
    }
    Thread.getAllStackTraces()
        .forEach((thread, stack) -> {
          var name = "thread '" + thread.getName() + "'";
          if (loader.equals(thread.getContextClassLoader())
              || isOurs(thread)
              || isOurs(field(thread, "holder", "task"))) {
            found.add(name + " runs" + (stack.length == 0 ? "" : " at " + stack[0]));
          }
          for (var table : List.of("threadLocals", "inheritableThreadLocals")) {
            threadLocals(name, field(thread, table, "table"));
          }
        });
  }

  private void threadLocals(String thread, @Nullable Object table) {
    for (var i = 0; table != null && i < Array.getLength(table); i++) {
      var entry = Array.get(table, i);
      if (entry != null) {
        var value = field(entry, "value");
        var variable = entry instanceof java.lang.ref.Reference<?> key ? key.get() : null;
        if (isOurs(value) || isOurs(variable)) {
          found.add(
              "%s has a thread local with a %s"
                  .formatted(thread, className(value == null ? variable : value)));
        }
      }
    }
  }

  private void shutdownHooks() {
    if (staticField("java.lang.ApplicationShutdownHooks", "hooks") instanceof Map<?, ?> hooks) {
      for (var hook : hooks.keySet()) {
        var task = field(hook, "holder", "task");
        if (isOurs(hook) || isOurs(task)) {
          found.add("shutdown hook " + className(isOurs(task) ? task : hook));
        }
      }
    }
  }

  private void drivers() {
    if (staticField("java.sql.DriverManager", "registeredDrivers")
        instanceof Collection<?> registered) {
      registered.stream()
          .map(info -> field(info, "driver"))
          .filter(driver -> driver instanceof Driver && isOurs(driver))
          .forEach(driver -> found.add("JDBC driver " + className(driver)));
    }
  }

  private void beans() {
    var server = ManagementFactory.getPlatformMBeanServer();
    for (var name : server.queryNames(null, null)) {
      try {
        if (loader.equals(server.getClassLoaderFor(name))) {
          found.add("MBean " + name);
        }
      } catch (InstanceNotFoundException _) {
        // Gone meanwhile.
      }
    }
  }

  private void providers() {
    Stream.of(Security.getProviders())
        .filter(this::isOurs)
        .forEach(provider -> found.add("security provider " + provider.getName()));
  }

  private void logHandlers() {
    var manager = LogManager.getLogManager();
    for (var names = manager.getLoggerNames(); names.hasMoreElements(); ) {
      var logger = Logger.getLogger(names.nextElement());
      Stream.of(logger.getHandlers())
          .filter(this::isOurs)
          .forEach(handler -> found.add("log handler " + className(handler)));
    }
  }

  private void properties() {
    System.getProperties()
        .forEach((key, value) -> {
          if (isOurs(key) || isOurs(value)) {
            found.add("system property " + key);
          }
        });
  }

  /// Whether it is of the plugin: an object of one of its classes, or such a class.
  private boolean isOurs(@Nullable Object object) {
    if (object == null) {
      return false;
    }
    var type = object instanceof Class<?> itself ? itself : object.getClass();
    return loader.equals(object) || loader.equals(type.getClassLoader());
  }

  private static String className(@Nullable Object object) {
    return object == null ? "?" : object.getClass().getName();
  }

  private static @Nullable Object staticField(String className, String name) {
    try {
      return read(Class.forName(className), name, null);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /// The value at the end of a path of fields; null if one is, or may not be looked into.
  private static @Nullable Object field(@Nullable Object object, String... path) {
    var value = object;
    for (var name : path) {
      if (value == null) {
        return null;
      }
      value = read(value.getClass(), name, value);
    }
    return value;
  }

  private static @Nullable Object read(Class<?> type, String name, @Nullable Object object) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      try {
        Field field = each.getDeclaredField(name);
        return field.trySetAccessible() ? field.get(object) : null;
      } catch (NoSuchFieldException _) {
        // Its parent's, then.
      } catch (IllegalAccessException e) {
        return null;
      }
    }
    return null;
  }
}
