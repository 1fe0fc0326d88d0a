package dev.genserver.runtime;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Request;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Sys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A process that runs a GenServer.
final class ServerProcess extends MailboxProcess implements Recipient {

  private volatile GenServer<Object, Object, Object> server; // another when the code changes
  private volatile int maxQueue;
  private volatile boolean cpuBound;
  private volatile @Nullable Startup startup;

  // The consumer's. Who ends the process reads `serving`, after the ownership word: if that told of
  // a
  // callback at work, `serving` is its call; if not, the consumer itself finds the process ended.
  private @Nullable Call serving;
  private @Nullable Object state;
  private @Nullable Object continuation;
  private @Nullable IdleTimer idleTimer;
  private @Nullable Envelope last;
  private @Nullable Accounting accounting;
  private @Nullable Debugging debugging;

  /// @param trace to which `init` belongs
  @SuppressWarnings(
      "unchecked") // the types are the plugin's own affair; the messages are as it sends them
  ServerProcess(
      Node node,
      Pid pid,
      @Nullable LocalProcess parent,
      GenServer<?, ?, ?> server,
      StartOptions options,
      @Nullable TraceContext trace) {
    super(
        node, pid, parent, options.name().orElse(null), new Envelope.Start(options.args(), trace));
    this.server = (GenServer<Object, Object, Object>) server;
    this.maxQueue = options.maxQueue();
    this.cpuBound = options.cpuBound();
    this.startup = new Startup(this);
  }

  /// Starts the first activation, which runs `init`, and waits for its result.
  ///
  /// @param starter the process whose thread this is; null if it is none's
  /// @return null if the time is over or the thread was interrupted
  @Nullable StartResult start(@Nullable LocalProcess starter, long timeoutNanos) {
    var waiting = startup;
    if (waiting == null) {
      activate();
      return new StartResult.Failed(lastReason());
    }
    Supplier<@Nullable StartResult> result =
        () -> {
          activate();
          return waiting.await(node.time(), timeoutNanos);
        };
    return starter == null ? result.get() : starter.waitFor(waiting, result);
  }

  @Override
  public void deliver(ExternalCall call) {
    deliver((Envelope) call);
  }

  @Override
  public void deliver(ExternalCast cast) {
    deliver(new Envelope.Outside(cast));
  }

  // Messages.

  @Override
  ClassLoader loader() {
    return loaderOf(server);
  }

  @Override
  void reject(Envelope message) {
    switch (message) {
      case Call call -> call.exited(pid(), lastReason());
      case Envelope.Outside(ExternalCast cast) -> cast.dropped();
      case Envelope.Cast(_, TraceContext trace) when trace != null ->
          trace.failed(lastReason(), Phase.QUEUED);
      case Envelope _ -> {
        // Nobody waits for what becomes of it.
      }
    }
  }

  @Override
  void activated() {
    var account = accounting;
    if (account != null) {
      var now = node.time().nanoTime();
      if (last != null) {
        account.done(now); // others have ended it in the middle of that message
      }
      account.since = now;
    }
  }

  @Override
  boolean isSystem(Envelope message) {
    return switch (message) {
      case SystemCall _, Envelope.Stop _, Envelope.Start _ -> true;
      case Envelope.Notice(InfoMessage.Exit(Pid from, _), _) -> isParent(from);
      default -> false;
    };
  }

  @Override
  boolean handle(Envelope message) {
    last = message;
    if (!first(message)) {
      return false;
    }
    served();
    if (!continueAll()) {
      return false;
    }
    last = null;
    if (accounting != null) {
      accounting.done(node.time().nanoTime());
    }
    return true;
  }

  private boolean continueAll() {
    for (var callbacks = 1; continuation != null && isAlive(); callbacks++) {
      var next = continuation;
      continuation = null;
      letOthersRun(callbacks);
      if (debugging != null) {
        debugging.happened(new Sys.Event.Continued(next));
      }
      if (!callback(() -> server.handleContinue(next, state()))) {
        return false;
      }
    }
    return true;
  }

