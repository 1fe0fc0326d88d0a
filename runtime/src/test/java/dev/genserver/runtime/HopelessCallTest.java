package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.ADD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of calls that a process could still start, but not be done with in time.
class HopelessCallTest {

  private final ManualTime time = new ManualTime();
  private final Node node = Node.create(1, time);

  /// Works for two milliseconds.
  private final Scripted.Request work =
      (from, state) -> {
        time.advance(Duration.ofMillis(2));
        return ADD.handle(from, state);
      };

  @BeforeEach
  void startAProcessThatWorksForTwoMilliseconds() throws Exception {
    node.start(Scripted.server(), StartOptions.named("slow")).pidOrThrow();
    for (var i = 0; i < 200; i++) {
      assertThat(outcome(deliver(work, 1_000))).isInstanceOf(Outcome.Replied.class);
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private TestCall deliver(Scripted.Request request, long timeoutMillis) {
    var call = new TestCall(time, Duration.ofMillis(timeoutMillis).toNanos(), request);
    node.locate("slow").orElseThrow().deliver(call);
    return call;
  }

  private static Outcome outcome(TestCall call) throws Exception {
    return call.outcome.get(10, TimeUnit.SECONDS);
  }

  /// Has calls wait in the mailbox while the process is kept busy for so long.
  private void behind(Duration busy, Runnable delivering) {
    var gate = new Gate();
    deliver(
        (_, state) -> {
          gate.pass();
          return Scripted.GET.handle(null, state);
        },
        3_600_000);
    gate.awaitArrival();
    delivering.run();
    time.advance(busy);
    gate.open();
  }

  @Test
  void callThatHasWaitedForLongAndCannotBeDoneInTimeIsNotStarted() throws Exception {
    var calls = new TestCall[3];
    behind(
        Duration.ofMillis(999),
        () -> {
          calls[0] = deliver(work, 1_000); // 1 ms is left
          calls[1] = deliver(work, 1_900); // 901 ms are
          calls[2] = deliver(work, 100_000);
        });
    assertThat(outcome(calls[0])).isEqualTo(new Outcome.Expired(Phase.QUEUED));
    assertThat(outcome(calls[1])).isEqualTo(new Outcome.Replied(201));
    assertThat(outcome(calls[2])).isEqualTo(new Outcome.Replied(202));
    await().until(() -> node.awaitIdle(0));
    assertThat(
            node.inspect(ServerRef.named("slow")).orElseThrow().counters().orElseThrow().expired())
        .isEqualTo(1);
  }

  @Test
  void callThatHasNotWaitedIsStartedHoweverLittleTimeItHas() throws Exception {
    assertThat(outcome(deliver(work, 1))).isEqualTo(new Outcome.Replied(201));
  }

  @Test
  void oneSlowMessageDoesNotMakeTheNextOnesHopeless() throws Exception {
    var next = new TestCall[1];
    behind(Duration.ofMinutes(10), () -> next[0] = deliver(work, 600_010)); // 10 ms are left
    assertThat(outcome(next[0])).isEqualTo(new Outcome.Replied(201));
  }
}
