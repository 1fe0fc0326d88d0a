package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/// The last crash of each of the processes that crashed lately: by name, or by pid where there is
/// none. Thread-safe.
final class CrashLog {

  /// As many are remembered.
  static final int LIMIT = 1_000;

  private final Map<ServerRef, Crash> last = new LinkedHashMap<>();
  private final Map<ClassLoader, Long> counts = new WeakHashMap<>();

  synchronized void add(ServerRef process, Crash crash) {
    last.remove(process);
    last.put(process, crash);
    if (last.size() > LIMIT) {
      last.remove(last.keySet().iterator().next());
    }
  }

  /// Counts an unexpected end, and adds it unless it left a crash report of its own.
  void addEnd(LocalProcess process, ExitReason reason) {
    countOne(process.loader());
    var known = find(process.ref());
    if (known.isEmpty() || !known.get().pid().equals(process.pid())) {
      add(process.ref(), Crash.of(process.pid(), reason, null, null, null));
    }
  }

  private synchronized void countOne(ClassLoader loader) {
    counts.merge(loader, 1L, Long::sum);
  }

  /// How many processes that ran code of `loader` have ended unexpectedly.
  synchronized long count(ClassLoader loader) {
    return counts.getOrDefault(loader, 0L);
  }

  synchronized Optional<Crash> find(ServerRef process) {
    return Optional.ofNullable(last.get(process));
  }
}
