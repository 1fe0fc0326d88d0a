package dev.genserver.runtime;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.PartitionSupervisor;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Processes;
import dev.genserver.sdk.Registry;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Sys;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.TimerRef;
import dev.genserver.sdk.TreeSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One running instance: its processes, their names, its time. The way in for code that is no
/// process itself. Thread-safe.
///
/// ```java
/// try (var node = Node.create()) {
///   node.start(new Counter(), StartOptions.named("counter"));
///   long total = node.call(ServerRef.named("counter"), new Counter.Call.Add(3), Long.class);
/// }
/// ```
public final class Node implements Processes, AutoCloseable {

  private static final long IDLE_CHECK_NANOS = 1_000_000;
  private static final int ROUNDS = 100;

  final ProcessTable table = new ProcessTable();
  final CrashLog crashes = new CrashLog();
  final Totals totals = new Totals();
  final OpenTimers timers = new OpenTimers();
  private final int id;
  private final TimeSource time;
  final Scheduler scheduler;
  private final AtomicLong pids = new AtomicLong();
  private final AtomicLong monitors = new AtomicLong();
  private volatile @Nullable Versions versions;

  private Node(int id, TimeSource time, Scheduler scheduler) {
    this.id = id;
    this.time = time;
    this.scheduler = scheduler;
  }

  /// A node with number 1 and the real time.
  public static Node create() {
    return create(1);
  }

  /// A node with a time of its own, for tests, which can also tell when it [is still][#isStill].
  ///
  /// @param id the number in its pids; another for each run lets no pid mean two processes
  /// @param time the node's time; closed with the node if it is closeable
  public static Node create(int id, TimeSource time) {
    return new Node(id, time, new TrackingScheduler());
  }

  /// A node with the real time; see [#create(int, TimeSource)].
  public static Node create(int id) {
    return new Node(id, new SystemTime(), Scheduler.newThreads());
  }

  /// The node's time.
  public TimeSource time() {
    return time;
  }

  // Processes, from the outside.

  @Override
  @SuppressWarnings("NullAway") // R may be nullable; a server may reply null
  public <R extends @Nullable Object> R call(
      ServerRef server, Object request, Class<R> replyType, Duration timeout) {
    return replyType.cast(call(null, server, request, timeout, Timeouts.toNanos(timeout)));
  }

  @Override
  public void cast(ServerRef server, Object message) {
    cast(null, server, message);
  }

  @Override
  public void send(ServerRef server, Object message) {
    send(null, server, message);
  }

  @Override
  public TimerRef sendAfter(ServerRef server, Object message, Duration delay) {
    return sendAfter(server, message, delay, ownerOf(message));
  }

  @Override
  public TimerRef sendInterval(ServerRef server, Object message, Duration interval) {
    return sendInterval(server, message, interval, ownerOf(message));
  }

  /// Code outside of processes counts as the plugin's whose message it sends.
  private static ClassLoader ownerOf(Object message) {
    var loader = message.getClass().getClassLoader();
    return loader == null ? LocalProcess.HOST : loader;
  }

  @Override
  public StartResult start(GenServer<?, ?, ?> server, StartOptions options) {
    return start(null, false, server, options);
  }

  @Override
  public StartResult start(TreeSpec tree, StartOptions options) {
    return start(Trees.server(tree, options), options);
  }

  @Override
  public Supervisor supervisor(ServerRef server) {
    return Trees.supervisor(this, this, server);
  }

  @Override
  public DynamicSupervisor dynamicSupervisor(ServerRef server) {
    return Trees.dynamicSupervisor(this, this, server);
  }

  @Override
  public TaskSupervisor taskSupervisor(ServerRef server) {
    return Trees.taskSupervisor(this, this, server);
  }

  @Override
  public PartitionSupervisor partitions(ServerName supervisor) {
    return Trees.partitions(this, this, supervisor);
  }

  /// Has a process be harmed by code outside of processes, and by protected processes, alone: all
  /// others that would end it, link to it or change its children get an [IllegalArgumentException].
  ///
  /// @return false if it has ended
  public boolean protect(Pid pid) {
    var process = table.find(pid);
    if (process != null) {
      process.protect();
    }
    return process != null;
  }

