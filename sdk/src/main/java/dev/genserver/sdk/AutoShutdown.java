package dev.genserver.sdk;

/// Whether a supervisor ends, as `shutdown`, when significant children have ended by themselves and
/// are not restarted.
///
/// @otp supervisor:auto_shutdown()
public enum AutoShutdown {
  /// It does not, and may have no significant children.
  NEVER,
  /// It ends with the first of them.
  ANY_SIGNIFICANT,
  /// It ends with the last of them.
  ALL_SIGNIFICANT
}
