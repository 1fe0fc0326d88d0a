package dev.genserver.sdk;

/// What a call or a cast can be sent to: a pid, or a name.
///
/// @otp gen_server:server_ref()
public sealed interface ServerRef permits Pid, ServerName {

  /// The process that holds the name `name`; see [ServerName.Local] for what a name may be.
  static ServerName named(String name) {
    return new ServerName.Local(name);
  }

  /// The process that is registered under `key` in the registry called `registry`.
  static ServerName via(String registry, Object key) {
    return new ServerName.Via(registry, key);
  }
}