  @Override
  public Registry registry(String name) {
    table.registry(name);
    return new LocalRegistry(this, name);
  }

  @Override
  public void stop(ServerRef server, ExitReason reason, Duration timeout) {
    stop(null, server, reason, timeout);
  }

  @Override
  public void exit(Pid pid, ExitReason reason) {
    exit(pid, pid, reason);
  }

  @Override
  public Sys sys() {
    return new SysHandle(this, null, Timeouts.DEFAULT, false);
  }

  @Override
  public Optional<Pid> whereis(ServerRef server) {
    return Optional.ofNullable(table.find(server)).map(LocalProcess::pid);
  }

  @Override
  public void register(ServerName name, Pid pid) {
    table.register(name, pid);
  }

  @Override
  public void unregister(ServerName name) {
    table.unregister(name);
  }

  @Override
  public String nodeName() {
    return ProcessTable.NODE;
  }

  @Override
  public boolean isAlive(Pid pid) {
    return table.find(pid) != null;
  }

  /// Runs `body` as a process of its own that has no parent and no links.
  ///
  /// @see dev.genserver.sdk.ProcessContext#spawn
  public Pid spawn(Runnable body) {
    return spawn(null, body, false);
  }

  // For whoever brings requests from outside.

  /// Makes a process that stands for a peer outside the node. It has no name, parent or links.
  ///
  /// @throws IllegalStateException if the node is closed
  public Port openPort(Port.Owner owner) {
    var port = new Port(this, nextPid(), owner);
    publish(port, null);
    return port;
  }

  /// The server process that holds the name; empty if there is none.
  public Optional<Recipient> locate(String name) {
    return table.find(name) instanceof ServerProcess server
        ? Optional.of(server)
        : Optional.empty();
  }

  /// The server process with that pid; empty if there is none.
  public Optional<Recipient> locate(Pid pid) {
    return table.find(pid) instanceof ServerProcess server ? Optional.of(server) : Optional.empty();
  }

  /// The names that are held now, in no order.
  public List<String> names() {
    return table.names();
  }

  /// How many names are held now.
  public int nameCount() {
    return table.nameCount();
  }

  /// All living processes, in no order, as they are now.
  public List<ProcessInfo> inspect() {
    return table.processes().stream().map(LocalProcess::info).toList();
  }

  /// The living processes, at most so many: first those for which most messages wait, then those
  /// that were at work for longest.
  ///
  /// @param most positive
  public List<ProcessInfo> busiest(int most) {
    return Busiest.of(table.living(), most).stream().map(LocalProcess::info).toList();
  }

  /// Counts all living processes, and what they and those before them have done. Makes no object
  /// for a process, unlike [#inspect]. One census waits for another.
  public Census census() {
    return totals.census(table.living(), time.nanoTime());
  }

  /// The process with that pid or name, as it is now; empty if there is none.
  public Optional<ProcessInfo> inspect(ServerRef process) {
    return Optional.ofNullable(table.find(process)).map(LocalProcess::info);
  }

  /// Why the process is slow or stuck; empty if there is none. Does not wait for it.
  public Optional<Why> why(ServerRef process) {
    return Optional.ofNullable(table.find(process)).map(new Inspection(this)::why);
  }

  /// With whom the process has to do, at most so many of each kind; empty if there is none. Does
  /// not wait for it.
  public Optional<Related> related(ServerRef process, int most) {
    return Optional.ofNullable(table.find(process))
        .map(found -> new Inspection(this).related(found, most));
  }

  /// The last crash under that name, or of that pid where there was no name. The last 1,000 that
  /// crashed are remembered.
  public Optional<Crash> lastCrash(ServerRef process) {
    return crashes.find(process);
  }

  /// The living processes that belong to the plugin of `loader`, in no order: it has loaded their
  /// code, or its code has started them and theirs is the SDK's, as an agent's is.
  public List<Pid> processesOf(ClassLoader loader) {
    return table.processes().stream()
        .filter(process -> loader.equals(process.loader()))
        .map(LocalProcess::pid)
        .toList();
  }

