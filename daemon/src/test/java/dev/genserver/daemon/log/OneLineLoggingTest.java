package dev.genserver.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// How Logback is set up where nobody says how.
@Isolated("it sets a property of the whole JVM")
class OneLineLoggingTest {

  private static final String FILE = "logback.configurationFile";

  private final LoggerContext context = new LoggerContext();

  OneLineLoggingTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void asBefore() {
    System.clearProperty(FILE);
    context.stop();
  }

  @Test
  void logbackFindsItAndLogsALineToStandardErrorForEachEventOfLevelInfo() throws Exception {
    new ContextInitializer(context).autoConfig();

    assertThat(appenders())
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            console -> {
              assertThat(console.getName()).isEqualTo(Logging.OURS);
              assertThat(console.getTarget()).isEqualTo("System.err");
              assertThat(console.getEncoder()).isInstanceOf(LineEncoder.class);
              assertThat(console.isStarted()).isTrue();
            });
    assertThat(root().getLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("io.netty.channel.Channel").getEffectiveLevel())
        .isEqualTo(Level.WARN);
  }

  @Test
  void fileThatIsNamedRules() throws Exception {
    System.setProperty(FILE, "../system-tests/src/test/resources/logback-test.xml");

    new ContextInitializer(context).autoConfig();

    assertThat(appenders()).extracting(Appender::getName).containsExactly("console");
    assertThat(new OneLineLogging().configure(context))
        .isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
  }

  private List<Appender<ILoggingEvent>> appenders() {
    var all = new ArrayList<Appender<ILoggingEvent>>();
    root().iteratorForAppenders().forEachRemaining(all::add);
    return all;
  }

  private Logger root() {
    return context.getLogger(Logger.ROOT_LOGGER_NAME);
  }
}
