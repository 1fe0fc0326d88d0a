package dev.genserver.daemon.log;

/// How the events of the log are written.
public enum LogFormat {
  /// A line for people, and the stack trace below it.
  TEXT,
  /// A JSON object in one line.
  JSON
}
