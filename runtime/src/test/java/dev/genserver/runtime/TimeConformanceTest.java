package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section TIME of the conformance table, a test a row. Where a node's time is held, a test moves
/// it.
class TimeConformanceTest {

  private final ManualTime time = new ManualTime();
  @AutoClose private final Node node = Node.create();
  @AutoClose private final Node held = Node.create(2, time);

  @Test
  void time01_sendAfter() {
    var delay = Duration.ofMillis(80);
    var process =
        TestProcess.spawn(
            node,
            me -> {
              var begin = System.nanoTime();
              me.sendAfter(me.self(), "message", delay);
              assertThat(receive(me)).isEqualTo(new InfoMessage.Message("message"));
              return Duration.ofNanos(System.nanoTime() - begin);
            });
    assertThat(process.awaitResult()).isBetween(delay, Duration.ofSeconds(10));
  }

  @Test
  void time02_cancelInTime() {
    var server = held.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    var timer = held.sendAfter(server, "message", Duration.ofSeconds(60));
    time.advance(Duration.ofSeconds(1));
    assertThat(timer.remaining()).contains(Duration.ofSeconds(59));
    assertThat(timer.cancel()).contains(Duration.ofSeconds(59));
    assertThat(timer.cancel()).isEmpty();
    assertThat(timer.remaining()).isEmpty();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void time03_cancelTooLate() {
    var process =
        TestProcess.spawn(
            held,
            me -> {
              var timer = me.sendAfter(me.self(), "message", Duration.ofMillis(10));
              time.advance(Duration.ofMillis(60));
              assertThat(timer.cancel()).isEmpty();
              assertThat(timer.remaining()).isEmpty();
              return receive(me);
            });
    assertThat(process.awaitResult()).isEqualTo(new InfoMessage.Message("message"));
  }

  @Test
  void time04_oddTimes() {
    var process =
        TestProcess.spawn(
            node,
            me -> {
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> me.sendAfter(me.self(), "never", Duration.ofMillis(-1)));
              me.sendAfter(me.self(), "at once", Duration.ZERO);
              return List.of(receive(me), mailboxIsEmpty(me));
            });
    assertThat(process.awaitResult()).containsExactly(new InfoMessage.Message("at once"), true);
  }

  @Test
  void time05_timerToAServer() {
    var server = Scripted.server();
    var options = StartOptions.named("server");
    held.start(server, options);
    held.sendAfter(options.name().orElseThrow(), "message", Duration.ofMillis(10));
    time.advance(Duration.ofMillis(9));
    held.call(options.name().orElseThrow(), GET, Object.class);
    assertThat(server.seen).isEmpty();
    time.advance(Duration.ofMillis(1));
    await().until(() -> server.seen.equals(List.of(new InfoMessage.Message("message"))));
  }

  @Test
  void time06_repeatedTimer() {
    var process =
        TestProcess.spawn(
            node,
            me -> {
              var begin = System.nanoTime();
              var timer = me.sendInterval(me.self(), "tick", Duration.ofMillis(40));
              for (var ticks = 1; ticks <= 5; ticks++) {
                assertThat(receive(me)).isEqualTo(new InfoMessage.Message("tick"));
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(40).multipliedBy(ticks));
              }
              timer.cancel();
              for (var last = false; !last; ) {
                last = mailboxIsEmpty(me); // a tick that came before the cancel may wait
              }
              return me.receive(Duration.ofMillis(100)).isEmpty();
            });
    assertThat(process.awaitResult()).isTrue();
  }

  @Test
  void time06_atTheExactTimes() {
    var server = Scripted.server();
    var pid = held.start(server, StartOptions.none()).pidOrThrow();
    var timer = held.sendInterval(pid, "tick", Duration.ofMillis(40));
    time.advance(Duration.ofMillis(39));
    assertThat(ticks(server, pid)).isZero();
    assertThat(timer.remaining()).contains(Duration.ofMillis(1));
    time.advance(Duration.ofMillis(1));
    assertThat(ticks(server, pid)).isEqualTo(1);
    time.advance(Duration.ofMillis(90));
    assertThat(ticks(server, pid)).isEqualTo(3);
    time.advance(Duration.ofMillis(30));
    assertThat(ticks(server, pid)).as("a late one does not make the next late").isEqualTo(4);
    time.advance(Duration.ofMillis(10));

    assertThat(timer.cancel()).contains(Duration.ofMillis(30));
    assertThat(timer.cancel()).isEmpty();
    assertThat(timer.remaining()).isEmpty();
    time.advance(Duration.ofSeconds(1));
    assertThat(ticks(server, pid)).isEqualTo(4);
    assertThat(time.waiting()).isZero();
  }

  private int ticks(Scripted server, Pid pid) {
    held.call(pid, GET, Object.class);
    return server.seen.size();
  }

  @Test
  void time06_endsWithItsReceiver() {
    var options = StartOptions.named("server");
    var name = options.name().orElseThrow();
    var pid = held.start(Scripted.server(), options).pidOrThrow();
    var timer = held.sendInterval(name, "tick", Duration.ofMillis(40));
    assertThat(held.table.find(pid).watchers()).isEqualTo(1);

    held.stop(name);

    assertThat(timer.remaining()).isEmpty();
    assertThat(time.waiting()).isZero();
    var successor = Scripted.server();
    var next = held.start(successor, options).pidOrThrow();
    time.advance(Duration.ofSeconds(1));
    assertThat(ticks(successor, next)).isZero();
  }

  @Test
  void time06_nobodyWatchesForACancelledTimer() {
    var pid = held.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    held.sendInterval(pid, "tick", Duration.ofMillis(40)).cancel();
    assertThat(held.table.find(pid).watchers()).isZero();
  }

  @Test
  void time06_slowReceiverIsNotBuriedUnderTicks() {
    var server = Scripted.server();
    var gate = new Gate();
    var pid = held.start(server, StartOptions.none().maxQueue(3)).pidOrThrow();
    held.cast(
        pid,
        (Scripted.Message)
            state -> {
              gate.pass();
              return Answers.noReply(state);
            });
    gate.awaitArrival();
    var timer = held.sendInterval(pid, "tick", Duration.ofMillis(40));
    time.advance(Duration.ofHours(1_000_000));
    assertThat(((MailboxProcess) held.table.find(pid)).queued()).isEqualTo(3);
    assertThat(timer.remaining()).contains(Duration.ofMillis(40));

    gate.open();
    assertThat(ticks(server, pid)).isEqualTo(3);
    time.advance(Duration.ofMillis(40));
    assertThat(ticks(server, pid)).isEqualTo(4);
  }

  @Test
  void time06_spawnedReceiverIsNotBuriedUnderTicks() {
    var process =
        TestProcess.spawn(
            held,
            me -> {
              me.sendInterval(me.self(), "tick", Duration.ofMillis(1));
              time.advance(Duration.ofHours(1));
              var ticks = 0;
              while (me.receive(Duration.ZERO).isPresent()) {
                ticks++;
              }
              return ticks;
            });
    assertThat(process.awaitResult()).isEqualTo(StartOptions.DEFAULT_MAX_QUEUE);
  }

  @Test
  void time06_oddIntervals() {
    var pid = held.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> held.sendInterval(pid, "tick", Duration.ofMillis(-1)))
        .withMessage("interval PT-0.001S must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> held.sendInterval(pid, "tick", Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> held.sendInterval(ServerRef.named("unknown"), "tick", Duration.ofMillis(40)))
        .withMessageContaining("'unknown'");
  }
}
