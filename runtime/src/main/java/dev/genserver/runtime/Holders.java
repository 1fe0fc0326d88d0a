package dev.genserver.runtime;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.management.InstanceNotFoundException;
import org.jspecify.annotations.Nullable;

/// Finds what keeps a plugin's class loader in memory after the plugin was removed: the usual
/// places outside of the plugin in which its code may have left something.
final class Holders {

  private final ClassLoader loader;
  private final List<String> found = new ArrayList<>();

  private Holders(ClassLoader loader) {
    this.loader = loader;
  }

  /// A line for each, or one that tells how to look further.
  static List<String> of(ClassLoader loader) {
    var holders = new Holders(loader);
    holders.threads();
    holders.shutdownHooks();
    holders.drivers();
    holders.beans();
    holders.providers();
    holders.loggers();
    holders.properties();
    holders.defaults();
    if (holders.found.isEmpty()) {
      holders.staticFields();
    }
    if (holders.found.isEmpty()) {
      holders.found.add(holders.unknown());
    }
    holders.notLookedAt();
    return holders.found.stream().distinct().toList();
  }

  private String unknown() {
    return "something that cannot be seen from inside; take a heap dump with jcmd %d GC.heap_dump FILE and look for the path from the roots to the class loader '%s'"
        .formatted(ProcessHandle.current().pid(), loader.getName());
  }

  private void notLookedAt() {
    var closed = new ArrayList<String>();
    for (var name :
        List.of("java.base/java.lang", "java.base/jdk.internal.vm", "java.sql/java.sql")) {
      var slash = name.indexOf('/');
      ModuleLayer.boot()
          .findModule(name.substring(0, slash))
          .filter(module -> !module.isOpen(name.substring(slash + 1), Holders.class.getModule()))
          .ifPresent(_ -> closed.add("--add-opens=" + name + "=ALL-UNNAMED"));
    }
    if (!closed.isEmpty()) {
      found.add(
          "what was not looked for: thread locals, shutdown hooks, JDBC drivers, virtual threads; start this JVM with "
              + String.join(" ", closed));
    }
  }

  // Threads.

  private void threads() {
    for (var thread : PluginThreads.all()) {
      var name = name(thread);
      var stack = thread.getStackTrace();
      if (isOfLoader(thread.getContextClassLoader())
          || isOurs(thread)
          || isOurs(PrivateFields.of(thread, "holder", "task"))
          || isOurs(PrivateFields.of(thread, "runContinuation"))
          || isInOurCode(thread, stack)) {
        found.add(name + " runs" + (stack.length == 0 ? "" : " at " + stack[0]));
      }
      var handler = thread.getUncaughtExceptionHandler();
      if (isOurs(handler)) {
        found.add(
            "%s has the handler of uncaught exceptions %s".formatted(name, className(handler)));
      }
      for (var table : List.of("threadLocals", "inheritableThreadLocals")) {
        threadLocals(name, PrivateFields.of(thread, table, "table"));
      }
    }
  }

  private static String name(Thread thread) {
    return thread.getName().isEmpty()
        ? "virtual thread #" + thread.threadId()
        : "thread '" + thread.getName() + "'";
  }

  /// Whether a thread of others, as one of the common pool, is in the plugin's code; known by the
  /// loader's name, which a plugin of the same version has that was loaded later.
  private boolean isInOurCode(Thread thread, StackTraceElement[] stack) {
    var name = loader.getName();
    var context = thread.getContextClassLoader();
    return name != null
        && (context == null || !name.equals(context.getName()))
        && Stream.of(stack).anyMatch(frame -> name.equals(frame.getClassLoaderName()));
  }

  /// The variables themselves are held weakly.
  private void threadLocals(String thread, @Nullable Object table) {
    for (var i = 0; table != null && i < Array.getLength(table); i++) {
      var entry = Array.get(table, i);
      if (entry != null) {
        var value = PrivateFields.of(entry, "value");
        StaticFields.find(value, this::isOurs)
            .ifPresent(ours ->
                found.add("%s has a thread local with %s".formatted(thread, className(ours))));
      }
    }
  }