  /// Runs the callback that the message is for.
  ///
  /// @return false if this activation was abandoned, as for all that follow
  private boolean first(Envelope message) {
    return switch (message) {
      case SystemCall call -> handleSystem(call);
      case Call call -> handleCall(call);
      case Envelope.Outside outside -> handleOutside(outside.cast());
      case Envelope.Cast(Object cast, TraceContext trace) -> handleCast(cast, trace);
      case Envelope.Notice notice -> handleInfo(notice.message());
      case Envelope.IdleTimeout timeout -> handleIdleTimeout(timeout);
      case Envelope.Stop stop -> terminate(stop.reason(), state(), null);
      case Envelope.Start(Args args, _) -> init(args);
    };
  }

  /// The callback of a call is over. If the process ended meanwhile, who ended it may have missed
  /// it.
  private void served() {
    var call = serving;
    if (call != null) {
      serving = null;
      if (!isAlive()) {
        call.exited(pid(), lastReason());
      }
    }
  }

  private boolean init(Args args) {
    @Nullable Init<Object> answer;
    enter();
    try {
      answer = isAlive() ? server.init(args) : null;
    } catch (Throwable thrown) {
      return leave() && fail(ExitReason.thrown(thrown));
    }
    return leave() && (!isAlive() || started(answer));
  }

  private boolean started(@Nullable Init<Object> answer) {
    return switch (answer) {
      case Init.Ok<Object>(_, Action action) when isBad(action) ->
          fail(new ExitReason.BadReturnValue(answer));
      case Init.Ok<Object>(Object first, Action action) -> {
        state = first;
        completeStart(new StartResult.Ok(pid()));
        yield act(action);
      }
      case Init.Ignore<Object>() -> notStarted(ExitReason.NORMAL, new StartResult.Ignore());
      case Init.Fail<Object>(ExitReason reason) ->
          notStarted(reason, new StartResult.Failed(reason));
      case Init.Stop<Object>(ExitReason reason) -> fail(reason);
      case null -> fail(new ExitReason.BadReturnValue(null));
    };
  }

  /// Ends a process whose init failed; a linked starter is told by its link as well.
  private boolean fail(ExitReason reason) {
    end(reason);
    return true;
  }

  /// Ends a process that did not start, without harm to a linked starter.
  private boolean notStarted(ExitReason reason, StartResult result) {
    var waiting = startup;
    unlinkParent();
    startup = null;
    end(reason);
    if (waiting != null) {
      waiting.complete(result);
    }
    return true;
  }

  private boolean handleSystem(SystemCall call) {
    if (!call.begin(node.time().nanoTime(), 0)) {
      return true;
    }
    if (!SystemMessages.handle(this, call)) {
      return false;
    }
    if (idleTimer != null && isAlive()) {
      idleTimer.restart(this);
    }
    return true;
  }

  private boolean handleCall(Call call) {
    var account = accounting();
    if (!call.begin(account.since, account.quickest())) {
      account.skipped();
      return true;
    }
    account.received++;
    serving = call;
    began(call.traceContext(), account);
    CallResult<Object> result;
    enter();
    try {
      Object request;
      try {
        request = call.request(server);
      } catch (RuntimeException undecodable) {
        account.failed++;
        call.undecodable(undecodable);
        return leave();
      }
      disarmIdleTimer();
      if (debugging != null) {
        debugging.happened(new Sys.Event.CallIn(request, call.caller()));
      }
      result = isAlive() ? server.handleCall(request, call, state()) : noResult();
      if (result instanceof CallResult.Reply<Object> reply && !isBad(reply.action()) && isAlive()) {
        // Still as a callback: making the reply ready may run code of the plugin too.
        call.reply(reply.value());
      }
    } catch (Throwable thrown) {
      return leave() && terminate(ExitReason.thrown(thrown), state(), null);
    }
    return leave() && apply(result, call);
  }

