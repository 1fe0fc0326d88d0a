package dev.genserver.runtime;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A map in the order of insertion that takes little room as long as it has no more than one entry.
/// Nearly all processes have one link and nothing else, and there are very many of them.
final class SmallMap<K, V> {

  // The only entry; null while there is none, or `several`.
  private @Nullable K key;
  private @Nullable V value;

  // All entries, from when there were two until there is none.
  private @Nullable Map<K, V> several;

  void put(K newKey, V newValue) {
    if (several != null) {
      several.put(newKey, newValue);
    } else if (key == null || key.equals(newKey)) {
      key = newKey;
      value = newValue;
    } else {
      several = new LinkedHashMap<>();
      several.put(key, Objects.requireNonNull(value));
      several.put(newKey, newValue);
      key = null;
      value = null;
    }
  }

  @Nullable V get(K wanted) {
    if (several != null) {
      return several.get(wanted);
    }
    return wanted.equals(key) ? value : null;
  }

  boolean containsKey(K wanted) {
    return get(wanted) != null;
  }

  /// Takes the entry out; null if there was none.
  @Nullable V remove(K wanted) {
    if (several != null) {
      var removed = several.remove(wanted);
      if (several.isEmpty()) {
        several = null;
      }
      return removed;
    }
    if (!wanted.equals(key)) {
      return null;
    }
    var removed = value;
    key = null;
    value = null;
    return removed;
  }

  int size() {
    return several == null ? key == null ? 0 : 1 : several.size();
  }

  Collection<V> values() {
    if (several != null) {
      return several.values();
    }
    return value == null ? List.of() : List.of(value);
  }

  void forEach(BiConsumer<? super K, ? super V> action) {
    if (several != null) {
      several.forEach(action);
    } else if (key != null) {
      action.accept(key, Objects.requireNonNull(value));
    }
  }
}
