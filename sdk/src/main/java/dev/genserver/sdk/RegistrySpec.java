package dev.genserver.sdk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A [Registry], described: whether its keys are unique, who is told of what happens in it, and
/// what it knows from the start. The options that it is started with give its name.
///
/// @param listeners names of processes that get each [Registry.Event]; those that are not there get
///   nothing
/// @param meta what [Registry#meta] knows from the start
/// @otp Registry.start_link/1
public record RegistrySpec(Keys keys, List<ServerName> listeners, Map<Object, Object> meta)
    implements TreeSpec {

  /// How many entries may share a key.
  public enum Keys {
    /// One.
    UNIQUE,
    /// Any number, also of one process.
    DUPLICATE
  }

  public RegistrySpec {
    listeners = List.copyOf(listeners);
    meta = Map.copyOf(meta);
  }

  /// A registry in which one process holds a key.
  public static RegistrySpec unique() {
    return new RegistrySpec(Keys.UNIQUE, List.of(), Map.of());
  }

  /// A registry in which any number of entries share a key.
  public static RegistrySpec duplicate() {
    return new RegistrySpec(Keys.DUPLICATE, List.of(), Map.of());
  }

  public RegistrySpec listeners(List<ServerName> listeners) {
    return new RegistrySpec(keys, listeners, meta);
  }

  /// This, and one more thing known, or one changed.
  public RegistrySpec meta(Object key, Object value) {
    var next = new HashMap<>(meta);
    next.put(key, value);
    return new RegistrySpec(keys, listeners, next);
  }
}
