package dev.genserver.runtime;

import dev.genserver.sdk.Registry;
import org.jspecify.annotations.Nullable;

/// One process under a key of a registry. Entries are equal only to themselves.
final class RegistryEntry implements Comparable<RegistryEntry> {

  final Object key;
  final LocalProcess holder;
  private final long number;
  private volatile Registry.Entry shown;

  /// @param number tells entries of a table apart, and which came first
  RegistryEntry(long number, Object key, LocalProcess holder, @Nullable Object value) {
    this.number = number;
    this.key = key;
    this.holder = holder;
    this.shown = new Registry.Entry(holder.pid(), value);
  }

  /// What readers get to see.
  Registry.Entry shown() {
    return shown;
  }

  @Nullable Object value() {
    return shown.value();
  }

  void value(@Nullable Object value) {
    shown = new Registry.Entry(holder.pid(), value);
  }

  Registry.Registration registration() {
    return new Registry.Registration(key, holder.pid(), value());
  }

  boolean isLiving() {
    return holder.isAlive();
  }

  @Override
  public int compareTo(RegistryEntry other) {
    return Long.compare(number, other.number);
  }
}
