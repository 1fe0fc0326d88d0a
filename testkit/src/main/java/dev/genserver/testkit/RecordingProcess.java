package dev.genserver.testkit;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.PartitionSupervisor;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry;
import dev.genserver.sdk.Request;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Sys;
import dev.genserver.sdk.Task;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.TimerRef;
import dev.genserver.sdk.TreeSpec;
import dev.genserver.sdk.YieldOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A process for tests of single callbacks: nothing runs behind it. What a callback does is written
/// down as [Effect]s, other servers are scripted with [#onCall], and time stands still until
/// [#advance] moves it.
///
/// ```java
/// var process = new RecordingProcess();
/// var server = new Reminder();
///
/// var result = process.run(() -> server.handleCast(new Reminder.Note("tea"), new State(0)));
///
/// assertThat(result).isEqualTo(new Result.NoReply<>(new State(1), Action.NONE));
/// assertThat(process.effects())
///     .containsExactly(new Effect.TimerSet(process.self(), "tea", Duration.ofMinutes(3)));
/// assertThat(process.advance(Duration.ofMinutes(3)))
///     .containsExactly(new InfoMessage.Message("tea"));
/// ```
///
/// A callback that touches no process, timer or other server needs none of this: call it as it is.
/// Starting processes, registries and receiving need a node of genserver-runtime and throw
/// [UnsupportedOperationException] here. Not thread-safe: for the thread of the test.
public final class RecordingProcess implements ProcessContext {

  private static final Pid SELF = new Pid(1, 1);

  private final List<Effect> effects = new ArrayList<>();
  private final List<RecordedTimer> timers = new ArrayList<>();
  private final Map<ServerName, Pid> names = new HashMap<>();
  private final Map<ServerRef, Function<Object, @Nullable Object>> scripts = new HashMap<>();
  private long now;
  private long monitors;
  private boolean trapsExits;
  private Optional<Request> request = Optional.empty();

  // For the test.

  /// Runs `callback` as code of this process.
  ///
  /// @return what it returns; what it throws is thrown here
  public <T extends @Nullable Object> T run(Supplier<T> callback) {
    var result = new ArrayList<T>(1);
    CurrentProcess.run(this, () -> result.add(callback.get()));
    return result.getFirst();
  }

  /// Runs `callback`, such as `terminate`, as code of this process.
  public void run(Runnable callback) {
    CurrentProcess.run(this, callback);
  }

  /// Has [#request] tell of `request` from now on, such as a [TestFrom] with a `meta`.
  public void serving(Request request) {
    this.request = Optional.of(request);
  }

  /// What was done so far, in order.
  public List<Effect> effects() {
    return List.copyOf(effects);
  }

  /// Forgets the effects so far. Timers stay.
  public void clearEffects() {
    effects.clear();
  }

  /// Has calls to `server` answered by `script`, which gets the request. To fail a call, it throws
  /// a [CallException].
  public void onCall(ServerRef server, Function<Object, @Nullable Object> script) {
    scripts.put(server, script);
  }

  /// This process's time in nanoseconds. Pass `process::nanoTime` to a server that reads a clock.
  public long nanoTime() {
    return now;
  }

  /// Moves time on and fires the timers that are due, in the order of their times. No callback
  /// runs: hand the messages to `handleInfo` yourself.
  ///
  /// @return the messages of timers to this process; those to others become [Effect.Sent]
  public List<InfoMessage> advance(Duration time) {
    now = Math.addExact(now, Timeouts.toNanos(time));
    var messages = new ArrayList<InfoMessage>();
    for (var timer = nextDue(); timer != null; timer = nextDue()) {
      timer.fired();
      if (isSelf(timer.to)) {
        messages.add(new InfoMessage.Message(timer.message));
      } else {
        effects.add(new Effect.Sent(timer.to, timer.message));
      }
    }
    return messages;
  }

  private @Nullable RecordedTimer nextDue() {
    return timers.stream()
        .filter(timer -> timer.at <= now)
        .min(Comparator.comparingLong(timer -> timer.at))
        .orElse(null);
  }

