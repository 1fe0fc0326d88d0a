package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The last crash of each of the processes that crashed lately: by name, or by pid where there is
/// none. Thread-safe.
final class CrashLog {

  /// As many are remembered.
  static final int LIMIT = 1_000;

  private final Map<ServerRef, Crash> last = new LinkedHashMap<>();

  synchronized void add(ServerRef process, Crash crash) {
    last.remove(process);
    last.put(process, crash);
    if (last.size() > LIMIT) {
      last.remove(last.keySet().iterator().next());
    }
  }

  /// Adds an end that left no crash report of its own.
  void addEnd(LocalProcess process, ExitReason reason) {
    var known = find(process.ref());
    if (known.isEmpty() || !known.get().pid().equals(process.pid())) {
      add(process.ref(), Crash.of(process.pid(), reason, null, null));
    }
  }

  synchronized Optional<Crash> find(ServerRef process) {
    return Optional.ofNullable(last.get(process));
  }
}
