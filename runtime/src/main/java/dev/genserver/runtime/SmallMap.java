package dev.genserver.runtime;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A map in the order of insertion that takes little room as long as it has no more than one entry.
final class SmallMap<K, V> {

  private static final SmallMap<?, ?> EMPTY = new SmallMap<>();

  // The only entry; null while there is none, or `several`.
  private @Nullable K key;
  private @Nullable V value;

  // All entries, from when there were two until there is none.
  private @Nullable Map<K, V> several;

  /// Gives `map` one more entry; a new map if there is none yet.
  static <K, V> SmallMap<K, V> with(@Nullable SmallMap<K, V> map, K key, V value) {
    var there = map == null ? new SmallMap<K, V>() : map;
    there.put(key, value);
    return there;
  }

  /// `map`, or one that is empty where there is none: to look into, and for nothing else.
  @SuppressWarnings("unchecked") // there is nothing in it
  static <K, V> SmallMap<K, V> orEmpty(@Nullable SmallMap<K, V> map) {
    return map == null ? (SmallMap<K, V>) EMPTY : map;
  }

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
