package dev.genserver.sdk;

import java.util.function.Supplier;

/// A named kind of server that a plugin offers, so that a configuration can start processes of it.
///
/// @param name what the configuration calls it
/// @param type the server's class, whose message types are checked when the plugin is loaded
/// @param factory gives a new server for each start
public record Behaviour<G extends GenServer<?, ?, ?>>(
    String name, Class<G> type, Supplier<G> factory) {

  public static <G extends GenServer<?, ?, ?>> Behaviour<G> of(
      String name, Class<G> type, Supplier<G> factory) {
    return new Behaviour<>(name, type, factory);
  }
}
