package dev.genserver.runtime;

import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who is told when a process ends, and whom it watches itself. Guarded by its process.
final class Relations {

  /// Linked processes.
  final SmallMap<Pid, LocalProcess> links = new SmallMap<>();

  /// Those who watch this process.
  final SmallMap<MonitorRef, Watcher> watchers = new SmallMap<>();

  /// Those whom this process monitors, and whose end it has not been told yet.
  final SmallMap<MonitorRef, LocalProcess> monitored = new SmallMap<>();

  /// The process and its ancestors; null until it starts another.
  @Nullable Lineage asAncestor;

  /// Where this process has entries; null as long as it never had any.
  @Nullable Set<RegistryTable> registries;

  private @Nullable Set<Call> deferred;

  /// A call whose reply is to come later.
  void defer(Call call) {
    if (deferred == null) {
      deferred = new LinkedHashSet<>();
    }
    deferred.add(call);
  }

  void forget(Call call) {
    if (deferred != null) {
      deferred.remove(call);
    }
  }

  /// Calls whose reply is to come later.
  Set<Call> deferred() {
    return deferred == null ? Set.of() : deferred;
  }
}
