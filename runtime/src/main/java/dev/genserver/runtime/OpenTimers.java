package dev.genserver.runtime;

import dev.genserver.sdk.TimerRef;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The timers that might outlive the plugin that has started them, as their receiver is not of that
/// plugin for certain: it is a name, or a process of others. Thread-safe.
final class OpenTimers {

  private final ConcurrentHashMap<TimerRef, ClassLoader> owners = new ConcurrentHashMap<>();

  /// @param owner the plugin's
  /// @param receiver null if it is not known yet
  void add(TimerRef timer, ClassLoader owner, @Nullable LocalProcess receiver) {
    if (!owner.equals(LocalProcess.HOST)
        && (receiver == null || !owner.equals(receiver.loader()))) {
      owners.put(timer, owner);
    }
  }

  void remove(TimerRef timer) {
    owners.remove(timer);
  }

  /// Cancels those that code of the plugin has started, in whichever version.
  void cancelAllOf(ClassLoader owner) {
    owners.forEach((timer, its) -> {
      if (its.equals(owner) || PluginClassLoader.areOfOne(its, owner)) {
        timer.cancel();
      }
    });
  }
}