  // What was registered somewhere.

  private void shutdownHooks() {
    if (PrivateFields.ofClass("java.lang.ApplicationShutdownHooks", "hooks")
        instanceof Map<?, ?> hooks) {
      for (var hook : hooks.keySet()) {
        var task = PrivateFields.of(hook, "holder", "task");
        if (isOurs(task) || isOurs(hook) || isOfLoader(((Thread) hook).getContextClassLoader())) {
          found.add("shutdown hook " + className(isOurs(task) ? task : hook));
        }
      }
    }
  }

  private void drivers() {
    if (PrivateFields.ofClass("java.sql.DriverManager", "registeredDrivers")
        instanceof Collection<?> registered) {
      registered.stream()
          .map(info -> PrivateFields.of(info, "driver"))
          .filter(this::isOurs)
          .forEach(driver -> found.add("JDBC driver " + className(driver)));
    }
  }

  private void beans() {
    var server = ManagementFactory.getPlatformMBeanServer();
    for (var name : server.queryNames(null, null)) {
      try {
        if (isOfLoader(server.getClassLoaderFor(name))) {
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

  private void loggers() {
    var manager = LogManager.getLogManager();
    for (var names = manager.getLoggerNames(); names.hasMoreElements(); ) {
      var logger = Logger.getLogger(names.nextElement());
      if (isOurs(logger.getFilter())) {
        found.add("log filter " + className(logger.getFilter()));
      }
      Stream.of(logger.getHandlers()).forEach(this::handler);
    }
  }

  private void handler(Handler handler) {
    if (isOurs(handler)) {
      found.add("log handler " + className(handler));
    }
    Stream.of(handler.getFormatter(), handler.getFilter(), handler.getErrorManager())
        .filter(this::isOurs)
        .forEach(part ->
            found.add("log handler %s has %s".formatted(className(handler), className(part))));
  }

  private void properties() {
    System.getProperties()
        .forEach((key, value) -> {
          if (isOurs(key) || isOurs(value)) {
            found.add("system property " + key);
          }
        });
  }

  /// What the whole JVM has one of.
  private void defaults() {
    isDefault("handler of uncaught exceptions", Thread.getDefaultUncaughtExceptionHandler());
    isDefault("proxy selector", ProxySelector.getDefault());
    isDefault("cookie handler", CookieHandler.getDefault());
    isDefault("response cache", ResponseCache.getDefault());
    isDefault("authenticator", Authenticator.getDefault());
    isDefault("time zone", TimeZone.getDefault());
    isDefault("standard output", System.out);
    isDefault("error output", System.err);
    isDefault("standard input", System.in);
  }

  private void isDefault(String what, @Nullable Object object) {
    if (isOurs(object)) {
      found.add("%s is the JVM's %s".formatted(className(object), what));
    }
  }

  private void staticFields() {
    found.addAll(StaticFields.leadingTo(this::isOurs));
  }

  // What is the plugin's.

  /// Whether it is of the plugin: an object of one of its classes, or such a class.
  private boolean isOurs(@Nullable Object object) {
    if (object == null) {
      return false;
    }
    var type = object instanceof Class<?> itself ? itself : object.getClass();
    return isOfLoader(type.getClassLoader())
        || (object instanceof ClassLoader itself && isOfLoader(itself));
  }

  /// Whether it is the plugin's, or one that the plugin has made below its own.
  private boolean isOfLoader(@Nullable ClassLoader other) {
    for (var each = other; each != null; each = each.getParent()) {
      if (each.equals(loader)) {
        return true;
      }
    }
    return false;
  }

  static String className(@Nullable Object object) {
    return switch (object) {
      case null -> "?";
      case Class<?> type -> type.getName();
      default -> object.getClass().getName();
    };
  }
}
