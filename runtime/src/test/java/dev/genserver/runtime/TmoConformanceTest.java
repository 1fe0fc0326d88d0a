package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Answers.stop;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MissingCallbackException;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section TMO of the conformance table, a test a row. Time stands still but where a test moves it.
class TmoConformanceTest {

  private static final InfoMessage TIMEOUT = new InfoMessage.Timeout();

  private final ManualTime time = new ManualTime();
  @AutoClose private final Node node = Node.create(1, time);
  private final Scripted server = Scripted.server();
  private final Pid pid = node.start(server, StartOptions.none()).pidOrThrow();

  private Object call(Scripted.Request request) {
    return node.call(pid, request, Object.class, Timeouts.INFINITY);
  }

  /// Makes the server idle with a timeout.
  private void idle(Duration timeout) {
    node.cast(pid, (Scripted.Message) state -> noReply(state).timeout(timeout));
    await().until(() -> time.waiting() == 1);
  }

  private void advance(long millis) {
    time.advance(Duration.ofMillis(millis));
  }

  @Test
  void tmo01_idleTimeout() {
    idle(Duration.ofMillis(80));
    advance(79);
    assertThat(server.seen).isEmpty();
    advance(1);
    await().until(() -> !server.seen.isEmpty());
    advance(1_000);
    call(GET);
    assertThat(server.seen).containsExactly(TIMEOUT);
  }

  @Test
  void tmo02_aMessageCancelsIt() {
    idle(Duration.ofMillis(100));
    advance(40);
    call(GET);
    advance(1_000);
    call(GET);
    assertThat(server.seen).isEmpty();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void tmo02_timeoutThatWaitsBehindAMessageIsVoid() {
    idle(Duration.ofMillis(100));
    var gate = new Gate();
    node.cast(
        pid,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    advance(200);
    gate.open();
    call(GET);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void tmo02_messageThatReachesNoCallbackDoesNotCancelIt() {
    idle(Duration.ofMillis(100));
    var process = node.locate(pid).orElseThrow();
    process.deliver(new TestCall(time, 0, GET)); // its time is over before its turn comes
    await().until(() -> process.queued() == 0);
    advance(100);
    await().until(() -> !server.seen.isEmpty());
    assertThat(server.seen).containsExactly(TIMEOUT);
  }

  @Test
  void tmo03_timeoutZero() {
    Scripted.Request sendYourselfAndTimeOut =
        (_, state) -> {
          var me = ProcessContext.current();
          me.send(me.self(), "message");
          return reply(0, state).timeout(Duration.ZERO);
        };
    call(sendYourselfAndTimeOut);
    call(GET);
    assertThat(server.seen).containsExactly(new InfoMessage.Message("message"));

    server.seen.clear();
    call((_, state) -> reply(0, state).timeout(Duration.ZERO));
    await().until(() -> !server.seen.isEmpty());
    assertThat(server.seen).containsExactly(TIMEOUT);
  }

  @Test
  void tmo04_continueComesFirst() {
    server.onContinue((continuation, state) ->
        continuation.equals("one") ? noReply(state).then("two") : noReply(state));
    Scripted.Request sendYourselfAndContinue =
        (_, state) -> {
          var me = ProcessContext.current();
          me.send(me.self(), "message");
          return reply(0, state).then("one");
        };
    call(sendYourselfAndContinue);
    call(GET);
    assertThat(server.seen).containsExactly("one", "two", new InfoMessage.Message("message"));
  }

  @Test
  void tmo04_longChainOfContinuations() {
    server.onContinue((continuation, _) ->
        (int) continuation == 0 ? noReply("done") : noReply(0).then((int) continuation - 1));
    call((_, state) -> reply(0, state).then(20_000));
    assertThat(call(GET)).isEqualTo("done");
  }

  @Test
  void tmo05_replyBeforeContinue() {
    var gate = new Gate();
    server.onContinue((_, _) -> {
      gate.pass();
      return noReply("continued");
    });
    assertThat(call((_, state) -> reply("done", state).then("go on"))).isEqualTo("done");
    var next = outside(() -> call(GET));
    gate.awaitArrival();
    await().during(Duration.ofMillis(60)).until(() -> !next.isDone());
    gate.open();
    assertThat(await(next)).isEqualTo("continued");
  }

  @Test
  void tmo06_hibernate() {
    node.cast(pid, (Scripted.Message) _ -> noReply("kept").hibernate());
    assertThat(call(GET)).isEqualTo("kept");
    assertThat(call(GET)).isEqualTo("kept");
  }

  @Test
  void tmo07_badTimeouts() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var bad = reply(0, 0).timeout(Duration.ofMillis(-1));
      assertThat(failure(() -> call((_, _) -> bad)).reason())
          .isEqualTo(new ExitReason.BadReturnValue(bad));
    }
  }

  @Test
  void tmo07_infinityIsNoTimeout() {
    call((_, state) -> reply(0, state).timeout(Timeouts.INFINITY));
    assertThat(time.waiting()).isZero();
    call(GET);
    assertThat(server.seen).isEmpty();
  }

  /// Continues, but has no callback for it.
  static final class NoContinue extends GenServer<Object, Object, Object> {
    @Override
    public Init<Object> init(Args args) {
      return ok(0);
    }

    @Override
    public CallResult<Object> handleCall(Object request, From from, Object state) {
      return reply("replied", state).then("go on");
    }
  }

  @Test
  void tmo08_continueWithoutCallback() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var bare = node.start(new NoContinue(), StartOptions.none()).pidOrThrow();
      var end = endOf(node, bare);
      assertThat(node.call(bare, "hi", Object.class, Timeouts.INFINITY)).isEqualTo("replied");
      assertThat(await(end))
          .isInstanceOfSatisfying(
              ExitReason.Failure.class,
              failure ->
                  assertThat(failure.exception())
                      .isInstanceOf(MissingCallbackException.class)
                      .hasMessageContaining("handleContinue"));
    }
  }

  @Test
  void endedProcessLeavesNoTimerBehind() {
    idle(Duration.ofHours(1));
    node.exit(pid, ExitReason.KILL);
    await().until(() -> time.waiting() == 0);

    var other = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    IntStream.range(0, 3).forEach(i -> node.sendAfter(other, i, Duration.ofHours(1)));
    assertThat(time.waiting()).isEqualTo(3);
    node.cast(other, (Scripted.Message) state -> stop(ExitReason.NORMAL, state));
    await().atMost(SOON).until(() -> time.waiting() == 0);
  }
}
