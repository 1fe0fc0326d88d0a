package dev.genserver.runtime;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process that runs a GenServer: an endless loop over its mailbox, with a thread only while there
/// is something to do.
final class ServerProcess extends LocalProcess implements Recipient {

  /*
   * `ownership` says who may take from the mailbox.
   *
   *   IDLE      nobody: the mailbox was found empty. Whoever puts a message in and moves IDLE to ACTIVE
   *             starts an activation.
   *   ACTIVE    one activation, started or about to start. It alone takes messages and touches `state`.
   *   CALLBACK  the same, but its thread is in code of the plugin and may stay there for long.
   *
   * An activation moves ACTIVE to CALLBACK and back around each callback. When others end the process
   * while it is in CALLBACK, they move it to ACTIVE themselves, on behalf of a new activation that
   * rejects what is left. The old one then fails to move back, and with that knows that it is abandoned:
   * it leaves without touching anything.
   *
   * No activation is missed: `end` sets the exit reason and then reads `ownership`; an activation sets
   * CALLBACK and then reads the exit reason. One of the two sees the other.
   */
  private static final int IDLE = 0;
  private static final int ACTIVE = 1;
  private static final int CALLBACK = 2;

  private static final VarHandle OWNERSHIP;

  /// After so many messages in a row an activation lets others onto its carrier thread.
  private static final int BATCH = 256;

