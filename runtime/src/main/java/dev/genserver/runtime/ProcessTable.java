package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The living processes of a node by pid, and by name. Thread-safe.
final class ProcessTable {

  /// What a node is called that is not connected to others.
  static final String NODE = "nonode@nohost";

  private final ConcurrentHashMap<Pid, LocalProcess> byPid = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LocalProcess> byName = new ConcurrentHashMap<>();
  private final RegistryTable globals = new RegistryTable("global", null, RegistrySpec.unique());
  private volatile boolean closed;

  /// Takes a process up under its pid and name, unless it has ended already.
  ///
  /// @return null, or the living process that holds the name already; nothing is changed then
  /// @throws IllegalArgumentException if the name is in a registry that is unknown, or whose keys
  ///   are not unique
  /// @throws IllegalStateException after [#close]
  @Nullable LocalProcess add(LocalProcess process) {
    var name = process.name().orElse(null);
    var holder = name == null ? null : claim(name, process);
    if (holder != null) {
      return holder;
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

  /// Forgets the pid, and the name if it is one of the node's own. Entries of registries are the
  /// business of the process.
  void remove(LocalProcess process) {
    byPid.remove(process.pid());
    if (process.name().orElse(null) instanceof ServerName.Local(String name)) {
      byName.remove(name, process);
    }
  }

  // Names.

  /// @return null, or the living process that holds the name already
  private @Nullable LocalProcess claim(ServerName name, LocalProcess process) {
    return switch (name) {
      case ServerName.Local(String local) -> claim(local, process);
      case ServerName.Global(Object key) -> globals.register(process, key, null);
      case ServerName.Via(String registry, Object key, Object value) -> {
        var table = registry(registry);
        table.requireUnique();
        yield table.register(process, key, value);
      }
      case ServerName.Partition partition -> {
        var holder = find(partition);
        if (holder == null) {
          throw new IllegalArgumentException(
              "no process can be started under " + partition + "; its supervisor starts it");
        }
        yield holder;
      }
    };
  }

  private @Nullable LocalProcess claim(String name, LocalProcess process) {
    for (LocalProcess holder; (holder = byName.putIfAbsent(name, process)) != null; ) {
      if (holder.isAlive()) {
        return holder;
      }
      remove(holder); // its end is about to free the name
    }
    return null;
  }

  /// Gives a name to a process that runs.
  ///
  /// @throws IllegalArgumentException if it does not live, another has the name, it has a name of
  ///   the node's own already, or the name is a registry's
  void register(ServerName name, Pid pid) {
    var process = find(pid);
    if (process == null) {
      throw cannotRegister(name, pid, "no such process lives");
    }
    var holder =
        switch (name) {
          case ServerName.Local local -> registerLocal(local, process);
          case ServerName.Global global -> claim(global, process);
          case ServerName.Via _ ->
              throw cannotRegister(name, pid, "a process enters itself in a registry");
          case ServerName.Partition _ ->
              throw cannotRegister(name, pid, "only its supervisor gives a partition its process");
        };
    if (holder != null) {
      throw cannotRegister(name, pid, holder.pid() + " holds that name");
    }
  }

  /// In one step with the life of the process: the name of one that has ended would stay for ever.
  private @Nullable LocalProcess registerLocal(ServerName.Local name, LocalProcess process) {
    synchronized (process) {
      if (!process.isAlive()) {
        throw cannotRegister(name, process.pid(), "no such process lives");
      }
      if (process.name().orElse(null) instanceof ServerName.Local present) {
        throw cannotRegister(name, process.pid(), "it has the name " + present + " already");
      }
      var holder = claim(name.name(), process);
      if (holder == null) {
        process.name(name);
      }
      return holder;
    }
  }

  private static IllegalArgumentException cannotRegister(ServerName name, Pid pid, String why) {
    return new IllegalArgumentException("cannot register " + pid + " as " + name + ": " + why);
  }

  /// Takes a name away from the process that holds it.
  ///
  /// @throws IllegalArgumentException if there is none, or the name is a registry's
  void unregister(ServerName name) {
    switch (name) {
      case ServerName.Local local -> unregisterLocal(local, holder(name));
      case ServerName.Global(Object key) -> globals.unregister(holder(name), key, _ -> true);
      case ServerName.Via _ ->
          throw cannotUnregister(name, "a process removes itself from a registry");
      case ServerName.Partition _ ->
          throw cannotUnregister(name, "only its supervisor gives a partition its process");
    }
  }

  private LocalProcess holder(ServerName name) {
    var holder = find(name);
    if (holder == null) {
      throw cannotUnregister(name, "no process has that name");
    }
    return holder;
  }

  private static IllegalArgumentException cannotUnregister(ServerName name, String why) {
    return new IllegalArgumentException("cannot unregister " + name + ": " + why);
  }

  private void unregisterLocal(ServerName.Local name, LocalProcess holder) {
    synchronized (holder) {
      if (byName.remove(name.name(), holder) && holder.isAlive()) {
        holder.name(null);
      }
    }
  }

  /// All names of the node's own that are held, in no order.
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  int nameCount() {
    return byName.size();
  }

  // Looking up.

  /// The living process behind the reference.
  ///
  /// @throws IllegalArgumentException if that is in a registry that is unknown, or whose keys are
  ///   not unique
  @Nullable LocalProcess find(ServerRef ref) {
    return switch (ref) {
      case Pid pid -> living(byPid.get(pid));
      case ServerName.Local(String name) -> find(name);
      case ServerName.Global(Object key) -> globals.holder(key);
      case ServerName.Via(String registry, Object key, _) -> registry(registry).holder(key);
      case ServerName.Partition(ServerName supervisor, Object key) -> {
        var partitions = partitions(supervisor);
        yield partitions == null ? null : living(partitions.find(key));
      }
      case ServerRef.At at -> isElsewhere(at) ? null : find(at.name());
    };
  }

  /// [#find]; nobody where that throws.
  @Nullable LocalProcess findOrNobody(ServerRef ref) {
    try {
      return find(ref);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// The partitions of the supervisor with that name; null if there is none.
  @Nullable Partitions partitions(ServerName supervisor) {
    return find(supervisor) instanceof ServerProcess process
            && process.server() instanceof PartitionSupervisorServer server
        ? server.partitions()
        : null;
  }

  /// The living process that holds the name.
  @Nullable LocalProcess find(String name) {
    return living(byName.get(name));
  }

  private static @Nullable LocalProcess living(@Nullable LocalProcess process) {
    return process != null && process.isAlive() ? process : null;
  }

  /// What the monitor of a process is told that is not there.
  static ExitReason absence(ServerRef ref) {
    return ref instanceof ServerRef.At at && isElsewhere(at)
        ? ExitReason.NOCONNECTION
        : ExitReason.NOPROC;
  }

  static boolean isElsewhere(ServerRef.At at) {
    return !at.node().equals(NODE);
  }

  List<LocalProcess> processes() {
    return List.copyOf(byPid.values());
  }

  /// The same, without a copy: some that start or end meanwhile are not seen, or seen though ended.
  Iterable<LocalProcess> living() {
    return Collections.unmodifiableCollection(byPid.values());
  }

  /// The entries of the registry that has the name now.
  ///
  /// @throws IllegalArgumentException if there is none
  RegistryTable registry(String name) {
    if (find(name) instanceof ServerProcess process
        && process.server() instanceof RegistryServer registry) {
      var table = registry.table();
      if (table != null) {
        return table;
      }
    }
    throw unknownRegistry(name);
  }

  static IllegalArgumentException unknownRegistry(String name) {
    return new IllegalArgumentException(
        "registry '"
            + name
            + "' is unknown; start it, or have a supervisor start it: ChildSpec.registry(\""
            + name
            + "\", RegistrySpec.unique())");
  }
}
