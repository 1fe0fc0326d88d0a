package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Sys;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section SYS of the conformance table, a test a row.
class SysConformanceTest {

  private static final Duration SHORT = Duration.ofMillis(40);

  @AutoClose private final Node node = Node.create();
  private final Sys sys = node.sys().within(SOON);

  private Pid start(GenServer<?, ?, ?> server) {
    return node.start(server, StartOptions.none()).pidOrThrow();
  }

  private Object call(ServerRef server, Scripted.Request request) {
    return node.call(server, request, Object.class, SOON);
  }

  /// A server whose code changes as `change` says, and that shows `***` for its state.
  private static final class Changing extends GenServer<Object, Object, Object> {

    private final Function<CodeChange<Object>, @Nullable CodeChanged<Object>> change;

    Changing(Function<CodeChange<Object>, @Nullable CodeChanged<Object>> change) {
      this.change = change;
    }

    @Override
    public Init<Object> init(Args args) {
      return ok("secret");
    }

    @Override
    public CallResult<Object> handleCall(Object request, From from, Object state) {
      return reply(state, state);
    }

    @Override
    public Result<Object> handleCast(Object message, Object state) {
      throw new IllegalStateException("boom");
    }

    @Override
    @SuppressWarnings("NullAway") // nonsense is what one test is about
    public CodeChanged<Object> codeChange(CodeChange<Object> asked) {
      return change.apply(asked);
    }

    @Override
    public Object formatStatus(Object state) {
      return "***";
    }
  }

  @Test
  void sys01_getAndReplaceState() {
    var server = start(Scripted.holding(1));
    assertThat(sys.getState(server)).isEqualTo(1);
    assertThat(sys.replaceState(server, state -> (int) state + 41)).isEqualTo(42);
    assertThat(call(server, GET)).isEqualTo(42);
  }

  @Test
  void sys01_getStateSeesTheMessagesThatWereSentBeforeIt() {
    var server = start(Scripted.holding(0));
    IntStream.range(0, 100).forEach(_ -> node.cast(server, ADD_ONE));
    assertThat(sys.getState(server)).isEqualTo(100);
  }

  @Test
  void sys01_urgentRequestOvertakesTheMessagesThatWait() {
    var server = start(Scripted.holding(0));
    var gate = new Gate();
    node.cast(server, busyAt(gate));
    gate.awaitArrival();
    node.cast(server, ADD_ONE);
    var urgent = outside(() -> sys.urgently().getState(server));
    // It is there once the process has its queue for such requests; then the callback may end.
    await().until(() -> ((MailboxProcess) node.table.find(server)).hasUrgent());
    gate.open();
    assertThat(await(urgent)).isEqualTo(0);
    assertThat(call(server, GET)).isEqualTo(1);
  }

  private static Scripted.Message busyAt(Gate gate) {
    return state -> {
      gate.pass();
      return noReply(state);
    };
  }

  @Test
  void sys02_replaceFunctionFails() {
    var server = start(Scripted.holding(1));
    var boom = new IllegalStateException("boom");
    assertThatThrownBy(() ->
            sys.replaceState(
                server,
                _ -> {
                  throw boom;
                }))
        .isInstanceOf(Sys.CallbackFailedException.class)
        .hasMessageContaining("system_replace_state")
        .hasMessageContaining("boom")
        .hasCause(boom);
    assertThat(call(server, GET)).isEqualTo(1);
  }

  @Test
  void sys03_suspendAndResume() {
    var server = start(Scripted.holding(List.of()));
    sys.suspend(server);
    Scripted.Request timedOut = (_, state) -> reply("late", List.of("call"));
    assertThat(failure(() -> node.call(server, timedOut, Object.class, SHORT)).reason())
        .isEqualTo(ExitReason.TIMEOUT);
    node.cast(server, Scripted.append("cast"));
    assertThat(sys.getState(server)).isEqualTo(List.of());
    sys.resume(server);
    assertThat(call(server, GET)).isEqualTo(List.of("call", "cast"));
  }

  @Test
  void sys03_suspendedTwiceGoesOnAfterOneResume() {
    var server = start(Scripted.holding(0));
    sys.suspend(server);
    sys.suspend(server);
    node.cast(server, ADD_ONE);
    sys.resume(server);
    assertThat(call(server, GET)).isEqualTo(1);
    sys.resume(server);
    assertThat(call(server, GET)).isEqualTo(1);
  }

