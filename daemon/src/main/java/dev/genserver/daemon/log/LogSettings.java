package dev.genserver.daemon.log;

import java.util.Map;
import java.util.regex.Pattern;

/// How the daemon logs.
///
/// @param level of all loggers that `levels` says nothing of
/// @param levels by the names of loggers, or what their names begin with
public record LogSettings(LogFormat format, LogLevel level, Map<String, LogLevel> levels) {

  private static final Pattern LOGGER = Pattern.compile("[\\w.$-]{1,255}");

  public LogSettings {
    levels = Map.copyOf(levels);
  }

  /// Whether a logger may have that name.
  public static boolean isLogger(String name) {
    return LOGGER.matcher(name).matches();
  }
}
