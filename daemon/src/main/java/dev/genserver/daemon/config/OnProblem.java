package dev.genserver.daemon.config;

/// What the daemon does when a plugin, or a configured process, cannot be loaded.
public enum OnProblem {
  /// Starts without it, and says so.
  SKIP,
  /// Does not start.
  REFUSE
}