  // For the callback.

  @Override
  public Pid self() {
    return SELF;
  }

  /// None: the test started it.
  @Override
  public List<Pid> ancestors() {
    return List.of();
  }

  /// None: it is no task.
  @Override
  public List<Pid> callers() {
    return List.of();
  }

  /// What the test has said with [#serving].
  @Override
  public Optional<Request> request() {
    return request;
  }

  /// That of the request which is being served; its form is not checked here.
  @Override
  public Optional<String> trace() {
    return request.flatMap(Request::trace);
  }

  @Override
  public <R extends @Nullable Object> R call(
      ServerRef server, Object request, Class<R> replyType, Duration timeout) {
    Timeouts.toNanos(timeout);
    effects.add(new Effect.Called(server, request, timeout));
    if (isSelf(server)) {
      throw new CallException(ExitReason.CALLING_SELF, server, request, timeout);
    }
    var script = scripts.get(server);
    if (script == null) {
      throw new IllegalStateException(
          "the test has no answer for a call to " + server + "; give one with onCall");
    }
    return as(replyType, script.apply(request));
  }

  @Override
  public void cast(ServerRef server, Object message) {
    effects.add(new Effect.Cast(server, message));
  }

  @Override
  public void send(ServerRef server, Object message) {
    effects.add(new Effect.Sent(server, message));
  }

  @Override
  public TimerRef sendAfter(ServerRef server, Object message, Duration delay) {
    var timer = new RecordedTimer(server, message, Timeouts.toNanos(delay), false);
    timers.add(timer);
    effects.add(new Effect.TimerSet(server, message, delay));
    return timer;
  }

