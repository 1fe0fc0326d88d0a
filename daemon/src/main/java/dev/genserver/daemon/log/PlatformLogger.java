package dev.genserver.daemon.log;

import dev.genserver.runtime.TraceContext;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs by SLF4J what is logged by the JDK's interface. Thread-safe.
///
/// Arguments are made text here, on the thread that logs, so nothing that takes an event holds an
/// object of a plugin. Where a message says `key={0}`, the event has that key with its value too:
/// only what stands in the message as it was written counts, so nothing that a client sends can
/// pass for a key. What is logged in a process while it handles a message with a trace has the id
/// of that. Logging throws nothing, whatever is logged.
record PlatformLogger(Logger logger) implements System.Logger {

  /// By which an event has the trace, for patterns of Logback as `%X{trace_id}`.
  static final String TRACE_ID = "trace_id";

  private static final Pattern KEY =
      Pattern.compile("(?<![\\w.-])([a-z][a-z_-]*)=\\{(\\d{1,2})\\}");

  @Override
  public String getName() {
    return logger.getName();
  }

  @Override
  public boolean isLoggable(System.Logger.Level level) {
    return level != System.Logger.Level.OFF && logger.isEnabledForLevel(slf4j(level));
  }

  @Override
  public void log(
      System.Logger.Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (!isLoggable(level)) {
      return;
    }
    var text = localized(bundle, String.valueOf(message));
    try {
      log(logger.makeLoggingEventBuilder(slf4j(level)).setCause(thrown), text);
    } catch (RuntimeException | StackOverflowError e) {
      log(
          logger.makeLoggingEventBuilder(slf4j(level)),
          "%s (its exception cannot be shown: %s)".formatted(text, e.getClass().getName()));
    }
  }

  @Override
  public void log(
      System.Logger.Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... arguments) {
    if (!isLoggable(level)) {
      return;
    }
    var template = localized(bundle, String.valueOf(format));
    var event = logger.makeLoggingEventBuilder(slf4j(level));
    if (arguments == null || arguments.length == 0) {
      log(event, template);
      return;
    }
    var plain = new Object[arguments.length];
    for (var i = 0; i < plain.length; i++) {
      plain[i] = plain(arguments[i]);
    }
    log(withKeys(event, template, plain), filledIn(template, plain));
  }

  /// With the trace that the code on this thread is at work for.
  private static void log(LoggingEventBuilder event, String text) {
    var traceId = TraceContext.currentId();
    if (traceId.isEmpty()) {
      event.log(text);
      return;
    }
    try (var _ = MDC.putCloseable(TRACE_ID, traceId.get())) {
      event.log(text);
    }
  }

  private static LoggingEventBuilder withKeys(
      LoggingEventBuilder event, String template, Object[] arguments) {
    var with = event;
    var keys = KEY.matcher(template);
    while (keys.find()) {
      var index = Integer.parseInt(keys.group(2));
      if (index < arguments.length) {
        with = with.addKeyValue(keys.group(1), arguments[index]);
      }
    }
    return with;
  }

  private static String filledIn(String template, Object[] arguments) {
    try {
      return MessageFormat.format(template, arguments);
    } catch (IllegalArgumentException _) {
      return template; // no format, as with any JDK logger
    }
  }

  /// What a number or a truth is, else the text of it.
  private static Object plain(@Nullable Object argument) {
    return switch (argument) {
      case Number number when number.getClass().getClassLoader() == null -> number;
      case Boolean truth -> truth;
      case null, default -> text(argument);
    };
  }

  private static String text(@Nullable Object argument) {
    try {
      return String.valueOf(argument);
    } catch (RuntimeException | StackOverflowError e) {
      return "(its toString threw " + e.getClass().getName() + ")";
    }
  }

  private static String localized(@Nullable ResourceBundle bundle, String message) {
    try {
      return bundle == null ? message : bundle.getString(message);
    } catch (MissingResourceException | ClassCastException _) {
      return message;
    }
  }

  private static org.slf4j.event.Level slf4j(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE -> org.slf4j.event.Level.TRACE;
      case DEBUG -> org.slf4j.event.Level.DEBUG;
      case INFO -> org.slf4j.event.Level.INFO;
      case WARNING -> org.slf4j.event.Level.WARN;
      case ERROR, OFF -> org.slf4j.event.Level.ERROR;
    };
  }
}