  /// The classes of the living servers whose code was loaded by `loader`.
  public Set<Class<?>> serversOf(ClassLoader loader) {
    var servers = new HashSet<Class<?>>();
    for (var process : table.processes()) {
      if (process instanceof ServerProcess server
          && loader.equals(server.serverClass().getClassLoader())) {
        servers.add(server.serverClass());
      }
    }
    return servers;
  }

  /// How many servers whose code was loaded by `loader` have crashed so far.
  public long crashesOf(ClassLoader loader) {
    return crashes.count(loader);
  }

  /// Has a supervisor take another spec for a child, which runs on, and is started by that spec the
  /// next time.
  ///
  /// @return whether there is such a child
  public boolean replaceChildspec(Pid supervisor, ChildSpec spec) {
    return call(supervisor, new SupervisorServer.Request.ReplaceChildspec(spec), Boolean.class);
  }

  /// The children of dynamic supervisors below that process, each with its supervisor; those of
  /// task supervisors too.
  public Map<Pid, Pid> dynamicChildrenBelow(Pid top) {
    var found = new HashMap<Pid, Pid>();
    for (var supervisor : dynamicSupervisorsBelow(top)) {
      dynamicSupervisor(supervisor).whichChildren().stream()
          .flatMap(child -> child.pid().stream())
          .forEach(child -> found.put(child, supervisor));
    }
    return found;
  }

  /// The dynamic supervisors below that process.
  public List<Pid> dynamicSupervisorsBelow(Pid top) {
    return table.processes().stream()
        .filter(process -> process.descendsFrom(top))
        .filter(process ->
            process instanceof ServerProcess server
                && server.server() instanceof DynamicSupervisorServer)
        .map(LocalProcess::pid)
        .toList();
  }

  /// Has a dynamic supervisor start children by what `starts` makes of their specs from now on; by
  /// these themselves if it is empty. Those that run are not concerned.
  public void divert(Pid dynamicSupervisor, Optional<UnaryOperator<ChildSpec>> starts) {
    var _ =
        call(dynamicSupervisor, new DynamicSupervisorServer.Request.Divert(starts), Boolean.class);
  }

  /// Says which class loaders have versions of the same code. Needed as soon as there are two of
  /// one: what passes between them, messages and replies, is translated from then on.
  public void versions(Versions versions) {
    this.versions = versions;
  }

  /// What the plugins of these class loaders take now.
  public Map<ClassLoader, Usage> usagesOf(Collection<? extends ClassLoader> loaders) {
    return Usage.of(this, loaders);
  }

  /// Kills what is left of the processes of the plugin of `loader`, and cancels the timers that its
  /// code has started.
  public void killAllOf(ClassLoader loader) {
    // Again, for what a supervisor has started anew before it was its turn.
    for (var round = 0; round < ROUNDS && killed(processesOf(loader)); round++) {}
    timers.cancelAllOf(loader);
  }

  private boolean killed(List<Pid> processes) {
    processes.forEach(process -> exit(process, ExitReason.KILL));
    return !processes.isEmpty();
  }

  /// How many processes live.
  public int processCount() {
    return table.processes().size();
  }