  @SuppressWarnings("NullAway") // only null becomes null
  private boolean handleCast(Object sent, @Nullable TraceContext trace) {
    var message = node.translated(sent, loader());
    var account = accounting();
    account.received++;
    began(trace, account);
    if (debugging != null) {
      debugging.happened(new Sys.Event.CastIn(message));
    }
    return over(trace, callback(() -> server.handleCast(message, state())));
  }

  private static void began(@Nullable TraceContext trace, Accounting account) {
    if (trace != null) {
      trace.began(account.since);
    }
  }

  /// The callback of a cast is over. What was kept from being is told by whoever kept it.
  ///
  /// @return `goesOn`
  private boolean over(@Nullable TraceContext trace, boolean goesOn) {
    if (trace != null) {
      if (isAlive()) {
        trace.done();
      } else {
        trace.failed(lastReason(), Phase.RUNNING);
      }
    }
    return goesOn;
  }

  private boolean handleOutside(ExternalCast cast) {
    var account = accounting();
    account.received++;
    var trace = cast.traceContext();
    began(trace, account);
    return over(trace, handleOutside(cast, account));
  }

  private boolean handleOutside(ExternalCast cast, Accounting account) {
    Result<Object> result;
    enter();
    try {
      Object message;
      try {
        message = cast.decode(server);
      } catch (RuntimeException undecodable) {
        account.failed++;
        cast.undecodable(undecodable);
        return leave();
      }
      disarmIdleTimer();
      if (debugging != null) {
        debugging.happened(new Sys.Event.CastIn(message));
      }
      result = isAlive() ? server.handleCast(message, state()) : noResult();
    } catch (Throwable thrown) {
      return leave() && terminate(ExitReason.thrown(thrown), state(), null);
    }
    return leave() && apply(result, null);
  }

  private boolean handleInfo(InfoMessage message) {
    if (!accepts(message)) {
      return true;
    }
    if (message instanceof InfoMessage.Exit(Pid from, ExitReason reason) && isParent(from)) {
      return terminate(reason, state(), null);
    }
    return info(node.translated(message, loader()));
  }

  private boolean handleIdleTimeout(Envelope.IdleTimeout timeout) {
    return idleTimer == null || !idleTimer.isCurrent(timeout) || info(new InfoMessage.Timeout());
  }

  private boolean info(InfoMessage message) {
    accounting().received++;
    if (debugging != null) {
      debugging.happened(new Sys.Event.InfoIn(message));
    }
    return callback(() -> server.handleInfo(message, state()));
  }

  /// Runs a callback that is not a call's, and does what it answers.
  private boolean callback(Supplier<Result<Object>> callback) {
    disarmIdleTimer();
    Result<Object> result;
    enter();
    try {
      result = isAlive() ? callback.get() : noResult();
    } catch (Throwable thrown) {
      return leave() && terminate(ExitReason.thrown(thrown), state(), null);
    }
    return leave() && apply(result, null);
  }

  /// Does what a callback answered. A reply has been sent already.
  private boolean apply(@Nullable CallResult<Object> result, @Nullable Call call) {
    if (!isAlive()) {
      return true;
    }
    return switch (result) {
      case CallResult.Reply<Object>(Object value, Object next, Action action)
          when !isBad(action) -> {
        state = next;
        accounting().replied++;
        if (debugging != null) {
          var to = call == null ? Optional.<Pid>empty() : call.caller();
          debugging.happened(new Sys.Event.Out(value, to, next));
        }
        yield act(action);
      }
      case Result.NoReply<Object>(Object next, Action action) when !isBad(action) -> {
        state = next;
        if (call != null) {
          remember(call);
        }
        if (debugging != null) {
          debugging.happened(new Sys.Event.NoReply(next));
        }
        yield act(action);
      }
      case CallResult.StopWithReply<Object>(ExitReason reason, Object value, Object next) ->
          terminate(reason, next, () -> replyTo(call, value));
      case Result.Stop<Object>(ExitReason reason, Object next) -> terminate(reason, next, null);
      case null, default -> terminate(new ExitReason.BadReturnValue(result), state(), null);
    };
  }

