package dev.genserver.runtime;

import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who is told when a process ends, and whom it watches itself. Guarded by its process.
final class Relations {

  /// Linked processes.
  final Map<Pid, LocalProcess> links = new LinkedHashMap<>();

  /// Those who watch this process.
  final Map<MonitorRef, Watcher> watchers = new HashMap<>();

  /// Those whom this process monitors, and whose end it has not been told yet.
  final Map<MonitorRef, LocalProcess> monitored = new HashMap<>();

  /// Calls whose reply is to come later.
  final Set<Call> deferred = new LinkedHashSet<>();

  /// The process and its ancestors; null until it starts another.
  @Nullable Lineage asAncestor;

  /// Where this process has entries; null as long as it never had any.
  @Nullable Set<RegistryTable> registries;
}
