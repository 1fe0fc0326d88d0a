package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of processes, the nearest first. All that come after one process share its line; pids, so
/// that ended processes need not be kept in memory.
record Lineage(Pid pid, @Nullable Lineage next) {

  static List<Pid> pids(@Nullable Lineage first) {
    var pids = new ArrayList<Pid>();
    for (var lineage = first; lineage != null; lineage = lineage.next) {
      pids.add(lineage.pid);
    }
    return List.copyOf(pids);
  }
}
