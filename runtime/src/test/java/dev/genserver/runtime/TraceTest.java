package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Request;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskSupervisorSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How far the trace of a request goes that comes from outside.
class TraceTest {

  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACE = "00-" + ID + "-00f067aa0ba902b7-01";
  private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  private static final String NONE = "none";

  /// Replies the trace that came with the call and the one that goes on.
  private static final Scripted.Request TELL =
      (from, state) -> reply(from.trace().orElse(NONE) + " " + current(), state);

  @AutoClose private final Node node = Node.create();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  /// Notes the trace of whatever comes as a message or a continuation.
  private final Pid server =
      node.start(
              Scripted.server()
                  .onInfo((_, state) -> noted(state))
                  .onContinue((_, state) -> noted(state)),
              StartOptions.none())
          .pidOrThrow();

  private static String current() {
    return ProcessContext.current().trace().orElse(NONE);
  }

  private Result<Object> noted(Object state) {
    seen.add(current());
    return noReply(state);
  }

  private String next() throws InterruptedException {
    return Optional.ofNullable(seen.poll(SOON.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
  }

  /// Has a server handle a call that comes with a trace.
  private Outcome call(String trace, Scripted.Request request) {
    var gateway = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    return call(gateway, trace, request);
  }

  private Outcome call(Pid pid, String trace, Scripted.Request request) {
    var call = new TestCall(node.time(), Long.MAX_VALUE, request, Optional.ofNullable(trace));
    node.locate(pid).orElseThrow().deliver(call);
    return await(call.outcome);
  }

  /// What a traced call replies that does so.
  private Object traced(Function<ProcessContext, Object> body) {
    return replied(call(TRACE, (_, state) -> reply(body.apply(ProcessContext.current()), state)));
  }

  private static Object replied(Outcome outcome) {
    return outcome instanceof Outcome.Replied(Object value) ? value : outcome;
  }

  @Test
  void callHasIt() {
    assertThat(replied(call(TRACE, TELL))).isEqualTo(TRACE + " " + TRACE);
  }

  @Test
  void nestedCallHasIt() {
    assertThat(traced(me -> me.call(server, TELL, String.class))).isEqualTo(TRACE + " " + TRACE);
  }

  @Test
  void castHasIt() throws Exception {
    Scripted.Message note =
        state -> {
          seen.add(
              ProcessContext.current().request().flatMap(Request::trace).orElse(NONE)
                  + " "
                  + current());
          return noReply(state);
        };
    traced(me -> {
      me.cast(server, note);
      return "";
    });
    assertThat(next()).isEqualTo(TRACE + " " + TRACE);
    node.cast(server, note);
    assertThat(next()).isEqualTo(NONE + " " + NONE);
  }

  @Test
  void castFromOutsideHandsItOn() throws Exception {
    node.locate(server)
        .orElseThrow()
        .deliver(
            new TestCast(
                TRACE,
                state -> {
                  ProcessContext.current().send(server, "hello");
                  return noReply(state);
                }));
    assertThat(next()).isEqualTo(TRACE);
  }

  @Test
  void messageHasIt() throws Exception {
    traced(me -> {
      me.send(server, "hello");
      return "";
    });
    assertThat(next()).isEqualTo(TRACE);
  }

  @Test
  void timerHasNone() throws Exception {
    traced(me -> me.sendAfter(server, "later", Duration.ZERO));
    assertThat(next()).isEqualTo(NONE);
  }

  @Test
  void continuationHasIt() throws Exception {
    call(server, TRACE, (_, state) -> reply("", state).then("go on"));
    assertThat(next()).isEqualTo(TRACE);
  }

  @Test
  void startedServerHasItInItsInit() {
    assertThat(
            traced(me -> {
              var started = Scripted.server().onInit(() -> ok(current()));
              var pid = me.start(started, StartOptions.none()).pidOrThrow();
              return me.call(pid, Scripted.GET, String.class);
            }))
        .isEqualTo(TRACE);
  }

  @Test
  void taskHasItAndHandsItOn() {
    assertThat(
            traced(me ->
                me.async(() -> ProcessContext.current().call(server, TELL, String.class)).await()))
        .isEqualTo(TRACE + " " + TRACE);
  }

  @Test
  void resultOfATaskThatComesAsAMessageHasIt() throws Exception {
    call(
        server,
        TRACE,
        (_, state) -> reply(ProcessContext.current().async(() -> 42).pid().isPresent(), state));
    assertThat(next()).isEqualTo(TRACE);
  }

  @Test
  void taskOfATaskSupervisorHasThatOfItsOwner() {
    var supervisor = node.start(TaskSupervisorSpec.create(), StartOptions.none()).pidOrThrow();
    assertThat(
            traced(me -> {
              Task<String> task = me.taskSupervisor(supervisor).async(TraceTest::current);
              return task.await();
            }))
        .isEqualTo(TRACE);
  }

  @Test
  void spawnedProcessHasThatOfItsStarterUntilItReceives() throws Exception {
    var pid = new AtomicReference<Pid>();
    traced(me -> {
      pid.set(
          me.spawn(() -> {
            seen.add(current());
            ProcessContext.current().receive(SOON);
            seen.add(current());
          }));
      return "";
    });
    assertThat(next()).isEqualTo(TRACE);
    node.send(pid.get(), "without a trace");
    assertThat(next()).isEqualTo(NONE);
  }

  @Test
  void delayedReplyLeavesItWithTheCall() throws Exception {
    var owed = new AtomicReference<From>();
    var first =
        new TestCall(
            node.time(),
            Long.MAX_VALUE,
            (from, state) -> {
              owed.set(from);
              return noReply(state);
            },
            Optional.of(TRACE));
    node.locate(server).orElseThrow().deliver(first);
    Scripted.Request replyNow =
        (_, state) -> {
          owed.get().reply(owed.get().trace().orElse(NONE));
          return reply(current(), state);
        };
    assertThat(replied(call(server, OTHER, replyNow))).isEqualTo(OTHER);
    assertThat(replied(await(first.outcome))).isEqualTo(TRACE);
  }

  @Test
  void nextMessageHasItNoMore() {
    call(server, TRACE, TELL);
    assertThat(replied(call(server, null, TELL))).isEqualTo(NONE + " " + NONE);
    assertThat(node.call(server, TELL, String.class)).isEqualTo(NONE + " " + NONE);
  }

  @Test
  void invalidOneIsSeenAndGoesNoFurther() {
    assertThat(replied(call("t-1", TELL))).isEqualTo("t-1 " + NONE);
    assertThat(
            replied(
                call(
                    "t-1",
                    (_, state) ->
                        reply(ProcessContext.current().call(server, TELL, String.class), state))))
        .isEqualTo(NONE + " " + NONE);
  }

  @Test
  void crashTellsIt() {
    try (var log = LogCapture.of(CrashReport.class)) {
      call(
          server,
          TRACE,
          (_, _) -> {
            throw new IllegalStateException("on purpose");
          });
      assertThat(log.lines(Level.SEVERE)).singleElement().asString().endsWith(" trace=" + ID);
    }
    assertThat(node.lastCrash(server).orElseThrow().traceId()).isEqualTo(ID);
  }

  @Test
  void crashOfATaskTellsIt() {
    try (var log = LogCapture.of(TaskProcess.class)) {
      call(
          TRACE,
          (_, state) ->
              reply(
                  ProcessContext.current()
                      .startTask(() -> {
                        throw new IllegalStateException("on purpose");
                      }),
                  state));
      Awaitility.await("the report")
          .untilAsserted(
              () -> assertThat(log.lines(Level.SEVERE)).singleElement().asString().endsWith(ID));
    }
  }

  @Test
  void lookInsideTellsIt() {
    var gate = new Gate();
    var call =
        new TestCall(
            node.time(),
            Long.MAX_VALUE,
            (_, state) -> {
              gate.pass();
              return reply(1, state);
            },
            Optional.of(TRACE));
    node.locate(server).orElseThrow().deliver(call);
    gate.awaitArrival();
    assertThat(node.why(server).orElseThrow().doing().orElseThrow().traceId()).contains(ID);
    gate.open();
    await(call.outcome);
  }

  @Test
  void actionsAndInfosOfTheRuntimeHaveNone() throws Exception {
    var idle =
        node.start(
                Scripted.server()
                    .onInfo((message, state) -> {
                      seen.add(message instanceof InfoMessage.Timeout ? current() : "another");
                      return noReply(state);
                    }),
                StartOptions.none())
            .pidOrThrow();
    call(
        idle,
        TRACE,
        (_, state) -> new CallResult.Reply<>("", state, new Action.Timeout(Duration.ZERO)));
    assertThat(next()).isEqualTo(NONE);
  }

  @Test
  void sharedServerKeepsTracesApart() {
    var target = ServerRef.named("shared");
    node.start(Scripted.server(), StartOptions.named("shared")).pidOrThrow();
    Scripted.Request ask =
        (_, state) -> reply(ProcessContext.current().call(target, TELL, String.class), state);
    assertThat(replied(call(TRACE, ask))).isEqualTo(TRACE + " " + TRACE);
    assertThat(replied(call(OTHER, ask))).isEqualTo(OTHER + " " + OTHER);
  }
}
