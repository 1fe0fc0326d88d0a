package dev.genserver.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import dev.genserver.testkit.RecordingProcess;
import dev.genserver.testkit.TestFrom;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// What becomes of a message that is logged, as text and as JSON.
class PlatformLoggerTest {

  private static final String NAME = "dev.genserver.daemon.PlatformLoggerTest";

  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final System.Logger log = System.getLogger(NAME);

  @BeforeEach
  void listen() {
    events.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    events.start();
    ((Logger) LoggerFactory.getLogger(NAME)).addAppender(events);
  }

  @AfterEach
  void listenNoMore() {
    ((Logger) LoggerFactory.getLogger(NAME)).detachAppender(events);
  }

  private Map<?, ?> json() {
    assertThat(events.list).hasSize(1);
    var line = new String(new JsonLines().encode(events.list.getFirst()), StandardCharsets.UTF_8);
    assertThat(line).endsWith("\n");
    assertThat(line.strip()).doesNotContain("\n", "\r");
    return JsonMapper.shared().readValue(line, Map.class);
  }

  @Test
  void lineHasTimeLevelLoggerThreadTextAndTheKeysOfTheMessage() {
    log.log(Level.WARNING, "process restarted child={0} restarts={1} tls={2}", "kv", 1_234, true);
    var line = json();
    assertThat(line.get("time").toString()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{3}Z");
    assertThat(line.get("level")).isEqualTo("WARN");
    assertThat(line.get("logger")).isEqualTo(NAME);
    assertThat(line.get("thread")).isEqualTo(Thread.currentThread().getName());
    assertThat(line.get("text")).isEqualTo("process restarted child=kv restarts=1,234 tls=true");
    assertThat(line.get("fields")).isEqualTo(Map.of("child", "kv", "restarts", 1_234, "tls", true));
    assertThat(line.containsKey("exception")).isFalse();
  }

  @Test
  void whatIsFilledInCannotPassForAKey() {
    log.log(Level.INFO, "request forbidden to={0}", "x\" principal=ops admin={1}\nlevel=ERROR");
    assertThat(json().get("fields"))
        .isEqualTo(Map.of("to", "x\" principal=ops admin={1}\nlevel=ERROR"));
  }

  @Test
  void exceptionIsOneText() {
    log.log(Level.ERROR, "it fell", new IllegalStateException("a\nb", new Error("c")));
    assertThat(json().get("exception").toString())
        .startsWith("java.lang.IllegalStateException: a\nb")
        .contains("\tat " + PlatformLoggerTest.class.getName())
        .contains("Caused by: java.lang.Error: c");
  }

  @Test
  void whatIsLoggedForATraceHasItsId() {
    var id = "4bf92f3577b34da6a3ce929d0e0e4736";
    var lines = new ArrayList<String>();
    var written =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(new String(new JsonLines().encode(event), StandardCharsets.UTF_8));
          }
        };
    written.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    written.start();
    ((Logger) LoggerFactory.getLogger(NAME)).addAppender(written);
    try {
      var process = new RecordingProcess();
      process.run(() -> log.log(Level.INFO, "by={0}", 1));
      process.serving(new TestFrom().trace("00-" + id + "-00f067aa0ba902b7-01"));
      process.run(() -> log.log(Level.INFO, "by={0}", 2));
      log.log(Level.INFO, "by={0}", 3);
    } finally {
      ((Logger) LoggerFactory.getLogger(NAME)).detachAppender(written);
    }
    assertThat(lines)
        .extracting(line -> JsonMapper.shared().readValue(line, Map.class).get("trace_id"))
        .containsExactly(null, id, null);
  }

  @Test
  void messageWithoutArgumentsIsTakenAsItIs() {
    log.log(Level.INFO, "cast {\"type\":'add'} by={0}");
    assertThat(json().get("text")).isEqualTo("cast {\"type\":'add'} by={0}");
    assertThat(json().containsKey("fields")).isFalse();
  }

  @Test
  void messageThatIsNoFormatIsTakenAsItIsToo() {
    log.log(Level.INFO, "cast {oops} by={0}", 3);
    assertThat(json().get("text")).isEqualTo("cast {oops} by={0}");
  }

  @Test
  void argumentThatCannotSayItselfDoesNotEndWhoLogsIt() {
    var odd =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("told to");
          }
        };
    log.log(Level.INFO, "state={0}", odd);
    assertThat(json().get("text"))
        .isEqualTo("state=(its toString threw java.lang.IllegalStateException)");
  }

  @Test
  void exceptionThatCannotSayItselfDoesNotEndWhoLogsIt() {
    var odd =
        new Exception() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("told to");
          }
        };
    log.log(Level.ERROR, "it fell", odd);
    assertThat(json().get("text"))
        .isEqualTo("it fell (its exception cannot be shown: java.lang.IllegalStateException)");
  }

  @Test
  void argumentsAreNotHeldByTheEvent() {
    log.log(Level.INFO, "state={0}", Optional.of("s"));
    assertThat(events.list.getFirst().getArgumentArray()).isNull();
    assertThat(events.list.getFirst().getKeyValuePairs())
        .singleElement()
        .satisfies(pair -> assertThat(pair.value).isEqualTo("Optional[s]"));
  }
}
