package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The living processes of a node by pid, and by name. Thread-safe.
final class ProcessTable {

  private final ConcurrentHashMap<Long, LocalProcess> bySerial = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LocalProcess> byName = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ServerName.Via, LocalProcess> byKey = new ConcurrentHashMap<>();
  private final Set<String> registries = ConcurrentHashMap.newKeySet();
  private final int node;

  ProcessTable(int node) {
    this.node = node;
  }

  /// Takes a process up under its pid and name.
  ///
  /// @return null, or the living process that holds the name already; nothing is changed then
  @Nullable LocalProcess add(LocalProcess process) {
    var name = process.name().orElse(null);
    if (name != null) {
      for (; ; ) {
        var holder = register(name, process);
        if (holder == null) {
          break;
        }
        if (holder.isAlive()) {
          return holder;
        }
        Thread.onSpinWait(); // its end is about to free the name
      }
    }
    bySerial.put(process.pid().serial(), process);
    return null;
  }

  void remove(LocalProcess process) {
    bySerial.remove(process.pid().serial());
    switch (process.name().orElse(null)) {
      case ServerName.Local(String name) -> byName.remove(name, process);
      case ServerName.Via via -> byKey.remove(via, process);
      case null -> {}
    }
  }

  /// The living process behind the reference.
  @Nullable LocalProcess find(ServerRef ref) {
    return switch (ref) {
      case Pid pid -> pid.node() == node ? bySerial.get(pid.serial()) : null;
      case ServerName.Local(String name) -> byName.get(name);
      case ServerName.Via via -> byKey.get(via);
    };
  }

  /// The living process that holds the name.
  @Nullable LocalProcess find(String name) {
    return byName.get(name);
  }

  /// All names that are held, in no order.
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  List<LocalProcess> processes() {
    return List.copyOf(bySerial.values());
  }

  boolean addRegistry(String name) {
    return registries.add(name);
  }

  private @Nullable LocalProcess register(ServerName name, LocalProcess process) {
    return switch (name) {
      case ServerName.Local(String local) -> byName.putIfAbsent(local, process);
      case ServerName.Via via -> {
        if (!registries.contains(via.registry())) {
          throw new IllegalArgumentException(
              "registry '" + via.registry() + "' is unknown; start it before naming processes in it");
        }
        yield byKey.putIfAbsent(via, process);
      }
    };
  }
}
