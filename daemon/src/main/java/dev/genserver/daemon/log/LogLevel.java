package dev.genserver.daemon.log;

import ch.qos.logback.classic.Level;

/// From which importance on events are logged.
public enum LogLevel {
  /// Nothing at all.
  OFF,
  /// A person must act.
  ERROR,
  /// Handled, but look.
  WARN,
  /// What begins and ends: a handful of lines on a quiet day.
  INFO,
  /// What happens to each connection.
  DEBUG,
  /// What happens to each message.
  TRACE;

  Level logback() {
    return Level.toLevel(name());
  }

  static LogLevel of(Level level) {
    return switch (level.toInt()) {
      case Level.OFF_INT -> OFF;
      case Level.ERROR_INT -> ERROR;
      case Level.WARN_INT -> WARN;
      case Level.INFO_INT -> INFO;
      case Level.DEBUG_INT -> DEBUG;
      default -> TRACE;
    };
  }
}
