package dev.genserver.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.stream.Stream;

/// How the daemon logs where nobody brings a file for Logback: one event, one line, to standard
/// error. In code, as Logback takes some 30 ms more to read the same from a file.
///
/// Logback finds it by `META-INF/services`. Settings under `log` are for its appender.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class OneLineLogging extends ContextAwareBase implements Configurator {

  /// For Logback.
  public OneLineLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (hasFile()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var encoder = new LineEncoder();
    encoder.setContext(context);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName(Logging.OURS);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logging.BASE.forEach((name, level) -> context.getLogger(name).setLevel(level.logback()));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Whether a file is named to Logback, or on the class path.
  private static boolean hasFile() {
    return System.getProperty("logback.configurationFile") != null
        || Stream.of("logback-test.xml", "logback.xml")
            .anyMatch(name -> OneLineLogging.class.getClassLoader().getResource(name) != null);
  }
}
