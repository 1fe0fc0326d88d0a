package dev.genserver.daemon.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/// The log of this JVM, of which there is one. Thread-safe.
public final class Logging {

  /// The appender that settings are for. Where an operator's own file of Logback has none of that
  /// name with a [LineEncoder], that file rules.
  static final String OURS = "stderr";

  /// Netty tells much that is for its developers.
  static final Map<String, LogLevel> BASE = Map.of("io.netty", LogLevel.WARN);

  private static final Set<String> SAID = new HashSet<>();

  private Logging() {}

  /// Logs so from now on; levels that were [#set] are forgotten.
  ///
  /// @return false if an operator's own file of Logback rules, and nothing has changed
  public static synchronized boolean apply(LogSettings settings) {
    var encoder = encoder();
    if (encoder.isEmpty()) {
      return false;
    }
    encoder.get().use(settings.format());
    var levels = new HashMap<>(BASE);
    levels.putAll(settings.levels());
    SAID.stream().filter(name -> !levels.containsKey(name)).forEach(Logging::unset);
    SAID.clear();
    root().setLevel(settings.level().logback());
    levels.forEach((name, level) -> set(Optional.of(name), level));
    return true;
  }

  private static Optional<LineEncoder> encoder() {
    return root().getAppender(OURS) instanceof ConsoleAppender<ILoggingEvent> console
            && console.getEncoder() instanceof LineEncoder encoder
        ? Optional.of(encoder)
        : Optional.empty();
  }

  /// Gives a logger another level, and those below it that have none of their own.
  ///
  /// @param name what the names of the loggers begin with; empty for all that have no level of
  ///   their own
  public static synchronized void set(Optional<String> name, LogLevel level) {
    if (name.isPresent()) {
      SAID.add(name.get());
    }
    name.map(context()::getLogger).orElseGet(Logging::root).setLevel(level.logback());
  }

  /// The level of all loggers that have none of their own.
  public static LogLevel level() {
    return LogLevel.of(root().getLevel());
  }

  /// The loggers that have levels of their own.
  public static SortedMap<String, LogLevel> levels() {
    var levels = new TreeMap<String, LogLevel>();
    for (var logger : context().getLoggerList()) {
      if (logger.getLevel() != null && logger != root()) {
        levels.put(logger.getName(), LogLevel.of(logger.getLevel()));
      }
    }
    return levels;
  }

  private static void unset(String name) {
    context().getLogger(name).setLevel(null);
  }

  private static Logger root() {
    return context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
