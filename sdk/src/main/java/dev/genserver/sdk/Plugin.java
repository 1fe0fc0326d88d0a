package dev.genserver.sdk;

import java.util.List;

/// What a plugin jar brings; found by [java.util.ServiceLoader].
///
/// The jar's manifest has `Genserver-Plugin-Id`, `Genserver-Plugin-Version` and
/// `Genserver-Sdk-Version` (now `1`), which are read before any class is loaded. One that is
/// configured implements [ConfiguredPlugin].
///
/// @otp an application
public interface Plugin {

  /// The kinds of servers that a configuration may start.
  List<Behaviour<?>> behaviours();

  /// The processes that run from load on, in starting order, under a supervisor of the plugin's
  /// own.
  default List<ChildSpec> children() {
    return List.of();
  }
}
