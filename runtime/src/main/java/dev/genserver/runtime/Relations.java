package dev.genserver.runtime;

import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who is told when a process ends, and whom it watches itself. Guarded by its process.
final class Relations {

  // Null as long as there never was one: nearly all processes have one link and nothing else.
  private @Nullable SmallMap<Pid, LocalProcess> links;
  private @Nullable SmallMap<MonitorRef, Watcher> watchers;
  private @Nullable SmallMap<MonitorRef, LocalProcess> monitored;

  /// The process and its ancestors; null until it starts another.
  @Nullable Lineage asAncestor;

  /// Where this process has entries; null as long as it never had any.
  @Nullable Set<RegistryTable> registries;

  private @Nullable Set<Call> deferred;

  void link(LocalProcess other) {
    links = SmallMap.with(links, other.pid(), other);
  }

  /// Linked processes.
  SmallMap<Pid, LocalProcess> links() {
    return SmallMap.orEmpty(links);
  }

  void watch(MonitorRef ref, Watcher watcher) {
    watchers = SmallMap.with(watchers, ref, watcher);
  }

  /// Those who watch this process.
  SmallMap<MonitorRef, Watcher> watchers() {
    return SmallMap.orEmpty(watchers);
  }

  void monitor(MonitorRef ref, LocalProcess target) {
    monitored = SmallMap.with(monitored, ref, target);
  }

  /// Those whom this process monitors, and whose end it has not been told yet.
  SmallMap<MonitorRef, LocalProcess> monitored() {
    return SmallMap.orEmpty(monitored);
  }

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
