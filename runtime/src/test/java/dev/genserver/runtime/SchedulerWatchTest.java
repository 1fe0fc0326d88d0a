package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that compute share the processors with those that do not.
@Timeout(60)
class SchedulerWatchTest {

  private static final int BUSY = 2 * Runtime.getRuntime().availableProcessors() + 1;
  private static final int CALLS = 5;
  private static final int MESSAGES = 10_000;
  private static final long WORK = TimeUnit.MILLISECONDS.toNanos(3);

  private static final VirtualThreadSchedulerMXBean SCHEDULER =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  private static final Scripted.Request PING = (_, state) -> reply("pong", state);

  private final int usual = SCHEDULER.getParallelism();
  private final AtomicBoolean over = new AtomicBoolean();
  @AutoClose private final Node node = Node.create();
  @AutoClose private final SchedulerWatch watch = SchedulerWatch.start();

  private Pid server() {
    return node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
  }

  private void computeWithoutEnd() {
    Scripted.Message compute =
        state -> {
          while (!over.get()) {
            Thread.onSpinWait();
          }
          return noReply(state);
        };
    Stream.generate(this::server).limit(BUSY).forEach(busy -> node.cast(busy, compute));
  }

  private void expectAnswers(Pid quiet) {
    for (var i = 0; i < CALLS; i++) {
      assertThat(node.call(quiet, PING, Object.class, SOON)).isEqualTo("pong");
    }
  }

  @Test
  void quietProcessHasItsTurnWhileOthersAreInCallbacksWithoutEnd() {
    var quiet = server();
    computeWithoutEnd();
    expectAnswers(quiet);
    assertThat(SCHEDULER.getParallelism()).isGreaterThan(usual);
    over.set(true);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(SCHEDULER.getParallelism()).isEqualTo(usual));
  }

  @Test
  void quietProcessHasItsTurnBetweenTheMessagesOfBusyOnes() {
    var handled = new AtomicInteger();
    Scripted.Message compute =
        state -> {
          var begin = System.nanoTime();
          while (System.nanoTime() - begin < WORK && !over.get()) {
            Thread.onSpinWait();
          }
          handled.incrementAndGet();
          return noReply(state);
        };
    var quiet = server();
    var busy = Stream.generate(this::server).limit(BUSY).toList();
    IntStream.range(0, MESSAGES).forEach(_ -> busy.forEach(process -> node.cast(process, compute)));
    expectAnswers(quiet);
    // Else they would go on until all is done.
    assertThat(handled.get()).isLessThan(BUSY * MESSAGES / 2);
    over.set(true);
    busy.forEach(process -> node.exit(process, ExitReason.KILL));
  }

  @Test
  void leavesTheSchedulerAsItWas() {
    computeWithoutEnd();
    Awaitility.await().until(() -> SCHEDULER.getParallelism() > usual);
    watch.close();
    assertThat(SCHEDULER.getParallelism()).isEqualTo(usual);
    over.set(true);
  }
}