  @Test
  void sys03_suspendedAgainBeforeAllThatWaitedWasTaken() {
    var server = start(Scripted.holding(List.of()));
    var gate = new Gate();
    sys.suspend(server);
    node.cast(server, busyAt(gate));
    node.cast(server, Scripted.append("first"));
    sys.resume(server);
    gate.awaitArrival();
    node.cast(server, Scripted.append("second"));
    var suspended = outside(() -> runAndReturn(() -> sys.urgently().suspend(server)));
    await().until(() -> ((MailboxProcess) node.table.find(server)).hasUrgent());
    gate.open();
    await(suspended);
    assertThat(sys.getState(server)).isEqualTo(List.of());
    sys.resume(server);
    assertThat(call(server, GET)).isEqualTo(List.of("first", "second"));
  }

  private static boolean runAndReturn(Runnable body) {
    body.run();
    return true;
  }

  @Test
  void sys03_stopReachesASuspendedServer() {
    var scripted = Scripted.holding(0);
    var server = start(scripted);
    sys.suspend(server);
    var waiting = outside(() -> failure(() -> call(server, GET)).reason());
    await().until(() -> ((ServerProcess) node.table.find(server)).queued() == 1);
    node.stop(server, ExitReason.SHUTDOWN, SOON);
    assertThat(scripted.seen).containsExactly(new Scripted.Terminated(ExitReason.SHUTDOWN, 0));
    assertThat(await(waiting)).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void sys03_endOfTheParentReachesASuspendedServer() {
    var scripted = Scripted.trapping();
    var started = new Gate();
    var starter =
        TestProcess.spawn(
            node,
            me -> {
              var server = me.startLink(scripted, StartOptions.named("child")).pidOrThrow();
              started.pass();
              return server;
            });
    started.awaitArrival();
    var server = node.whereis(ServerRef.named("child")).orElseThrow();
    var end = endOf(node, server);
    sys.suspend(server);
    node.send(server, "waits");
    started.open();
    starter.awaitEnd();
    assertThat(await(end)).isEqualTo(ExitReason.NORMAL);
    assertThat(scripted.seen).containsExactly(new Scripted.Terminated(ExitReason.NORMAL, 0));
  }

  @Test
  void sys03_killOfASuspendedServerFailsTheCallsThatWait() {
    var server = start(Scripted.holding(0));
    sys.suspend(server);
    var waiting = outside(() -> failure(() -> call(server, GET)).reason());
    await().until(() -> ((ServerProcess) node.table.find(server)).queued() == 1);
    node.exit(server, ExitReason.KILL);
    assertThat(await(waiting)).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void sys03_systemRequestsRestartTheIdleTimeout() {
    var time = new ManualTime();
    try (var manual = Node.create(1, time)) {
      var scripted = Scripted.server().onInit(() -> ok(0).timeout(Duration.ofMillis(100)));
      var server = manual.start(scripted, StartOptions.none()).pidOrThrow();
      await().until(() -> time.waiting() == 1);
      time.advance(Duration.ofMillis(60));
      assertThat(manual.sys().within(Timeouts.INFINITY).getState(server)).isEqualTo(0);
      await().until(() -> manual.awaitIdle(0));
      time.advance(Duration.ofMillis(60));
      assertThat(scripted.seen).isEmpty();
      time.advance(Duration.ofMillis(40));
      await()
          .untilAsserted(
              () -> assertThat(scripted.seen).containsExactly(new InfoMessage.Timeout()));
    }
  }

  @Test
  void sys03_idleTimeoutStandsStillWhileSuspended() {
    var time = new ManualTime();
    try (var manual = Node.create(1, time)) {
      var forever = manual.sys().within(Timeouts.INFINITY);
      var scripted = Scripted.server().onInit(() -> ok(0).timeout(Duration.ofMillis(100)));
      var server = manual.start(scripted, StartOptions.none()).pidOrThrow();
      forever.suspend(server);
      await().until(() -> manual.awaitIdle(0));
      time.advance(Duration.ofMillis(150));
      assertThat(forever.getState(server)).isEqualTo(0);
      forever.resume(server);
      await().until(() -> manual.awaitIdle(0));
      assertThat(scripted.seen).isEmpty();
      time.advance(Duration.ofMillis(100));
      await()
          .untilAsserted(
              () -> assertThat(scripted.seen).containsExactly(new InfoMessage.Timeout()));
    }
  }

  @Test
  void sys04_statistics() {
    var server = start(Scripted.holding(0));
    assertThat(sys.statistics(server)).isEmpty();
    sys.statistics(server, true);
    call(server, ADD);
    call(server, ADD);
    call(server, ADD);
    node.cast(server, ADD_ONE);
    var counted = sys.statistics(server).orElseThrow();
    assertThat(counted.messagesIn()).isEqualTo(4);
    assertThat(counted.messagesOut()).isEqualTo(3);
    assertThat(counted.busy()).isPositive();
    assertThat(counted.now()).isAfterOrEqualTo(counted.started());
    sys.statistics(server, false);
    assertThat(sys.statistics(server)).isEmpty();
  }

  @Test
  void sys05_status() {
    var server = start(Scripted.holding(7));
    assertThat(sys.status(server))
        .isEqualTo(
            new Sys.Status(
                server,
                Optional.empty(),
                Scripted.class.getName(),
                false,
                server,
                List.of(),
                List.of(),
                7));
    sys.suspend(server);
    assertThat(sys.status(server).suspended()).isTrue();
    sys.resume(server);
    sys.statistics(server, true);
    sys.log(server, 5);
    assertThat(sys.status(server).debug()).containsExactly("statistics", "log");
  }

  @Test
  void sys05_parentOfALinkedServerIsItsStarter() {
    var status =
        TestProcess.spawn(
            node,
            me -> {
              var server = me.startLink(Scripted.server(), StartOptions.none()).pidOrThrow();
              return List.of(me.sys().status(server).parent(), me.self());
            });
    var parents = status.awaitResult();
    assertThat(parents.getFirst()).isEqualTo(parents.getLast());
  }

  @Test
  void sys06_codeChange() {
    var server =
        start(
            new Changing(change ->
                new CodeChanged.Ok<>(
                    List.of(change.oldVersion(), change.state(), change.extra()))));
    assertThat(sys.changeCode(server, "1", "more"))
        .hasValueSatisfying(
            reason -> assertThat(reason.toString()).startsWith("unknown_system_msg"));
    assertThat(sys.getState(server)).isEqualTo("secret");
    sys.suspend(server);
    assertThat(sys.changeCode(server, "1", "more")).isEmpty();
    sys.resume(server);
    assertThat(node.call(server, "get", Object.class)).isEqualTo(List.of("1", "secret", "more"));
  }

  @Test
  void sys06_codeChangeThatIsNotOverriddenKeepsTheState() {
    var server = start(Scripted.holding(3));
    sys.suspend(server);
    assertThat(sys.changeCode(server, "1", null)).isEmpty();
    assertThat(sys.getState(server)).isEqualTo(3);
  }

  @Test
  void sys07_codeChangeRefused() {
    var cannot = ExitReason.of("cannot");
    var boom = new IllegalStateException("boom");
    var answers =
        List.<Function<CodeChange<Object>, @Nullable CodeChanged<Object>>>of(
            _ -> new CodeChanged.Refused<>(cannot),
            _ -> {
              throw boom;
            },
            _ -> null);
    var reasons =
        List.of(cannot, new ExitReason.Failure(boom), new ExitReason.BadReturnValue(null));
    for (var i = 0; i < answers.size(); i++) {
      var server = start(new Changing(answers.get(i)));
      sys.suspend(server);
      assertThat(sys.changeCode(server, "1", null)).contains(reasons.get(i));
      sys.resume(server);
      assertThat(node.call(server, "get", Object.class)).isEqualTo("secret");
    }
  }

  @Test
  void sys08_eventLog() {
    var server = start(Scripted.holding(0));
    sys.log(server, 10);
    call(server, ADD);
    node.cast(server, ADD_ONE);
    node.send(server, "hello");
    call(server, GET);
    assertThat(sys.log(server))
        .containsExactly(
            new Sys.Event.CallIn(ADD, Optional.empty()),
            new Sys.Event.Out(1, Optional.empty(), 1),
            new Sys.Event.CastIn(ADD_ONE),
            new Sys.Event.NoReply(2),
            new Sys.Event.InfoIn(new InfoMessage.Message("hello")),
            new Sys.Event.NoReply(2),
            new Sys.Event.CallIn(GET, Optional.empty()),
            new Sys.Event.Out(2, Optional.empty(), 2));
    sys.log(server, 0);
    assertThat(sys.log(server)).isEmpty();
  }

  @Test
  void sys08_eventLogKeepsTheLastEventsOnly() {
    var server = start(Scripted.holding(0));
    sys.log(server, 3);
    call(server, ADD);
    call(server, ADD);
    assertThat(sys.log(server))
        .containsExactly(
            new Sys.Event.Out(1, Optional.empty(), 1),
            new Sys.Event.CallIn(ADD, Optional.empty()),
            new Sys.Event.Out(2, Optional.empty(), 2));
    assertThatIllegalArgumentException().isThrownBy(() -> sys.log(server, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> sys.log(server, 10_001));
  }

  @Test
  void sys08_eventsOfACallerThatIsAProcessNameIt() {
    var server = start(Scripted.holding(0));
    sys.log(server, 2);
    var caller = TestProcess.spawn(node, me -> me.<Object>call(server, ADD, Object.class));
    caller.awaitResult();
    assertThat(sys.log(server))
        .containsExactly(
            new Sys.Event.CallIn(ADD, Optional.of(caller.pid())),
            new Sys.Event.Out(1, Optional.of(caller.pid()), 1));
  }

  @Test
  void sys08_traceTellsEachEventAsItHappens() {
    var server = start(Scripted.holding(0).onInfo((_, state) -> noReply(state).then("more")));
    var events = new CopyOnWriteArrayList<Sys.Event>();
    sys.trace(server, events::add);
    node.send(server, "go");
    call(server, GET);
    assertThat(events)
        .startsWith(
            new Sys.Event.InfoIn(new InfoMessage.Message("go")),
            new Sys.Event.NoReply(0),
            new Sys.Event.Continued("more"),
            new Sys.Event.NoReply(0),
            new Sys.Event.CallIn(GET, Optional.empty()));
  }

  @Test
  void sys08_traceListenerThatThrowsIsTakenAway() {
    try (var log = LogCapture.of(Debugging.class)) {
      var server = start(Scripted.holding(0));
      sys.trace(
          server,
          _ -> {
            throw new IllegalStateException("tired");
          });
      call(server, ADD);
      assertThat(call(server, ADD)).isEqualTo(2);
      assertThat(sys.status(server).debug()).isEmpty();
      assertThat(log.lines(Level.WARNING)).hasSize(1);
    }
  }

  @Test
  void sys08_untraceTakesAListenerAway() {
    var server = start(Scripted.holding(0));
    var events = new CopyOnWriteArrayList<Sys.Event>();
    Consumer<Sys.Event> listener = events::add;
    sys.trace(server, listener);
    sys.untrace(server, listener);
    call(server, ADD);
    assertThat(events).isEmpty();
  }

  @Test
  void sys08_noDebugSwitchesEverythingOff() {
    var server = start(Scripted.holding(0));
    var events = new CopyOnWriteArrayList<Sys.Event>();
    sys.statistics(server, true);
    sys.log(server, 10);
    sys.trace(server, events::add);
    assertThat(sys.status(server).debug()).containsExactly("statistics", "log", "trace");
    sys.noDebug(server);
    call(server, ADD);
    assertThat(sys.status(server).debug()).isEmpty();
    assertThat(events).isEmpty();
    assertThat(sys.log(server)).isEmpty();
  }

  @Test
  void sys09_hiddenState() {
    try (var log = LogCapture.of(CrashReport.class)) {
      var server = start(new Changing(change -> new CodeChanged.Ok<>(change.state())));
      assertThat(sys.status(server).state()).isEqualTo("***");
      assertThat(sys.getState(server)).isEqualTo("secret");
      var end = endOf(node, server);
      node.cast(server, "crash");
      await(end);
      assertThat(log.lines(Level.SEVERE))
          .singleElement()
          .asString()
          .contains("state=***")
          .doesNotContain("secret");
    }
  }

  @Test
  void sys10_systemRequestToNobody() {
    var ended = start(Scripted.server());
    node.stop(ended);
    assertThat(failure(() -> sys.getState(ended)).reason()).isEqualTo(ExitReason.NOPROC);
    assertThat(failure(() -> sys.getState(ServerRef.named("nobody"))).reason())
        .isEqualTo(ExitReason.NOPROC);
  }

  @Test
  void sys10_systemRequestToOneself() {
    var server = start(Scripted.holding(0));
    var reason =
        call(
            server,
            (_, state) ->
                reply(
                    failure(() ->
                            ProcessContext.current()
                                .sys()
                                .getState(ProcessContext.current().self()))
                        .reason(),
                    state));
    assertThat(reason).isEqualTo(ExitReason.CALLING_SELF);
  }
}
