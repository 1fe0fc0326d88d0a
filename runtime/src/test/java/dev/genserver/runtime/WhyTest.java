package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What can be seen of processes from outside, without asking them.
class WhyTest {

  private static final ServerRef A = ServerRef.named("a");
  private static final ServerRef B = ServerRef.named("b");

  @AutoClose private final Node node = Node.create();

  private Pid start(String name) {
    return node.start(Scripted.server(), StartOptions.named(name)).pidOrThrow();
  }

  private Object call(ServerRef server, Scripted.Request request) {
    return node.call(server, request, Object.class, SOON);
  }

  private static Scripted.Request busyAt(Gate gate) {
    return (_, state) -> {
      gate.pass();
      return reply(state, state);
    };
  }

  @Test
  void countersSayWhatAServerHasDone() {
    var server = start("a");
    call(A, ADD);
    call(A, GET);
    node.cast(A, ADD_ONE);
    node.send(A, "hello");
    await().until(() -> node.awaitIdle(0));
    var counters = node.inspect(server).orElseThrow().counters().orElseThrow();
    assertThat(counters.received()).isEqualTo(4);
    assertThat(counters.replied()).isEqualTo(2);
    assertThat(counters.failed()).isZero();
    assertThat(counters.expired()).isZero();
    assertThat(counters.busy()).isPositive();
  }

  @Test
  void callThatWasOverBeforeItsTurnIsCountedAsExpired() {
    start("a");
    node.sys().suspend(A);
    var late = new TestCall(node.time(), Duration.ofMillis(1).toNanos(), GET);
    node.locate("a").orElseThrow().deliver(late);
    late.expire();
    node.sys().resume(A);
    call(A, GET);
    await().until(() -> node.awaitIdle(0));
    var counters = node.inspect(A).orElseThrow().counters().orElseThrow();
    assertThat(counters.expired()).isEqualTo(1);
    assertThat(counters.received()).isEqualTo(1);
  }

  @Test
  void statusSaysWhatAProcessIsAbout() {
    start("a");
    start("b");
    await().until(() -> node.awaitIdle(0));
    assertThat(status(A)).isEqualTo(ProcessInfo.Status.IDLE);
    var gate = new Gate();
    var busy =
        outside(() ->
            call(
                A,
                (_, state) ->
                    reply(
                        ProcessContext.current().<Object>call(B, busyAt(gate), Object.class, SOON),
                        state)));
    gate.awaitArrival();
    assertThat(status(A)).isEqualTo(ProcessInfo.Status.WAITING);
    assertThat(status(B)).isEqualTo(ProcessInfo.Status.RUNNING);
    gate.open();
    await(busy);
    node.sys().suspend(A);
    assertThat(status(A)).isEqualTo(ProcessInfo.Status.SUSPENDED);
  }

  private ProcessInfo.Status status(ServerRef server) {
    return node.inspect(server).orElseThrow().status();
  }

  @Test
  void serverWhoseInitRunsIsStarting() {
    var gate = new Gate();
    var slow =
        Scripted.server()
            .onInit(() -> {
              gate.pass();
              return Answers.ok(0);
            });
    var started = outside(() -> node.start(slow, StartOptions.named("slow")));
    gate.awaitArrival();
    assertThat(status(ServerRef.named("slow"))).isEqualTo(ProcessInfo.Status.STARTING);
    gate.open();
    await(started);
  }

  @Test
  void kindTellsSupervisorsFromServersAndFunctions() {
    start("a");
    var supervisor =
        node.start(
                SupervisorSpec.oneForOne(List.of(ChildSpec.named("child", Scripted::server))),
                StartOptions.none())
            .pidOrThrow();
    var spawned = TestProcess.idle(node);
    assertThat(node.inspect())
        .extracting(info -> info.name().map(Object::toString).orElse("-"), ProcessInfo::kind)
        .containsExactlyInAnyOrder(
            tuple("'a'", ProcessInfo.Kind.SERVER),
            tuple("'child'", ProcessInfo.Kind.SERVER),
            tuple("-", ProcessInfo.Kind.SUPERVISOR),
            tuple("-", ProcessInfo.Kind.FUNCTION));
    assertThat(node.inspect(ServerRef.named("child")).orElseThrow().parent()).contains(supervisor);
    assertThat(node.inspect(spawned.pid()).orElseThrow().parent()).isEmpty();
  }

  @Test
  void whySaysWhatAStuckServerDoesAndWhatWaits() {
    start("a");
    var gate = new Gate();
    var stuck = outside(() -> call(A, busyAt(gate)));
    gate.awaitArrival();
    var caller = TestProcess.spawn(node, me -> me.<Object>call(A, GET, Object.class, SOON));
    await().until(() -> node.inspect(A).orElseThrow().queued() == 1);
    node.cast(A, ADD_ONE);
    node.send(A, "hello");

    var why = node.why(A).orElseThrow();

    var doing = why.doing().orElseThrow();
    assertThat(doing.stack())
        .extracting(StackTraceElement::getMethodName)
        .contains("pass")
        .doesNotContain("drain", "handleCall$1");
    assertThat(doing.stack().getLast().getClassName()).startsWith(Scripted.class.getName());
    assertThat(why.waiting())
        .extracting(Why.Waiting::kind, Why.Waiting::from)
        .containsExactly(
            tuple("call", Optional.of(caller.pid())),
            tuple("cast", Optional.empty()),
            tuple("info", Optional.empty()));
    assertThat(why.waiting().getLast().message()).isEqualTo("hello");
    gate.open();
    await(stuck);
  }

