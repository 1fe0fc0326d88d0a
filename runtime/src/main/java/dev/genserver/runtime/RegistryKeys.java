package dev.genserver.runtime;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The entries of a registry by key. Thread-safe; reading never waits. Each step is one operation
/// of a `ConcurrentHashMap`, so it may be taken under a process's lock.
sealed interface RegistryKeys {

  /// Takes the entry in, unless a living process is in its way.
  ///
  /// @return null, or that process
  @Nullable LocalProcess add(RegistryEntry entry);

  /// Takes the entry out, if it is in.
  void remove(RegistryEntry entry);

  Collection<RegistryEntry> under(Object key);

  Stream<RegistryEntry> all();

  long size();

  /// One entry a key.
  final class Unique implements RegistryKeys {

    private final ConcurrentHashMap<Object, RegistryEntry> entries = new ConcurrentHashMap<>();

    @Override
    public @Nullable LocalProcess add(RegistryEntry entry) {
      for (RegistryEntry present; (present = entries.putIfAbsent(entry.key, entry)) != null; ) {
        if (present.isLiving()) {
          return present.holder;
        }
        remove(present); // the end of its holder is about to free the key
      }
      return null;
    }

    @Override
    public void remove(RegistryEntry entry) {
      entries.remove(entry.key, entry);
    }

    @Override
    public Collection<RegistryEntry> under(Object key) {
      var entry = entries.get(key);
      return entry == null ? List.of() : List.of(entry);
    }

    @Override
    public Stream<RegistryEntry> all() {
      return entries.values().stream();
    }

    @Override
    public long size() {
      return entries.mappingCount();
    }
  }

  /// Any number of entries a key, in the order in which they came.
  final class Duplicate implements RegistryKeys {

    private final ConcurrentHashMap<Object, ConcurrentSkipListSet<RegistryEntry>> entries =
        new ConcurrentHashMap<>();
    private final LongAdder size = new LongAdder();

    // Both in one step with the set's place in the map, so that none is lost with a set that was
    // found empty.

    @Override
    public @Nullable LocalProcess add(RegistryEntry entry) {
      entries.compute(
          entry.key,
          (_, present) -> {
            var set = present == null ? new ConcurrentSkipListSet<RegistryEntry>() : present;
            set.add(entry);
            return set;
          });
      size.increment();
      return null;
    }

    @Override
    public void remove(RegistryEntry entry) {
      entries.computeIfPresent(
          entry.key,
          (_, set) -> {
            if (set.remove(entry)) {
              size.decrement();
            }
            return set.isEmpty() ? null : set;
          });
    }

    @Override
    public Collection<RegistryEntry> under(Object key) {
      var set = entries.get(key);
      return set == null ? List.of() : set;
    }

    @Override
    public Stream<RegistryEntry> all() {
      return entries.values().stream().flatMap(Collection::stream);
    }

    @Override
    public long size() {
      return size.sum();
    }
  }
}
