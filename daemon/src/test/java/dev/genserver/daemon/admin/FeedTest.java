package dev.genserver.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Sys;
import dev.genserver.testkit.RecordingProcess;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FeedTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger woken = new AtomicInteger();
  private final Feed feed = new Feed(nanos::get, _ -> woken.incrementAndGet());

  @Test
  void keepsTheLastEventsAndTellsHowManyWereLost() {
    for (var i = 0; i < Feed.KEPT + 5; i++) {
      feed.accept(new Sys.Event.CastIn(i));
    }

    var reply = feed.since(2);
    assertThat(reply).containsEntry("lost", 3L).containsEntry("next", 5L + Feed.BATCH);
    assertThat(events(reply)).hasSize(Feed.BATCH);
    assertThat(events(reply).getFirst()).containsEntry("seq", 6L).containsEntry("text", "cast 5");
    assertThat(feed.since(feed.next())).isEqualTo(Map.of("events", List.of(), "next", feed.next()));
  }

  @Test
  void eventOfATraceHasItsId() {
    var id = "4bf92f3577b34da6a3ce929d0e0e4736";
    var process = new RecordingProcess();
    process.run(() -> feed.accept(new Sys.Event.CastIn("a")));
    process.serving(new TestFrom().trace("00-" + id + "-00f067aa0ba902b7-01"));
    process.run(() -> feed.accept(new Sys.Event.CastIn("b")));
    assertThat(events(feed.since(0)))
        .extracting(event -> event.get("trace_id"))
        .containsExactly(null, id);
  }

  @Test
  void wakesOnceForThoseWhoWait() {
    var first = new TestFrom();
    var second = new TestFrom();
    assertThat(feed.poll(first, 0)).isEmpty();
    assertThat(feed.poll(second, 0)).isEmpty();

    feed.accept(new Sys.Event.CastIn("a"));
    feed.accept(new Sys.Event.CastIn("b"));

    assertThat(woken).hasValue(1);
    assertThat(feed.answers())
        .extracting(Feed.Answer::from)
        .containsExactlyInAnyOrder(first, second);
    assertThat(feed.answers()).isEmpty();
    assertThat(feed.poll(first, 1))
        .hasValueSatisfying(reply -> assertThat(events(reply)).hasSize(1));
  }

  @Test
  void isUnwatchedFromTheLastQuestionOn() {
    feed.since(0);
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(feed.unwatched()).isEqualTo(Duration.ofSeconds(7));

    feed.poll(new TestFrom(), 0);
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(feed.unwatched()).isZero();
  }

  @Test
  void takesNothingOnceItIsClosed() {
    feed.close();
    feed.accept(new Sys.Event.CastIn("late"));

    assertThat(feed.next()).isZero();
  }

  @Test
  void tellsOfTheEndAndTheNextLifeOfAProcess() {
    var first = new Pid(1, 7);
    var second = new Pid(1, 8);
    feed.attach(first, new MonitorRef(1));
    feed.ended(second, ExitReason.KILLED);
    assertThat(feed.traced()).contains(first);

    feed.ended(first, ExitReason.KILLED);
    feed.attach(second, new MonitorRef(2));

    assertThat(events(feed.since(0)))
        .extracting(event -> event.get("text"))
        .containsExactly("ended: killed", "started again as <1.8>");
  }

  @Test
  void showsWhatCannotSayItself() {
    feed.accept(
        new Sys.Event.CastIn(
            new Object() {
              @Override
              public String toString() {
                throw new IllegalStateException("no");
              }
            }));
    feed.accept(new Sys.Event.CastIn("x".repeat(5_000)));

    assertThat(events(feed.since(0)))
        .extracting(event -> event.get("text"))
        .containsExactly(
            "cast (its toString threw java.lang.IllegalStateException)",
            "cast " + "x".repeat(Feed.LONGEST) + "…");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> events(Map<String, ?> reply) {
    return (List<Map<String, Object>>) reply.get("events");
  }
}
