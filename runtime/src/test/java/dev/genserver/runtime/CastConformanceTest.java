package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.MissingCallbackException;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section CAST of the conformance table, a test a row.
class CastConformanceTest {

  @AutoClose private final Node node = Node.create();

  private Pid start(GenServer<?, ?, ?> server) {
    return node.start(server, StartOptions.none()).pidOrThrow();
  }

  private Object state(Pid server) {
    return node.call(server, GET, Object.class, SOON);
  }

  @Test
  void cast01_castAlwaysReturns() {
    var ended = start(Scripted.server());
    node.stop(ended);
    node.cast(ended, ADD_ONE);
    node.cast(new Pid(99, 1), ADD_ONE);
    node.cast(ServerRef.named("nobody"), ADD_ONE);
    node.cast(ServerRef.global("nobody"), ADD_ONE);
    node.cast(ServerRef.at("nobody", "other@host"), ADD_ONE);
    node.cast(ServerRef.via("missing registry", "key"), ADD_ONE);
    assertThat(node.processCount()).isZero();
  }

  @Test
  void cast02_castDoesNotWait() {
    var server = start(Scripted.holding(List.of()));
    var gate = new Gate();
    node.cast(
        server,
        (Scripted.Message)
            state -> {
              gate.pass();
              return Scripted.append(1).handle(state);
            });
    node.cast(server, Scripted.append(2));
    node.cast(server, Scripted.append(3));
    gate.open(); // only now: all three casts have returned while the first was at work
    assertThat(state(server)).isEqualTo(List.of(1, 2, 3));
  }

  @Test
  void cast03_crashInACast() {
    try (var log = LogCapture.of(CrashReport.class)) {
      var server = Scripted.holding("old");
      var pid = start(server);
      var end = endOf(node, pid);
      var boom = new IllegalStateException("boom");
      var sender =
          TestProcess.spawn(
              node,
              me -> {
                me.cast(
                    pid,
                    (Scripted.Message)
                        _ -> {
                          throw boom;
                        });
                return me.isAlive(me.self());
              });
      assertThat(await(end)).isEqualTo(new ExitReason.Failure(boom));
      assertThat(server.seen)
          .containsExactly(new Scripted.Terminated(new ExitReason.Failure(boom), "old"));
      assertThat(sender.awaitResult()).isTrue();
      assertThat(sender.awaitEnd()).isEqualTo(ExitReason.NORMAL);
      assertThat(log.lines(Level.SEVERE))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("process crashed", pid.toString(), "old"));
    }
  }

  @Test
  void cast04_unexpectedMessageIsLoggedOnly() {
    try (var log = LogCapture.of(GenServer.class)) {
      var server = start(new CallConformanceTest.Bare());
      var end = endOf(node, server);
      node.send(server, "surprise");
      node.stop(server);
      assertThat(await(end)).isEqualTo(ExitReason.NORMAL);
      assertThat(log.lines(Level.SEVERE))
          .singleElement()
          .satisfies(line -> assertThat(line).contains("surprise", "Bare"));
    }
  }

  @Test
  void cast05_noCastCallbackEndsTheServer() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var server = start(new CallConformanceTest.Bare());
      var end = endOf(node, server);
      node.cast(server, "hello");
      assertThat(await(end))
          .isInstanceOfSatisfying(
              ExitReason.Failure.class,
              failure ->
                  assertThat(failure.exception())
                      .isInstanceOf(MissingCallbackException.class)
                      .hasMessageContaining("handleCast"));
    }
  }

  @Test
  void cast06_replyFromACastDoesNotCompile() throws NoSuchMethodException {
    var handleCast = GenServer.class.getMethod("handleCast", Object.class, Object.class);
    assertThat(handleCast.getReturnType()).isEqualTo(Result.class);
    assertThat(Result.class.isAssignableFrom(CallResult.Reply.class)).isFalse();
    assertThat(Result.class.isAssignableFrom(CallResult.StopWithReply.class)).isFalse();
  }

  @Test
  @SuppressWarnings("NullAway") // null is the one wrong result that compiles
  void cast06_wrongResultOfACastEndsTheServer() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var server = Scripted.holding("old");
      var pid = start(server);
      var end = endOf(node, pid);
      Scripted.Message wrong = _ -> null;
      node.cast(pid, wrong);
      var bad = new ExitReason.BadReturnValue(null);
      assertThat(await(end)).isEqualTo(bad);
      assertThat(server.seen).containsExactly(new Scripted.Terminated(bad, "old"));
    }
  }

  @Test
  void cast07_mailboxHasNoLimitForLocalCasts() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    node.cast(
        server,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    gate.awaitArrival();
    var many = 2 * StartOptions.DEFAULT_MAX_QUEUE;
    for (var i = 0; i < many; i++) {
      node.cast(server, ADD_ONE);
    }
    assertThat(node.locate(server).orElseThrow().queued()).isEqualTo(many);
    gate.open();
    assertThat(state(server)).isEqualTo(many);
    assertThat(node.locate(server).orElseThrow().queued()).isZero();
  }

  @Test
  void cast08_plainSend() {
    var ended = start(Scripted.server());
    node.stop(ended);
    node.send(ended, "lost");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.send(ServerRef.named("nobody"), "hello"))
        .withMessageContaining("nobody");
  }
}
