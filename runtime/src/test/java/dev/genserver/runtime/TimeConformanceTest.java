package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.ProcessContext;
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
  void time06_timerThatTheServerRepeats() {
    var server = Scripted.server();
    var every = Duration.ofMillis(40);
    server.onInfo((_, state) -> {
      var me = ProcessContext.current();
      me.sendAfter(me.self(), "tick", every);
      return Answers.noReply((int) state + 1);
    });
    var pid = held.start(server, StartOptions.none()).pidOrThrow();
    held.send(pid, "tick");
    for (var ticks = 1; ticks <= 5; ticks++) {
      await().until(() -> time.waiting() == 1);
      assertThat(held.call(pid, GET, Object.class)).isEqualTo(ticks);
      time.advance(every);
    }
  }
}
