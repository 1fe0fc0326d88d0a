package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Processes that would wait for each other for ever are told so at once.
class CallCycleTest {

  private static final ServerRef A = ServerRef.named("a");
  private static final ServerRef B = ServerRef.named("b");
  private static final ServerRef C = ServerRef.named("c");

  @AutoClose private final Node node = Node.create();

  /// A request that calls on along `rest` and gives back how the innermost call ended.
  private static Scripted.Request callOn(ServerRef... rest) {
    return (_, state) -> {
      if (rest.length == 0) {
        return reply("reached", state);
      }
      var onward = Stream.of(rest).skip(1).toArray(ServerRef[]::new);
      return reply(resultOf(rest[0], callOn(onward)), state);
    };
  }

  private static Object resultOf(ServerRef server, Scripted.Request request) {
    try {
      return ProcessContext.current().call(server, request, Object.class, SOON);
    } catch (CallException e) {
      return e.reason();
    }
  }

  private void start(String name) {
    node.start(Scripted.server(), StartOptions.named(name)).pidOrThrow();
  }

  private Object call(ServerRef server, Scripted.Request request) {
    return node.call(server, request, Object.class, SOON);
  }

  @Test
  void twoThatCallEachOtherAreToldTheRing() {
    start("a");
    start("b");
    assertThat(call(A, callOn(B, A))).isEqualTo(new ExitReason.CallCycle(List.of(B, A, B)));
  }

  @Test
  void threeInARingAreToldTheRing() {
    start("a");
    start("b");
    start("c");
    assertThat(call(A, callOn(B, C, A))).isEqualTo(new ExitReason.CallCycle(List.of(C, A, B, C)));
  }

  @Test
  void failureNamesTheChainAndTheServersGoOn() {
    start("a");
    start("b");
    var uncaught = new AtomicReference<CallException>();
    call(
        A,
        (_, state) -> {
          Scripted.Request back =
              (_, inner) -> {
                uncaught.set(
                    failure(() -> ProcessContext.current().call(A, callOn(), Object.class)));
                return reply(0, inner);
              };
          return reply(ProcessContext.current().call(B, back, Object.class), state);
        });
    assertThat(uncaught.get())
        .hasMessageStartingWith(
            "call to 'a' failed: call cycle 'b' -> 'a' -> 'b', each waits for the next one to answer");
    assertThat(call(A, callOn(B))).isEqualTo("reached");
  }

  @Test
  void chainWithoutARingIsNone() {
    start("a");
    start("b");
    start("c");
    assertThat(call(A, callOn(B, C))).isEqualTo("reached");
  }

  @Test
  void callToOneWhoseReplyWasSentByHandIsNone() {
    start("a");
    start("b");
    var innermost = new CompletableFuture<Object>();
    Scripted.Request replyThenCallBack =
        (from, state) -> {
          from.reply("early");
          innermost.complete(resultOf(A, callOn()));
          return noReply(state);
        };
    assertThat(
            call(
                A,
                (_, state) ->
                    reply(
                        ProcessContext.current().call(B, replyThenCallBack, Object.class), state)))
        .isEqualTo("early");
    assertThat(await(innermost)).isEqualTo("reached");
  }

  @Test
  void callToOneWhoseReplyIsDeferredIsNone() {
    start("a");
    start("b");
    var kept = new CompletableFuture<From>();
    var outer =
        outside(() ->
            call(
                A,
                (_, state) ->
                    reply(
                        ProcessContext.current().<Object>call(B, keepIn(kept), Object.class, SOON),
                        state)));
    var from = await(kept);
    // B waits for A, which waits for a reply that somebody else will send on B's behalf.
    var inner = outside(() -> call(B, callOn(A)));
    from.reply("late");
    assertThat(await(outer)).isEqualTo("late");
    assertThat(await(inner)).isEqualTo("reached");
  }

  private static Scripted.Request keepIn(CompletableFuture<From> kept) {
    return (from, state) -> {
      kept.complete(from);
      return noReply(state);
    };
  }

  @Test
  void initThatCallsItsStarterIsToldTheRing() {
    start("a");
    var result =
        call(
            A,
            (_, state) -> {
              var child =
                  Scripted.server()
                      .onInit(() -> {
                        ProcessContext.current().call(A, callOn(), Object.class, SOON);
                        return Answers.ok(0);
                      });
              return reply(
                  ProcessContext.current().start(child, StartOptions.named("child")), state);
            });
    assertThat(result)
        .isEqualTo(
            new StartResult.Failed(
                new ExitReason.CallCycle(
                    List.of(ServerRef.named("child"), A, ServerRef.named("child")))));
  }

  @Test
  void terminateThatCallsWhoStopsItIsToldTheRing() {
    start("a");
    var told = new CompletableFuture<Object>();
    node.start(
        Scripted.server().onTerminate((_, _) -> told.complete(resultOf(A, callOn()))),
        StartOptions.named("b"));
    call(
        A,
        (_, state) -> {
          ProcessContext.current().stop(B);
          return reply("stopped", state);
        });
    assertThat(await(told)).isEqualTo(new ExitReason.CallCycle(List.of(B, A, B)));
  }

  @RepeatedTest(100)
  void atLeastOneOfTwoThatCallEachOtherAtTheSameTimeIsTold() {
    start("a");
    start("b");
    var first = outside(() -> call(A, callOn(B)));
    var second = outside(() -> call(B, callOn(A)));
    assertThat(Stream.of(await(first), await(second)))
        .allSatisfy(
            result -> assertThat(result).isInstanceOfAny(String.class, ExitReason.CallCycle.class));
    assertThat(call(A, callOn(B))).isEqualTo("reached");
  }
}
