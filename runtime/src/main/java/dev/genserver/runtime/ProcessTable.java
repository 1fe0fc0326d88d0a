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

  private final ConcurrentHashMap<Pid, LocalProcess> byPid = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LocalProcess> byName = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ServerName.Via, LocalProcess> byKey = new ConcurrentHashMap<>();
  private final Set<String> registries = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// Takes a process up under its pid and name, unless it has ended already.
  ///
  /// @return null, or the living process that holds the name already; nothing is changed then
  /// @throws IllegalArgumentException if the name is in a registry that is unknown
  /// @throws IllegalStateException after [#close]
  @Nullable LocalProcess add(LocalProcess process) {
    var name = process.name().orElse(null);
    if (name != null) {
      for (LocalProcess holder; (holder = register(name, process)) != null; ) {
        if (holder.isAlive()) {
          return holder;
        }
        remove(holder); // its end is about to free the name
      }
    }
    byPid.put(process.pid(), process);
    if (closed) {
      remove(process);
      throw new IllegalStateException("the node is closed; no process can be started on it");
    }
    if (!process.isAlive()) {
      remove(process); // it ended before it could be found here
    }
    return null;
  }

  /// Lets no more processes in.
  void close() {
    closed = true;
  }

  void remove(LocalProcess process) {
    byPid.remove(process.pid());
    switch (process.name().orElse(null)) {
      case ServerName.Local(String name) -> byName.remove(name, process);
      case ServerName.Via via -> byKey.remove(via, process);
      case null -> {}
    }
  }

  /// The living process behind the reference.
  @Nullable LocalProcess find(ServerRef ref) {
    return living(
        switch (ref) {
          case Pid pid -> byPid.get(pid);
          case ServerName.Local(String name) -> byName.get(name);
          case ServerName.Via via -> byKey.get(via);
        });
  }

  /// The living process that holds the name.
  @Nullable LocalProcess find(String name) {
    return living(byName.get(name));
  }

  private static @Nullable LocalProcess living(@Nullable LocalProcess process) {
    return process != null && process.isAlive() ? process : null;
  }

  /// All names that are held, in no order.
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  List<LocalProcess> processes() {
    return List.copyOf(byPid.values());
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
              "registry '"
                  + via.registry()
                  + "' is unknown; start it before naming processes in it");
        }
        yield byKey.putIfAbsent(via, process);
      }
    };
  }
}
