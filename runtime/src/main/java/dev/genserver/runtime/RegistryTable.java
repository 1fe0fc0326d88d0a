package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Registry;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The entries of a registry, by key and by process. Thread-safe; reading never waits.
final class RegistryTable {

  /*
   * A process's entries change under its lock, in one step with its life: see LocalProcess.register.
   * So one that has ended gets no entry any more, and those that it has are taken out by whoever ends
   * it, before anybody is told. Until then readers pass them over.
   */

  final String name;
  private final @Nullable LocalProcess owner;
  private final boolean unique;
  private final RegistryKeys keys;
  private final List<ServerName> listeners;
  private final Map<Object, Object> meta;
  private final ConcurrentHashMap<LocalProcess, Map<Object, List<RegistryEntry>>> byHolder =
      new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private volatile boolean closed;

  /// @param owner the process of the registry, which each holder is linked to; null if the table
  ///   lives as long as its node
  RegistryTable(String name, @Nullable LocalProcess owner, RegistrySpec spec) {
    this.name = name;
    this.owner = owner;
    this.unique = spec.keys() == RegistrySpec.Keys.UNIQUE;
    this.keys = unique ? new RegistryKeys.Unique() : new RegistryKeys.Duplicate();
    this.listeners = spec.listeners();
    this.meta = new ConcurrentHashMap<>(spec.meta());
  }

  boolean isUnique() {
    return unique;
  }

  Map<Object, Object> meta() {
    return meta;
  }

  /// The process of the registry.
  ///
  /// @throws IllegalArgumentException if that has ended
  LocalProcess owner() {
    if (owner == null || isClosed()) {
      throw ProcessTable.unknownRegistry(name);
    }
    return owner;
  }

  boolean isOwnedBy(LocalProcess process) {
    return owner == process;
  }

  // Entries come and go.

  /// Enters a process that lives; nothing happens if it has ended.
  ///
  /// @return null, or the living process that holds the key
  /// @throws IllegalArgumentException if the registry has ended
  @Nullable LocalProcess register(LocalProcess process, Object key, @Nullable Object value) {
    if (owner != null && !byHolder.containsKey(process)) {
      process.link(owner);
    }
    var entry = new RegistryEntry(numbers.incrementAndGet(), key, process, value);
    var holder = process.register(this, entry);
    if (holder != null || isClosed()) {
      withdraw(process, List.of(entry));
    }
    if (isClosed()) {
      throw ProcessTable.unknownRegistry(name);
    }
    if (holder == null) {
      tell(new Registry.Event.Register(name, key, process.pid(), value));
    }
    return holder;
  }

  /// Removes those entries of a process under `key` whose value `matches`.
  void unregister(LocalProcess process, Object key, Predicate<@Nullable Object> matches) {
    withdraw(
        process, own(process, key).stream().filter(entry -> matches.test(entry.value())).toList());
    tell(new Registry.Event.Unregister(name, key, process.pid()));
  }

  /// Has an entry stand under another key, with another value. For whoever owns its holder.
  void rename(RegistryEntry entry, Object key, @Nullable Object value) {
    var renamed = new RegistryEntry(numbers.incrementAndGet(), key, entry.holder, value);
    var _ = entry.holder.register(this, renamed);
    var _ = entry.holder.unregister(this, List.of(entry));
  }

  private void withdraw(LocalProcess process, List<RegistryEntry> entries) {
    if (process.unregister(this, entries) && owner != null) {
      process.unlink(owner.pid());
    }
  }

  private void tell(Registry.Event event) {
    if (owner != null) {
      for (var listener : listeners) {
        var process = owner.node.table.findOrNobody(listener);
        if (process != null) {
          process.deliver(new InfoMessage.Message(event));
        }
      }
    }
  }

  /// Takes no more entries, and ends the holders as `shutdown`. For a registry that ends in a way
  /// that its links would not tell of.
  void close(Context registry) {
    closed = true;
    for (var holder : byHolder.keySet()) {
      withdraw(holder, own(holder).values().stream().flatMap(List::stream).toList());
      registry.exit(holder.pid(), ExitReason.SHUTDOWN);
    }
  }

  private boolean isClosed() {
    return closed || (owner != null && !owner.isAlive());
  }

  // For LocalProcess.

  /// Under the lock of the holder, which lives.
  ///
  /// @return null, or the living process that holds the key
  @Nullable LocalProcess add(RegistryEntry entry) {
    var holder = keys.add(entry);
    if (holder == null) {
      byHolder
          .computeIfAbsent(entry.holder, _ -> new ConcurrentHashMap<>(1))
          .merge(entry.key, List.of(entry), RegistryTable::joined);
    }
    return holder;
  }

  /// Under the lock of the holder.
  ///
  /// @return whether that has no entries left
  boolean remove(LocalProcess holder, List<RegistryEntry> entries) {
    entries.forEach(keys::remove);
    var own = byHolder.get(holder);
    if (own != null) {
      entries.forEach(entry -> own.computeIfPresent(entry.key, (_, of) -> without(of, entry)));
      if (own.isEmpty()) {
        byHolder.remove(holder);
      }
    }
    return !byHolder.containsKey(holder);
  }

  /// For a holder that has ended.
  void removeAll(LocalProcess holder) {
    var own = byHolder.remove(holder);
    if (own != null) {
      own.values().forEach(entries -> entries.forEach(keys::remove));
    }
  }

  private static List<RegistryEntry> joined(List<RegistryEntry> some, List<RegistryEntry> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static @Nullable List<RegistryEntry> without(
      List<RegistryEntry> entries, RegistryEntry gone) {
    var left = entries.stream().filter(entry -> entry != gone).toList();
    return left.isEmpty() ? null : left;
  }

  // Reading.

  /// The living process that holds `key`.
  ///
  /// @throws IllegalArgumentException if the keys are not unique
  @Nullable LocalProcess holder(Object key) {
    requireUnique();
    for (var entry : keys.under(key)) {
      if (entry.isLiving()) {
        return entry.holder;
      }
    }
    return null;
  }

  void requireUnique() {
    if (!unique) {
      throw new IllegalArgumentException(
          "registry '"
              + name
              + "' has duplicate keys, so that a key does not tell which process is meant; use one"
              + " with unique keys");
    }
  }

  /// The entries of living processes under `key`.
  List<RegistryEntry> under(Object key) {
    var entries = new ArrayList<RegistryEntry>();
    for (var entry : keys.under(key)) {
      if (entry.isLiving()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /// The entries of living processes.
  Stream<RegistryEntry> all() {
    return keys.all().filter(RegistryEntry::isLiving);
  }

  /// The entries of a process under `key`.
  List<RegistryEntry> own(LocalProcess process, Object key) {
    return own(process).getOrDefault(key, List.of());
  }

  /// The entries of a process by key.
  Map<Object, List<RegistryEntry>> own(LocalProcess process) {
    return byHolder.getOrDefault(process, Map.of());
  }

  int size() {
    return Math.toIntExact(keys.size());
  }

  @Override
  public String toString() {
    return "registry '" + name + "' with " + size() + " entries of " + byHolder.size() + " holders";
  }
}
