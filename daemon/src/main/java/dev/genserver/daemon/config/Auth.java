package dev.genserver.daemon.config;

/// How clients prove who they are.
public enum Auth {
  /// They do not: whoever reaches the port may do everything.
  NONE
}