  private static void replyTo(@Nullable Call call, @Nullable Object value) {
    if (call != null) {
      call.reply(value);
    }
  }

  private boolean act(Action action) {
    switch (action) {
      case Action.None _, Action.Hibernate _ -> {}
      case Action.Timeout(Duration idle) -> {
        if (idleTimer == null) {
          idleTimer = new IdleTimer();
        }
        idleTimer.arm(idle, this);
      }
      case Action.Continue(Object next) -> continuation = next;
    }
    return true;
  }

  private static boolean isBad(Action action) {
    return action instanceof Action.Timeout(Duration idle) && idle.isNegative();
  }

  /// The idle timeout that the last callback asked for is void. Not so for a message that reaches
  /// no callback: nobody would ask for it again.
  private void disarmIdleTimer() {
    if (idleTimer != null) {
      idleTimer.reset();
    }
  }

  /// Runs `terminate`, then `afterwards` even if that threw, and ends.
  private boolean terminate(ExitReason reason, Object lastState, @Nullable Runnable afterwards) {
    state = lastState;
    var finalReason = reason;
    enter();
    if (isAlive()) {
      try {
        server.terminate(reason, lastState);
      } catch (Throwable thrown) {
        finalReason = ExitReason.thrown(thrown);
      }
      try {
        if (afterwards != null && isAlive()) {
          afterwards.run();
        }
      } catch (Throwable thrown) {
        finalReason = ExitReason.thrown(thrown);
      }
      if (isAlive() && !ExitReason.isExpected(finalReason)) {
        node.crashes.add(ref(), CrashReport.log(this, server, finalReason, last, lastState));
      }
    }
    if (!leave()) {
      return false;
    }
    end(finalReason);
    return true;
  }

  // The end.

  @Override
  void ended(ExitReason reason, List<Call> deferred) {
    takeOver();
    var call = serving;
    if (call != null) {
      call.exited(pid(), reason);
    }
    deferred.forEach(waiting -> waiting.exited(pid(), reason));
    if (!ExitReason.isExpected(reason)) {
      node.crashes.addEnd(this, reason);
      node.totals.crashed(this);
    }
    completeStart(new StartResult.Failed(reason));
  }

  @Override
  void release() {
    super.release();
    disarmIdleTimer();
    var account = accounting;
    if (account != null) {
      accounting = null;
      node.totals.ended(this, account);
    }
  }

  private void completeStart(StartResult result) {
    var waiting = startup;
    startup = null;
    if (waiting != null) {
      waiting.complete(result);
    }
  }

  /// A start that fails while the starter waits for it is told by the start's result alone, unless
  /// the starter does not trap exits: then its link ends it.
  @Override
  boolean sparesOnEnd(LocalProcess linked) {
    return startup != null && isParent(linked.pid()) && linked.trapsExits();
  }

  // What it is and how it does.

  @SuppressWarnings("NullAway") // the loop runs callbacks only after init has given a state
  Object state() {
    return state;
  }

  Object replaceState(UnaryOperator<Object> change) {
    var next = change.apply(state());
    if (isAlive()) {
      state = next;
    }
    return next;
  }

  @Nullable Object formattedState() {
    return server.formatStatus(state());
  }

  @Nullable CodeChanged<Object> codeChange(Object oldVersion, @Nullable Object extra) {
    return server.codeChange(new CodeChange<>(oldVersion, Carrier.inPlace(state(), server), extra));
  }

  /// What other code is told of the state.
  Object handOver(String toVersion) {
    return server.handOver(state(), toVersion);
  }

  /// Whether `init` has given it a state.
  boolean hasState() {
    return state != null;
  }

  /// Goes on with other code, and what that made of the state. For the consumer, between two
  /// messages.
  ///
  /// @param state null if it has none yet
  void become(GenServer<?, ?, ?> server, @Nullable Object state, int maxQueue, boolean cpuBound) {
    if (server.getClass().getName().equals(code())) {
      become(server);
    } else {
      node.totals.change(this, accounting(), () -> become(server));
    }
    this.state = state;
    this.maxQueue = maxQueue;
    this.cpuBound = cpuBound;
    if (debugging != null) {
      debugging.forget(); // events hold objects of the other code
    }
  }