  @Override
  public TimerRef sendInterval(ServerRef server, Object message, Duration interval) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("interval " + interval + " must be positive");
    }
    var timer = new RecordedTimer(server, message, Timeouts.toNanos(interval), true);
    timers.add(timer);
    effects.add(new Effect.IntervalSet(server, message, interval));
    return timer;
  }

  @Override
  public void exit(Pid pid, ExitReason reason) {
    effects.add(new Effect.ExitSent(pid, reason));
  }

  @Override
  public void link(Pid pid) {
    effects.add(new Effect.Linked(pid));
  }

  @Override
  public void unlink(Pid pid) {
    effects.add(new Effect.Unlinked(pid));
  }

  @Override
  public MonitorRef monitor(ServerRef server) {
    var ref = new MonitorRef(++monitors);
    effects.add(new Effect.Monitored(server, ref));
    return ref;
  }

  @Override
  public void demonitor(MonitorRef ref) {
    effects.add(new Effect.Demonitored(ref));
  }

  @Override
  public boolean trapExit(boolean trap) {
    var before = trapsExits;
    trapsExits = trap;
    effects.add(new Effect.TrapExit(trap));
    return before;
  }

  @Override
  public Sys sys() {
    throw needsNode("sys");
  }

  /// Has [#whereis] find `pid` under `name`.
  @Override
  public void register(ServerName name, Pid pid) {
    names.put(name, pid);
  }

  @Override
  public void unregister(ServerName name) {
    if (names.remove(name) == null) {
      throw new IllegalArgumentException("no process has the name " + name);
    }
  }

  /// Finds what was [registered][#register].
  @Override
  public Optional<Pid> whereis(ServerRef server) {
    return switch (server) {
      case Pid pid -> Optional.of(pid).filter(this::isAlive);
      case ServerName name -> Optional.ofNullable(names.get(name));
      case ServerRef.At at ->
          at.node().equals(nodeName()) ? whereis(ServerRef.named(at.name())) : Optional.empty();
    };
  }

  /// Whether it is this process, or one that was [registered][#register].
  @Override
  public boolean isAlive(Pid pid) {
    return pid.equals(SELF) || names.containsValue(pid);
  }

  @Override
  public StartResult start(GenServer<?, ?, ?> server, StartOptions options) {
    throw needsNode("start");
  }

  @Override
  public StartResult startLink(GenServer<?, ?, ?> server, StartOptions options) {
    throw needsNode("startLink");
  }

  @Override
  public StartResult start(TreeSpec tree, StartOptions options) {
    throw needsNode("start");
  }

  @Override
  public StartResult startLink(TreeSpec tree, StartOptions options) {
    throw needsNode("startLink");
  }

  @Override
  public Supervisor supervisor(ServerRef server) {
    throw needsNode("supervisor");
  }

  @Override
  public Registry registry(String name) {
    throw needsNode("registry");
  }

  @Override
  public String nodeName() {
    return "nonode@nohost";
  }

  @Override
  public DynamicSupervisor dynamicSupervisor(ServerRef server) {
    throw needsNode("dynamicSupervisor");
  }

  @Override
  public TaskSupervisor taskSupervisor(ServerRef server) {
    throw needsNode("taskSupervisor");
  }

  @Override
  public PartitionSupervisor partitions(ServerName supervisor) {
    throw needsNode("partitions");
  }

  @Override
  public Pid spawn(Runnable body) {
    throw needsNode("spawn");
  }

  @Override
  public Pid spawnLink(Runnable body) {
    throw needsNode("spawnLink");
  }

  @Override
  public <R extends @Nullable Object> Task<R> async(Callable<R> work) {
    throw needsNode("async");
  }

  @Override
  public <R extends @Nullable Object> Task<R> completedTask(R value) {
    throw needsNode("completedTask");
  }

  @Override
  public Pid startTask(Runnable work) {
    throw needsNode("startTask");
  }

  @Override
  public Pid startLinkTask(Runnable work) {
    throw needsNode("startLinkTask");
  }

  @Override
  public <R extends @Nullable Object> List<R> awaitMany(
      Collection<? extends Task<R>> tasks, Duration timeout) {
    throw needsNode("awaitMany");
  }

  @Override
  public <R extends @Nullable Object> List<Optional<TaskResult<R>>> yieldMany(
      Collection<? extends Task<R>> tasks, YieldOptions options) {
    throw needsNode("yieldMany");
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> asyncStream(
      Iterable<? extends T> inputs,
      StreamWork<? super T, ? extends R> work,
      StreamOptions options) {
    throw needsNode("asyncStream");
  }

  @Override
  public void stop(ServerRef server, ExitReason reason, Duration timeout) {
    throw needsNode("stop");
  }

  @Override
  public Optional<InfoMessage> receive(Duration timeout) {
    throw needsNode("receive");
  }

  @SuppressWarnings("NullAway") // a server may answer null, and then so may this
  private static <R extends @Nullable Object> R as(Class<R> type, @Nullable Object reply) {
    return type.cast(reply);
  }

  private boolean isSelf(ServerRef server) {
    return whereis(server).filter(SELF::equals).isPresent();
  }

  private long later(long nanos) {
    return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
  }

  private static UnsupportedOperationException needsNode(String method) {
    return new UnsupportedOperationException(
        method + " needs processes that run; test this on a node of genserver-runtime");
  }

  private final class RecordedTimer implements TimerRef {

    private final ServerRef to;
    private final Object message;
    private final long delay;
    private final boolean repeats;
    private long at;

    RecordedTimer(ServerRef to, Object message, long delay, boolean repeats) {
      this.to = to;
      this.message = message;
      this.delay = delay;
      this.repeats = repeats;
      this.at = later(delay);
    }

    void fired() {
      if (repeats) {
        at += delay;
      } else {
        timers.remove(this);
      }
    }

    @Override
    public Optional<Duration> cancel() {
      var left = remaining();
      if (timers.remove(this)) {
        effects.add(new Effect.TimerCancelled(to, message));
      }
      return left;
    }

    @Override
    public Optional<Duration> remaining() {
      return timers.contains(this) ? Optional.of(Duration.ofNanos(at - now)) : Optional.empty();
    }
  }
}
