package dev.genserver.client;

/// What a caller does where something is lacking: a connection, or room in the buffer.
public enum Patience {
  /// Waits for it, within its own timeout.
  WAIT,
  /// Fails as soon as it is known to be lacking.
  FAIL
}