  static {
    try {
      OWNERSHIP =
          MethodHandles.lookup().findVarHandle(ServerProcess.class, "ownership", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final GenServer<Object, Object, Object> server;
  private final StartOptions options;
  private final Mailbox mailbox = new LinkedMailbox();
  private volatile int ownership = ACTIVE;
  private volatile @Nullable Startup startup = new Startup();
  private volatile @Nullable Thread thread;
  private volatile @Nullable RoomWaiters roomWaiters;

  // The consumer's alone; others read `serving` when they end the process, and may read an older one:
  // whatever call they find fails with the process.
  private @Nullable Call serving;
  private @Nullable Object state;
  private @Nullable IdleTimer idleTimer;
  private @Nullable Envelope last;

  @SuppressWarnings("unchecked") // the types are the plugin's own affair; the messages are as it sends them
  ServerProcess(
      Node node,
      Pid pid,
      @Nullable LocalProcess parent,
      GenServer<?, ?, ?> server,
      StartOptions options) {
    super(node, pid, parent, options.name().orElse(null));
    this.server = (GenServer<Object, Object, Object>) server;
    this.options = options;
    mailbox.put(new Envelope.Start());
  }

  /// Starts the first activation, which runs `init`, and waits for its result.
  @Nullable StartResult start(long timeoutNanos) {
    var waitsFor = startup;
    activate();
    return waitsFor == null ? null : waitsFor.await(node.time(), timeoutNanos);
  }

  // Putting messages in.

  @Override
  void deliver(Envelope message) {
    mailbox.put(message);
    if (ownership == IDLE && OWNERSHIP.compareAndSet(this, IDLE, ACTIVE)) {
      activate();
    }
  }

  @Override
  public void deliver(ExternalCall call) {
    deliver((Envelope) call);
  }

  @Override
  public void deliver(ExternalCast cast) {
    deliver(new Envelope.Outside(cast));
  }

  private void activate() {
    node.scheduler.activate(this::activation, server.getClass().getClassLoader());
  }

  // Taking messages out.

  private void activation() {
    CurrentProcess.run(new Context(this), this::drain);
  }

  private void drain() {
    thread = Thread.currentThread();
    var budget = BATCH;
    for (; ; ) {
      var message = mailbox.take();
      if (message == null) {
        if (retire()) {
          return;
        }
      } else if (!isAlive()) {
        reject(message);
      } else if (!handle(message)) {
        return;
      } else if (--budget == 0) {
        budget = BATCH;
        letOthersRun();
      }
      var waiters = roomWaiters;
      if (waiters != null) {
        waiters.check(this);
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it; it keeps a busy process from starving others
  private static void letOthersRun() {
    Thread.yield();
  }

  /// Gives the mailbox up if it is still empty.
  private boolean retire() {
    ownership = IDLE;
    return mailbox.isEmpty() || !OWNERSHIP.compareAndSet(this, IDLE, ACTIVE);
  }

  /// A message that nobody will handle: a caller is told, everything else is lost.
  private void reject(Envelope message) {
    if (message instanceof Call call) {
      call.exited(pid(), lastReason());
    }
  }

  /// Handles one message and what follows from it at once.
  ///
  /// @return false if this activation was abandoned
  private boolean handle(Envelope message) {
    if (message instanceof Envelope.IdleTimeout timeout
        && (idleTimer == null || !idleTimer.isCurrent(timeout))) {
      return true;
    }
    if (idleTimer != null) {
      idleTimer.reset();
    }
    last = message;
    var goesOn =
        switch (message) {
          case Call call -> handleCall(call);
          case Envelope.Outside outside -> handleOutside(outside.cast());
          case Envelope.Cast cast -> handleCast(cast.message());
          case Envelope.Notice notice -> handleInfo(notice.message());
          case Envelope.IdleTimeout _ -> callback(() -> infoCallback(new InfoMessage.Timeout()));
          case Envelope.Stop stop -> terminate(stop.reason(), state(), null);
          case Envelope.Start _ -> init();
        };
    last = null;
    serving = null;
    return goesOn;
  }

  private boolean init() {
    Init<Object> answer;
    enter();
    try {
      answer = server.init(options.args());
    } catch (Throwable thrown) {
      return leave() && fail(ExitReason.thrown(thrown));
    }
    if (!leave()) {
      return false;
    }
    return switch (answer) {
      case Init.Ok<Object>(Object first, Action action) when isBad(action) ->
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

  private boolean handleCall(Call call) {
    if (!call.begin()) {
      return true;
    }
    serving = call;
    CallResult<Object> result;
    enter();
    try {
      Object request;
      try {
        request = call.request(server);
      } catch (RuntimeException undecodable) {
        call.undecodable(undecodable);
        return leave();
      }
      result = isAlive() ? server.handleCall(request, call, state()) : noResult();
      if (result instanceof CallResult.Reply<Object> reply && !isBad(reply.action())) {
        // Still as a callback: making the reply ready may run code of the plugin too.
        call.reply(reply.value());
      }
    } catch (Throwable thrown) {
      return leave() && terminate(ExitReason.thrown(thrown), state(), null);
    }
    return leave() && apply(result, call);
  }

  private boolean handleOutside(ExternalCast cast) {
    return callback(
        () -> {
          Object message;
          try {
            message = cast.decode(server);
          } catch (RuntimeException undecodable) {
            cast.undecodable(undecodable);
            return new Result.NoReply<>(state(), Action.NONE);
          }
          return server.handleCast(message, state());
        });
  }

  private boolean handleCast(Object message) {
    return callback(() -> server.handleCast(message, state()));
  }

  private boolean handleInfo(InfoMessage message) {
    if (!accepts(message)) {
      return true;
    }
    if (message instanceof InfoMessage.Exit(Pid from, ExitReason reason) && isParent(from)) {
      return terminate(reason, state(), null);
    }
    return callback(() -> infoCallback(message));
  }

  private Result<Object> infoCallback(InfoMessage message) {
    return server.handleInfo(message, state());
  }

  /// Runs a callback that is not a call's, and does what it answers.
  private boolean callback(Supplier<Result<Object>> callback) {
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
      if (call != null) {
        call.exited(pid(), lastReason());
      }
      return true;
    }
    return switch (result) {
      case CallResult.Reply<Object>(_, Object next, Action action) when !isBad(action) -> {
        state = next;
        yield act(action);
      }
      case Result.NoReply<Object>(Object next, Action action) when !isBad(action) -> {
        state = next;
        if (call != null) {
          remember(call);
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
    return switch (action) {
      case Action.None _, Action.Hibernate _ -> true;
      case Action.Timeout(Duration idle) -> {
        if (idleTimer == null) {
          idleTimer = new IdleTimer();
        }
        idleTimer.arm(idle, this);
        yield true;
      }
      case Action.Continue(Object continuation) ->
          callback(() -> server.handleContinue(continuation, state()));
    };
  }

  private static boolean isBad(Action action) {
    return action instanceof Action.Timeout(Duration idle) && idle.isNegative();
  }

  /// Runs `terminate`, then `afterwards` in any case, and ends.
  private boolean terminate(ExitReason reason, Object lastState, @Nullable Runnable afterwards) {
    state = lastState;
    var finalReason = reason;
    enter();
    try {
      if (isAlive()) {
        server.terminate(reason, lastState);
      }
    } catch (Throwable thrown) {
      finalReason = ExitReason.thrown(thrown);
    }
    if (afterwards != null) {
      afterwards.run();
    }
    if (!leave()) {
      return false;
    }
    if (end(finalReason) && !ExitReason.isExpected(finalReason)) {
      CrashReport.log(this, server, finalReason, last, lastState);
    }
    return true;
  }

  // Callbacks and the end.

  private void enter() {
    OWNERSHIP.setVolatile(this, CALLBACK);
  }

  /// False if others ended the process meanwhile: this activation is abandoned then.
  private boolean leave() {
    return OWNERSHIP.compareAndSet(this, CALLBACK, ACTIVE);
  }

  @Override
  void ended(ExitReason reason, List<Call> deferred) {
    var call = serving;
    if (call != null) {
      call.exited(pid(), reason);
    }
    deferred.forEach(waiting -> waiting.exited(pid(), reason));
    takeOver();
    completeStart(new StartResult.Failed(reason));
  }

  /// Sees to it that what is in the mailbox is rejected soon.
  private void takeOver() {
    if (OWNERSHIP.compareAndSet(this, IDLE, ACTIVE)) {
      activate();
    } else if (OWNERSHIP.compareAndSet(this, CALLBACK, ACTIVE)) {
      var abandoned = thread;
      activate();
      if (abandoned != null) {
        abandoned.interrupt();
      }
    }
  }

  private void completeStart(StartResult result) {
    var waiting = startup;
    startup = null;
    if (waiting != null) {
      waiting.complete(result);
    }
  }

  /// A start that fails while the starter waits for it is told by the start's result alone, unless the
  /// starter does not trap exits: then its link ends it.
  @Override
  boolean sparesOnEnd(LocalProcess linked) {
    return startup != null && isParent(linked.pid()) && linked.trapsExits();
  }

  // What it is and how it does.

  @SuppressWarnings("NullAway") // the loop runs callbacks only after init has given a state
  private Object state() {
    return state;
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // stands for a callback that was not run
  private static <T> T noResult() {
    return null;
  }

  private ExitReason lastReason() {
    var reason = exitReason();
    return reason == null ? ExitReason.NOPROC : reason;
  }

  /// The call from outside that is being served, whose deadline nested calls inherit.
  @Nullable ExternalCall servingExternal() {
    return serving instanceof ExternalCall call ? call : null;
  }

  @Override
  public Class<?> serverClass() {
    return server.getClass();
  }

  @Override
  public int queued() {
    return mailbox.size();
  }

  @Override
  public int maxQueue() {
    return options.maxQueue();
  }

  @Override
  public Duration oldest() {
    var call = servingExternal();
    return call == null ? Duration.ZERO : call.age();
  }

  @Override
  public void whenRoom(Runnable task) {
    synchronized (this) {
      if (roomWaiters == null) {
        roomWaiters = new RoomWaiters();
      }
    }
    var waiters = roomWaiters;
    if (waiters != null) {
      waiters.add(task);
      waiters.check(this);
    }
  }
}
