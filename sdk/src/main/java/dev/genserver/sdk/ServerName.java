package dev.genserver.sdk;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a process can be registered under.
///
/// @otp gen_server:server_name()
public sealed interface ServerName extends ServerRef {

  /// A name of the node's own: 1 to 255 bytes in UTF-8, no control characters, not beginning with
  /// `<`, which is kept for pids.
  record Local(String name) implements ServerName {

    public Local {
      check(name);
    }

    static void check(String name) {
      if (name.isEmpty()
          || name.startsWith("<")
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' is no name; it must not be empty, begin with '<' or hold control characters");
      }
      if (name.length() > 255 || name.getBytes(StandardCharsets.UTF_8).length > 255) {
        throw new IllegalArgumentException(
            "a name of more than 255 bytes is too long: '" + name.substring(0, 32) + "…'");
      }
    }

    @Override
    public String toString() {
      return "'" + name + "'";
    }
  }

  /// The partition that has the key; see [ServerRef#partition]. No process can be started under it.
  record Partition(ServerName supervisor, Object key) implements ServerName {
    @Override
    public String toString() {
      return "{partition, " + supervisor + ", " + key + "}";
    }
  }

  /// A name that is known on all nodes that are connected: any value.
  ///
  /// @otp `{global, Name}`
  record Global(Object key) implements ServerName {
    @Override
    public String toString() {
      return "{global, " + key + "}";
    }
  }

  /// A key in a [Registry] of unique keys, which is found by the registry's name.
  ///
  /// @param value what the entry of a process that is started with this name gets; means nothing
  ///   where a process is looked up
  /// @otp `{via, Registry, {Name, Key, Value}}`
  record Via(String registry, Object key, @Nullable Object value) implements ServerName {
    @Override
    public String toString() {
      return "{" + registry + ", " + key + (value == null ? "" : ", " + value) + "}";
    }
  }
}