  @Test
  void whyShowsTheFirstTenMessagesOfALongQueue() {
    start("a");
    node.sys().suspend(A);
    IntStream.range(0, 100).forEach(number -> node.send(A, number));
    await().until(() -> node.awaitIdle(0));
    assertThat(node.why(A).orElseThrow().waiting())
        .extracting(Why.Waiting::message)
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    assertThat(node.inspect(A).orElseThrow().queued()).isEqualTo(100);
  }

  @Test
  void whyFollowsTheChainOfThoseThatWait() {
    var a = start("a");
    var b = start("b");
    var gate = new Gate();
    var busy =
        outside(() ->
            call(
                A,
                (_, state) ->
                    reply(
                        ProcessContext.current().<Object>call(B, busyAt(gate), Object.class, SOON),
                        state)));
    gate.awaitArrival();
    assertThat(node.why(A).orElseThrow().waitsFor())
        .singleElement()
        .satisfies(wait -> {
          assertThat(wait.pid()).isEqualTo(b).isNotEqualTo(a);
          assertThat(wait.process()).isEqualTo(B);
          assertThat(wait.what()).startsWith("call ");
        });
    assertThat(node.why(B).orElseThrow().waitsFor()).isEmpty();
    gate.open();
    await(busy);
  }

  @Test
  void lastCrashIsKnownUnderTheNameAfterARestart() {
    node.start(
        SupervisorSpec.oneForOne(List.of(ChildSpec.named("a", Scripted::server))),
        StartOptions.none());
    var first = node.whereis(ServerRef.named("a")).orElseThrow();
    try (var _ = LogCapture.of(CrashReport.class);
        var _ = LogCapture.of(SupervisorServer.class)) {
      Scripted.Message crash =
          _ -> {
            throw new IllegalStateException("boom");
          };
      node.cast(A, crash);
      await()
          .until(() ->
              node.whereis(ServerRef.named("a")).filter(pid -> !pid.equals(first)).isPresent());
    }
    var crash = node.why(A).orElseThrow().lastCrash().orElseThrow();
    assertThat(crash.pid()).isEqualTo(first);
    assertThat(crash.reason()).isEqualTo("java.lang.IllegalStateException: boom");
    assertThat(crash.state()).isEqualTo("0");
    assertThat(crash.stack()).isNotEmpty();
  }

  @Test
  void endByAnExitSignalIsACrashToo() {
    var server = start("a");
    var end = endOf(node, server);
    node.exit(server, ExitReason.of("rotten"));
    await(end);
    await().until(() -> node.lastCrash(A).isPresent());
    assertThat(node.lastCrash(A).orElseThrow().reason()).isEqualTo("rotten");
    assertThat(node.why(A)).isEmpty();
    assertThat(node.inspect(A)).isEmpty();
  }

  @Test
  void expectedEndIsNoCrash() {
    start("a");
    node.stop(A);
    assertThat(node.lastCrash(A)).isEmpty();
  }

  @Test
  void crashesOfTheLastThousandProcessesAreRemembered() {
    var log = new CrashLog();
    for (var serial = 0; serial <= CrashLog.LIMIT; serial++) {
      log.add(
          new Pid(1, serial), Crash.of(new Pid(1, serial), ExitReason.KILLED, null, null, null));
    }
    assertThat(log.find(new Pid(1, 0))).isEmpty();
    assertThat(log.find(new Pid(1, 1))).isPresent();
    assertThat(log.find(new Pid(1, CrashLog.LIMIT))).isPresent();
  }

  @Test
  void messageThatCannotBeShownHarmsNobody() {
    start("a");
    node.sys().suspend(A);
    node.send(
        A,
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("hidden");
          }
        });
    await().until(() -> node.awaitIdle(0));
    assertThat(node.why(A).orElseThrow().waiting().getFirst().message())
        .isEqualTo("? (cannot be shown: java.lang.IllegalStateException)");
  }

  @Test
  void serversThatDeferRepliesAreNotBusy() {
    start("a");
    var waiting =
        outside(() ->
            call(
                A,
                (from, state) -> {
                  node.send(A, from);
                  return noReply(state);
                }));
    await().until(() -> node.inspect(A).orElseThrow().counters().orElseThrow().received() == 2);
    await().until(() -> status(A) == ProcessInfo.Status.IDLE);
    assertThat(waiting).isNotDone();
    node.stop(A);
  }
}
