package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// What a call or a cast can be sent to: a pid, a name, or a name on a node.
///
/// @otp gen_server:server_ref()
public sealed interface ServerRef permits Pid, ServerName, ServerRef.At {

  /// The process that holds the name `name` on the node called `node`, which may be another one.
  ///
  /// Calls to a node that is not connected fail with [ExitReason.NodeDown]; casts and messages to
  /// it are lost.
  ///
  /// @otp `{Name, Node}`
  record At(String name, String node) implements ServerRef {

    public At {
      ServerName.Local.check(name);
    }

    @Override
    public String toString() {
      return "{'" + name + "', " + node + "}";
    }
  }

  /// The process that holds the name `name`; see [ServerName.Local] for what a name may be.
  static ServerName named(String name) {
    return new ServerName.Local(name);
  }

  /// The process that holds the name `name` on the node called `node`.
  static ServerRef at(String name, String node) {
    return new At(name, node);
  }

  /// The process that holds the global name `key`.
  static ServerName global(Object key) {
    return new ServerName.Global(key);
  }

  /// The process that is registered under `key` in the [Registry] called `registry`.
  static ServerName via(String registry, Object key) {
    return new ServerName.Via(registry, key, null);
  }

  /// [#via(String, Object)] that, as the name of a start, also gives the entry a value.
  static ServerName via(String registry, Object key, @Nullable Object value) {
    return new ServerName.Via(registry, key, value);
  }

  /// The process to which the partition supervisor named `supervisor` has given `key`: `abs(key)
  /// mod partitions` for a whole number, by hash code for anything else. Equal keys lead to the
  /// same partition as long as their number stays the same.
  ///
  /// @otp `{via, PartitionSupervisor, {Name, Key}}`
  static ServerName partition(String supervisor, Object key) {
    return partition(named(supervisor), key);
  }

  /// See [#partition(String, Object)].
  static ServerName partition(ServerName supervisor, Object key) {
    return new ServerName.Partition(supervisor, key);
  }
}
