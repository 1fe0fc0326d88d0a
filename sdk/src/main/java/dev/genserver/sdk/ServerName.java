package dev.genserver.sdk;

import java.nio.charset.StandardCharsets;

/// What a process can be registered under.
///
/// @otp gen_server:server_name()
public sealed interface ServerName extends ServerRef {

  /// A name of the node's own: 1 to 255 bytes in UTF-8, no control characters, not beginning with
  /// `<`, which is kept for pids.
  record Local(String name) implements ServerName {

    public Local {
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

  /// A key in a registry, which is found by the registry's name.
  record Via(String registry, Object key) implements ServerName {
    @Override
    public String toString() {
      return "{" + registry + ", " + key + "}";
    }
  }
}
