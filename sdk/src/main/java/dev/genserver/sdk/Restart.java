package dev.genserver.sdk;

/// When a supervisor starts an ended child again.
///
/// @otp supervisor:restart()
public enum Restart {
  /// Always.
  PERMANENT,
  /// When it ended in a way that is neither normal nor shutdown.
  TRANSIENT,
  /// Never.
  TEMPORARY
}