  @SuppressWarnings("unchecked") // as for the first
  private void become(GenServer<?, ?, ?> server) {
    this.server = (GenServer<Object, Object, Object>) server;
  }

  Debugging debugging() {
    if (debugging == null) {
      debugging = new Debugging();
    }
    return debugging;
  }

  void stopDebugging() {
    debugging = null;
  }

  @Override
  long busyNanos() {
    var account = accounting;
    return account == null ? 0 : account.busyNanos;
  }

  private Accounting accounting() {
    var account = accounting;
    if (account == null) {
      account = new Accounting();
      account.since = node.time().nanoTime();
      accounting = account;
    }
    return account;
  }

  @SuppressWarnings({
    "NullAway",
    "TypeParameterUnusedInFormals"
  }) // stands for a callback that was not run
  private static <T> T noResult() {
    return null;
  }

  private ExitReason lastReason() {
    var reason = exitReason();
    return reason == null ? ExitReason.NOPROC : reason;
  }

  /// The call that is being served; null if none is, or no call.
  @Nullable Call servingCall() {
    return serving;
  }

  /// The call from outside that is being served, whose deadline nested calls inherit.
  @Nullable ExternalCall servingExternal() {
    return serving instanceof ExternalCall call ? call : null;
  }

  GenServer<?, ?, ?> server() {
    return server;
  }

  /// The call or cast that is being served, as far as anything is known of it.
  Optional<Request> request() {
    return switch (last) {
      case Call call -> Optional.of(call);
      case Envelope.Outside(ExternalCast cast) -> Optional.of(cast);
      case Envelope.Cast(_, TraceContext trace) when trace != null ->
          Optional.of(new LocalCast(trace));
      case null, default -> Optional.empty();
    };
  }

  @Override
  @Nullable TraceContext traceContext() {
    var message = last;
    return message == null ? null : message.traceContext();
  }

  @Override
  String code() {
    return server.getClass().getName();
  }

  @Override
  void addTo(Totals.Sums sums, long now) {
    var account = accounting;
    if (account != null) {
      sums.add(account, 1);
      sums.addBusy(nanosAtHand(now));
    }
  }

  @Override
  ProcessInfo info() {
    var status = startup == null ? status() : ProcessInfo.Status.STARTING;
    return info(
        server instanceof Supervising ? ProcessInfo.Kind.SUPERVISOR : ProcessInfo.Kind.SERVER,
        code(),
        status,
        queued(),
        maxQueue,
        Optional.of(ProcessInfo.Counters.of(accounting)),
        Duration.ofNanos(nanosAtHand(node.time().nanoTime())));
  }

  /// For how long the message at hand has been taken; zero if there is none.
  private long nanosAtHand(long now) {
    var account = accounting;
    return account == null || threadInCallback() == null ? 0 : Math.max(0, now - account.since);
  }

  @Override
  Optional<Why.Doing> doing() {
    var running = threadInCallback();
    var message = last;
    if (running == null || message == null) {
      return Optional.empty();
    }
    var account = accounting;
    var since = account == null ? node.time().nanoTime() : account.since;
    return Optional.of(
        new Why.Doing(
            Inspection.text(message),
            Duration.ofNanos(Math.max(0, node.time().nanoTime() - since)),
            Optional.ofNullable(message.traceContext()).map(TraceContext::traceId),
            Inspection.stack(running)));
  }

  @Override
  public Class<?> serverClass() {
    return server.getClass();
  }

  @Override
  public int maxQueue() {
    return maxQueue;
  }

  @Override
  boolean isCpuBound() {
    return cpuBound;
  }

  @Override
  public Duration oldest() {
    var call = servingExternal();
    return call == null ? Duration.ZERO : call.age();
  }
}
