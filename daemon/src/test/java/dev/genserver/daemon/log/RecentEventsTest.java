package dev.genserver.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("what other tests log would be among the events")
@Timeout(30)
class RecentEventsTest {

  private static final System.Logger LOG = System.getLogger("dev.genserver.daemon.Sample");

  private final RecentEvents events = RecentEvents.open();

  private List<String> texts(long after) {
    return events.since(after).stream().map(RecentEvents.Event::text).toList();
  }

  @Test
  void eventsOfInfoAndAboveAreKeptWithTheirLoggerAndLevel() {
    try (events) {
      LOG.log(Level.INFO, "daemon sits on={0}", "a wall");
      LOG.log(Level.DEBUG, "nobody sees this");
      LOG.log(Level.WARNING, "it wobbles");
      LOG.log(Level.ERROR, "it fell");
      assertThat(events.since(0))
          .extracting(RecentEvents.Event::seq, RecentEvents.Event::level, RecentEvents.Event::text)
          .containsExactly(
              tuple(1L, LogLevel.INFO, "daemon sits on=a wall"),
              tuple(2L, LogLevel.WARN, "it wobbles"),
              tuple(3L, LogLevel.ERROR, "it fell"));
      assertThat(events.since(0))
          .extracting(RecentEvents.Event::logger)
          .containsOnly("dev.genserver.daemon.Sample");
      assertThat(texts(2)).containsExactly("it fell");
    }
    LOG.log(Level.INFO, "after the end");
    assertThat(texts(3)).isEmpty();
  }

  @Test
  void textIsOneLineOfBoundedLengthAndTellsTheException() {
    try (events) {
      LOG.log(Level.ERROR, "a\r\n  b\nc\td\u001b[1m");
      LOG.log(Level.ERROR, "x".repeat(100_000));
      LOG.log(Level.ERROR, "file not read file=a", new IllegalStateException("no such file"));
      LOG.log(
          Level.ERROR, "crashed reason=no such file", new IllegalStateException("no such file"));
      assertThat(texts(0))
          .containsExactly(
              "a | b | c d [1m",
              "x".repeat(RecentEvents.LONGEST) + "…",
              "file not read file=a: java.lang.IllegalStateException: no such file",
              "crashed reason=no such file");
    }
  }

  @Test
  void onlyTheLastAreKept() {
    try (events) {
      for (var i = 1; i <= RecentEvents.KEPT + 7; i++) {
        LOG.log(Level.INFO, "event " + i);
      }
      assertThat(texts(0)).hasSize(RecentEvents.KEPT).startsWith("event 8").endsWith("event 507");
    }
  }

  @Test
  void subscriberGetsWhatIsKeptAndThenWhatComesUntilItLeaves() {
    try (events) {
      LOG.log(Level.INFO, "one");
      LOG.log(Level.INFO, "two");
      var seen = new ArrayList<String>();
      try (var _ = events.subscribe(1, event -> seen.add(event.text()))) {
        assertThat(seen).containsExactly("two");
        LOG.log(Level.INFO, "three");
      }
      LOG.log(Level.INFO, "four");
      assertThat(seen).containsExactly("two", "three");
    }
  }

  @Test
  void subscriberThatThrowsIsInvokedNoMoreAndOneThatLogsDoesNotGoRound() {
    try (events) {
      var thrown = new ArrayList<String>();
      var seen = new ArrayList<String>();
      try (var _ =
              events.subscribe(
                  0,
                  event -> {
                    thrown.add(event.text());
                    throw new IllegalStateException("told to");
                  });
          var _ =
              events.subscribe(
                  0,
                  event -> {
                    LOG.log(Level.INFO, "seen " + event.text());
                    seen.add(event.text());
                  })) {
        LOG.log(Level.INFO, "one");
        LOG.log(Level.INFO, "two");
      }
      assertThat(thrown).containsExactly("one");
      assertThat(seen).containsExactly("one", "two");
      assertThat(texts(0)).containsExactly("one", "two");
    }
  }

  @Test
  void subscriberSeesEachEventOfAllThreadsOnceAndInOrder() throws Exception {
    try (events) {
      var seen = new CopyOnWriteArrayList<Long>();
      var threads = new ArrayList<Thread>();
      for (var t = 0; t < 4; t++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (var i = 0; i < 100; i++) {
                    LOG.log(Level.INFO, "event {0}", i);
                  }
                }));
      }
      try (var _ = events.subscribe(0, event -> seen.add(event.seq()))) {
        for (var thread : threads) {
          thread.join();
        }
      }
      assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, 400).boxed().toList());
    }
  }
}