  /// Waits until all servers have handled what is in their mailboxes.
  ///
  /// @param timeoutNanos how long to wait at most
  /// @return whether there was a moment in which none had anything to do
  public boolean awaitIdle(long timeoutNanos) {
    var start = time.nanoTime();
    while (!allIdle()) {
      if (time.nanoTime() - start >= timeoutNanos || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(IDLE_CHECK_NANOS);
    }
    return true;
  }

  /// Whether there was a moment just now in which nothing went on: servers had handled all that
  /// they were sent, and code that was at work waited for another process, a message or a time.
  /// Only something from outside, or the time, can set anything in motion after that. What runs on
  /// threads that are not the node's is not seen.
  ///
  /// @throws IllegalStateException if the node has the real time
  public boolean isStill() {
    if (scheduler instanceof TrackingScheduler tracking) {
      return tracking.isStill();
    }
    throw new IllegalStateException(
        "a node with the real time cannot tell; make one with a time of its own");
  }

  private boolean allIdle() {
    return table.processes().stream()
        .allMatch(process -> !(process instanceof MailboxProcess server) || server.isIdle());
  }

  /// Kills all processes, in no order; no more can be started. To end them in order, stop their
  /// supervisor first.
  @Override
  public void close() {
    table.close();
    table.processes().forEach(process -> process.end(ExitReason.KILLED));
    if (time instanceof SystemTime system) {
      system.close();
    }
  }

  // The same for a process, which is null where the caller is none.

  void cast(@Nullable LocalProcess sender, ServerRef server, Object message) {
    var process = table.findOrNobody(server);
    if (process != null) {
      var trace = LocalProcess.traceOf(sender, TraceContext.Op.CAST, server, process);
      process.deliver(new Envelope.Cast(message, trace));
    }
  }

  void send(@Nullable LocalProcess sender, ServerRef server, Object message) {
    var process = table.find(server);
    if (process != null) {
      var trace = sender == null ? null : sender.traceContext();
      process.deliver(new Envelope.Notice(new InfoMessage.Message(message), trace));
    } else if (server instanceof ServerName) {
      throw new IllegalArgumentException(
          "cannot send to " + server + ": no process has that name; look it up with whereis first");
    }
  }

  TimerRef sendAfter(ServerRef server, Object message, Duration delay, ClassLoader owner) {
    return MessageTimer.start(this, server, message, Timeouts.toNanos(delay), owner);
  }

  TimerRef sendInterval(ServerRef server, Object message, Duration interval, ClassLoader owner) {
    return IntervalTimer.start(this, server, message, interval, owner);
  }

  @Nullable Object call(
      @Nullable LocalProcess caller,
      ServerRef server,
      Object request,
      Duration timeout,
      long timeoutNanos) {
    var found = table.find(server);
    var trace = LocalProcess.traceOf(caller, TraceContext.Op.CALL, server, found);
    try {
      var target = target(found, caller, server, request, timeout);
      var call = new LocalCall(target, request, caller, trace, time, timeoutNanos);
      return answer(call, caller, server, request, timeout);
    } catch (CallException notSent) {
      if (trace != null) {
        trace.failed(notSent.reason(), Phase.QUEUED); // unless the call has told already
      }
      throw notSent;
    }
  }

  /// Asks a server something behind its callbacks.
  @Nullable Object ask(
      @Nullable LocalProcess caller,
      ServerRef server,
      SystemRequest request,
      boolean urgent,
      Duration timeout,
      long timeoutNanos) {
    var target = target(table.find(server), caller, server, request, timeout);
    var call = new SystemCall(target, request, urgent, caller, time, timeoutNanos);
    return answer(call, caller, server, request, timeout);
  }

  private static LocalProcess target(
      @Nullable LocalProcess target,
      @Nullable LocalProcess caller,
      ServerRef server,
      Object request,
      Duration timeout) {
    if (target == null) {
      throw new CallException(unreachable(server), server, request, timeout);
    }
    if (target == caller) {
      throw new CallException(ExitReason.CALLING_SELF, server, request, timeout);
    }
    return target;
  }

  /// Sends a call and waits for its answer.
  private static @Nullable Object answer(
      LocalCall call,
      @Nullable LocalProcess caller,
      ServerRef server,
      Object request,
      Duration timeout) {
    var outcome = await(caller, call, call::await, server, request, timeout);
    return switch (outcome) {
      case Outcome.Replied(Object value) ->
          caller == null ? value : caller.node.translated(value, caller.loader());
      case Outcome.Exited(_, ExitReason reason, _) ->
          throw new CallException(reason, server, request, timeout);
      case null -> throw new CallException(unanswered(), server, request, timeout);
      case Outcome.Undecodable _, Outcome.Expired _, Outcome.Cancelled _ ->
          throw new IllegalStateException("a local call cannot end as " + outcome);
    };
  }

  /// Has `caller`, if there is one, wait for what a request to `server` asks for.
  private static <T extends @Nullable Object> T await(
      @Nullable LocalProcess caller,
      Wait wait,
      Supplier<T> waiting,
      ServerRef server,
      Object request,
      Duration timeout) {
    if (caller == null) {
      return waiting.get();
    }
    try {
      var result =
          caller.waitFor(
              wait,
              () -> {
                CallCycle.refuse(caller);
                return waiting.get();
              });
      caller.checkAlive();
      return result;
    } catch (ExitException cycle) {
      throw new CallException(cycle.reason(), server, request, timeout);
    }
  }

  /// The value as code of `loader` knows it, if another version of that code has made it.
  @Nullable Object translated(@Nullable Object value, ClassLoader loader) {
    var known = versions;
    return known == null
        ? value
        : Carrier.translated(value, type -> known.areOfOne(type.getClassLoader(), loader), loader);
  }

  InfoMessage translated(InfoMessage message, ClassLoader loader) {
    if (versions == null) {
      return message;
    }
    return switch (message) {
      case InfoMessage.Message(Object content) ->
          new InfoMessage.Message(Objects.requireNonNullElse(translated(content, loader), content));
      case InfoMessage.Reply(MonitorRef ref, Object value) ->
          new InfoMessage.Reply(ref, translated(value, loader));
      case InfoMessage.Timeout _, InfoMessage.Exit _, InfoMessage.Down _ -> message;
    };
  }

  StartResult start(
      @Nullable LocalProcess starter,
      boolean linked,
      GenServer<?, ?, ?> server,
      StartOptions options) {
    var parent = linked ? starter : null;
    var timeoutNanos = Timeouts.toNanos(options.timeout());
    var trace = starter == null ? null : starter.traceContext();
    var process = new ServerProcess(this, nextPid(), parent, server, options, trace);
    var holder = publish(process, parent);
    if (holder != null) {
      process.unlinkParent();
      return new StartResult.AlreadyStarted(holder.pid());
    }
    var result = process.start(starter, timeoutNanos);
    if (starter != null) {
      starter.checkAlive();
    }
    if (result != null) {
      return result;
    }
    process.unlinkParent();
    process.end(ExitReason.KILLED);
    return new StartResult.Failed(unanswered());
  }

  Pid spawn(@Nullable LocalProcess parent, Runnable body, boolean linked) {
    return start(new PlainProcess(this, parent, body), linked ? parent : null);
  }

  /// Starts a process that was made for it.
  Pid start(PlainProcess process, @Nullable LocalProcess linked) {
    publish(process, linked);
    process.start();
    return process.pid();
  }

  /// Links a new process and makes it known, in this order: nobody can find it, and end it, before
  /// it is linked.
  ///
  /// @return null, or the process that holds its name
  private @Nullable LocalProcess publish(LocalProcess process, @Nullable LocalProcess linked) {
    if (linked != null) {
      linked.link(process);
      linked.checkAlive();
    }
    try {
      return table.add(process);
    } catch (RuntimeException refused) {
      process.unlinkParent();
      throw refused;
    }
  }

  void stop(@Nullable LocalProcess caller, ServerRef server, ExitReason reason, Duration timeout) {
    var nanos = Timeouts.toNanos(timeout);
    var target = target(table.find(server), caller, server, "stop", timeout);
    var end = EndWaiter.on(target);
    Supplier<@Nullable ExitReason> ending =
        () -> {
          target.deliver(new Envelope.Stop(reason));
          return end.await(time, nanos);
        };
    var ended = await(caller, end, ending, server, "stop", timeout);
    if (ended == null) {
      throw new CallException(unanswered(), server, "stop", timeout);
    }
    if (!ended.equals(reason)) {
      throw new CallException(ended, server, "stop", timeout);
    }
  }

  void exit(Pid from, Pid to, ExitReason reason) {
    var process = table.find(to);
    if (process != null) {
      process.exitSignal(from, reason);
    }
  }

  MonitorRef nextMonitorRef() {
    return new MonitorRef(monitors.incrementAndGet());
  }

  Pid nextPid() {
    return new Pid(id, pids.incrementAndGet());
  }

  /// Why nobody is behind a reference.
  private static ExitReason unreachable(ServerRef server) {
    return server instanceof ServerRef.At at && ProcessTable.isElsewhere(at)
        ? new ExitReason.NodeDown(at.node())
        : ExitReason.NOPROC;
  }

  /// Why a wait ended without what it waited for.
  static ExitReason unanswered() {
    return Thread.currentThread().isInterrupted()
        ? ExitReason.of("interrupted")
        : ExitReason.TIMEOUT;
  }
}
