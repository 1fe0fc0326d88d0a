package dev.genserver.runtime;

/// Where a call is.
public enum Phase {
  /// In the mailbox: the process has not seen it.
  QUEUED,
  /// Its callback is at work.
  RUNNING,
  /// The callback has returned without a reply; the reply is to come later.
  WAITING
}
