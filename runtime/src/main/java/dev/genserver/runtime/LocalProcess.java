package dev.genserver.runtime;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process: an identity, its links and monitors, and an end. What it runs is up to the subclass.
///
/// A process ends once, by [#end], from whichever thread comes first. From then on its code no
/// longer counts, even if a thread is still in it: that thread is interrupted, and what it does is
/// ignored.
abstract sealed class LocalProcess permits MailboxProcess, PlainProcess, Port {

  /*
   * The lock of a process guards its `relations` and the step from living to ended. No code takes the
   * lock of a second process while it holds one: whatever concerns two processes is done in two steps,
   * and the second step finds out what happened in between.
   */

  private static final System.Logger LOG = System.getLogger(LocalProcess.class.getName());

  /// After so long, the code of an ended process that still runs is reported.
  private static final Duration UNWINDING = Duration.ofSeconds(5);

  /// What has loaded the runtime, and with it all that is no plugin's.
  static final ClassLoader HOST = LocalProcess.class.getClassLoader();

  final Node node;
  private final Pid pid;
  private volatile ClassLoader startedIn;
  private final @Nullable Lineage ancestors;
  private volatile @Nullable ServerName name;
  private @Nullable Relations relations;
  private volatile boolean trapsExits;
  private volatile boolean isProtected;
  private volatile @Nullable Wait waitsFor;
  private volatile int restarts;
  private volatile @Nullable ExitReason exitReason;

  LocalProcess(Node node, Pid pid, @Nullable LocalProcess parent, @Nullable ServerName name) {
    this.node = node;
    this.pid = pid;
    this.startedIn = contextLoader();
    this.ancestors = parent == null ? null : parent.asAncestor();
    this.name = name;
  }

  public final Pid pid() {
    return pid;
  }

  final Optional<ServerName> name() {
    return Optional.ofNullable(name);
  }

  /// Tells under which name it can be found from now on. Under its lock, while it lives.
  final void name(@Nullable ServerName name) {
    this.name = name;
  }

  /// What it is called by: its name if it has one, else its pid.
  final ServerRef ref() {
    return name == null ? pid : name;
  }

  /// Who started it, and who started that one, the nearest first.
  final List<Pid> ancestors() {
    return Lineage.pids(ancestors);
  }

  /// The process that started it with a link; itself if none did.
  final Pid parentOrSelf() {
    return ancestors == null ? pid : ancestors.pid();
  }

  final boolean isParent(Pid other) {
    return ancestors != null && other.equals(ancestors.pid());
  }

  /// Whether it was started, with links, by that process or by one that was.
  final boolean descendsFrom(Pid other) {
    for (var each = ancestors; each != null; each = each.next()) {
      if (each.pid().equals(other)) {
        return true;
      }
    }
    return false;
  }

  /// This process and its ancestors, for those that it starts.
  private synchronized Lineage asAncestor() {
    if (exitReason != null) {
      return new Lineage(pid, ancestors);
    }
    var relations = relations();
    if (relations.asAncestor == null) {
      relations.asAncestor = new Lineage(pid, ancestors);
    }
    return relations.asAncestor;
  }

  /// Why it has ended; null while it lives.
  final @Nullable ExitReason exitReason() {
    return exitReason;
  }

  final boolean isAlive() {
    return exitReason == null;
  }

  final boolean trapExit(boolean trap) {
    var before = trapsExits;
    trapsExits = trap;
    return before;
  }

  final boolean trapsExits() {
    return trapsExits;
  }

  /// From now on only what is protected itself may harm it.
  final void protect() {
    isProtected = true;
  }

  final boolean isProtected() {
    return isProtected;
  }

  /// Throws the code of an ended process off its thread.
  final void checkAlive() {
    if (exitReason != null) {
      throw new ProcessEnded(this);
    }
  }

  // Waiting for others.

  /// Runs `waiting`, in which this process's own thread waits for what `wait` says.
  final <T extends @Nullable Object> T waitFor(Wait wait, Supplier<T> waiting) {
    waitsFor = wait;
    try {
      return waiting.get();
    } finally {
      waitsFor = null;
    }
  }

  /// What its code waits for now; null if for no other process.
  final @Nullable Wait waitsFor() {
    return waitsFor;
  }

  /// What its code waits for now, another process or a message: an object of its own for each time.
  /// Null if it is at work, or about to be.
  @Nullable Object pause() {
    var wait = waitsFor;
    return wait == null || wait.isOver() ? null : wait;
  }

  // What it looks like from outside.

  /// What it is and how it does.
  abstract ProcessInfo info();

  /// What it is counted as in a census.
  abstract String code();

  /// How many messages wait.
  abstract int queued();

  /// How long it was at work, if it keeps an account of that.
  long busyNanos() {
    return 0;
  }

  /// Adds what it has done by now, if it keeps an account of that.
  void addTo(Totals.Sums sums, long now) {}

  /// What it is called where it is shown: the name that it can be called by, or else its pid.
  public final String shownName() {
    return name instanceof ServerName.Local(String local) ? local : pid.toString();
  }

  /// Whether it is declared to compute for long.
  boolean isCpuBound() {
    return false;
  }

  /// What it belongs to: the context class loader of its threads.
  abstract ClassLoader loader();

  /// The id of the plugin that it belongs to; empty if there is none.
  public final String plugin() {
    return loader() instanceof PluginClassLoader loader ? loader.plugin() : "";
  }

  /// What has loaded `code`. Where that is the JDK or the SDK, as with an agent, it runs on behalf
  /// of the plugin whose code has started the process.
  final ClassLoader loaderOf(Object code) {
    var loader = code.getClass().getClassLoader();
    return loader == null || loader.equals(HOST) ? startedIn : loader;
  }

  /// Other code runs now on whose behalf the process was started.
  final void startedIn(ClassLoader from, ClassLoader to) {
    if (startedIn.equals(from)) {
      startedIn = to;
    }
  }

  private static ClassLoader contextLoader() {
    var loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? HOST : loader;
  }

  /// What its code does now.
  abstract Optional<Why.Doing> doing();

  /// The first messages that wait, at most so many.
  abstract List<Envelope> peek(int most);

  final int restarts() {
    return restarts;
  }

  /// Remembers how often its supervisor has started it anew.
  final void restarts(int times) {
    restarts = times;
  }

  final ProcessInfo info(
      ProcessInfo.Kind kind,
      String code,
      ProcessInfo.Status status,
      int queued,
      int maxQueue,
      Optional<ProcessInfo.Counters> counters,
      Duration atHand) {
    int links;
    int monitoring;
    int monitoredBy;
    synchronized (this) {
      links = relations == null ? 0 : relations.links().size();
      monitoring = relations == null ? 0 : relations.monitored().size();
      monitoredBy = relations == null ? 0 : relations.watchers().size();
    }
    return new ProcessInfo(
        pid,
        name(),
        kind,
        code,
        status,
        Optional.ofNullable(ancestors).map(Lineage::pid),
        queued,
        maxQueue,
        counters,
        atHand,
        restarts,
        links,
        monitoring,
        monitoredBy,
        trapsExits,
        isCpuBound());
  }

  // With whom it has to do; at most so many of each kind.

  final synchronized List<LocalProcess> linked(int most) {
    return relations == null ? List.of() : first(relations.links().values(), most);
  }

  final synchronized List<LocalProcess> monitored(int most) {
    return relations == null ? List.of() : first(relations.monitored().values(), most);
  }

  final synchronized List<LocalProcess> monitors(int most) {
    return relations == null
        ? List.of()
        : relations.watchers().values().stream()
            .map(Watcher::monitoring)
            .filter(Objects::nonNull)
            .limit(most)
            .toList();
  }

  final synchronized List<Call> deferred(int most) {
    return relations == null ? List.of() : first(relations.deferred(), most);
  }

  private static <T> List<T> first(Collection<T> all, int most) {
    return all.stream().limit(most).toList();
  }

  // Messages.

  abstract void deliver(Envelope message);

  /// Whether less waits than may wait. Says no to nobody but those who ask.
  abstract boolean hasRoom();

  final void deliver(InfoMessage message) {
    deliver(new Envelope.Notice(message, null));
  }

  /// The trace that what its code sends now belongs to; null for none. For its own thread.
  @Nullable TraceContext traceContext() {
    return null;
  }

  /// What a request has that is sent now.
  ///
  /// @param sender null if it is no process
  /// @param recipient null if nobody is there
  static @Nullable TraceContext traceOf(
      @Nullable LocalProcess sender,
      TraceContext.Op op,
      ServerRef to,
      @Nullable LocalProcess recipient) {
    var trace = sender == null ? null : sender.traceContext();
    return trace == null
        ? null
        : trace.sent(op, to, recipient instanceof ServerProcess server ? server : null);
  }

  /// Whether a message may still be handed over: not the end, nor the result, of somebody whose
  /// monitor was taken away.
  final synchronized boolean accepts(InfoMessage message) {
    return switch (message) {
      case InfoMessage.Down down ->
          relations != null && relations.monitored().remove(down.ref()) != null;
      case InfoMessage.Reply reply ->
          relations != null && acceptsReply(reply, relations.monitored());
      case InfoMessage.Message _, InfoMessage.Exit _, InfoMessage.Timeout _ -> true;
    };
  }

  /// A task's result is handed over: the task has it no more. Its end follows, if it is a process.
  private static boolean acceptsReply(
      InfoMessage.Reply reply, SmallMap<MonitorRef, LocalProcess> monitored) {
    if (monitored.get(reply.ref()) instanceof TaskProcess task) {
      task.replyTaken();
      return true;
    }
    return monitored.remove(reply.ref()) != null;
  }

  // Exit signals.

  /// Takes an exit signal that was sent by `exit`.
  final void exitSignal(Pid from, ExitReason reason) {
    if (reason instanceof ExitReason.Kill) {
      end(ExitReason.KILLED);
    } else if (trapsExits) {
      deliver(new InfoMessage.Exit(from, reason));
    } else if (!(reason instanceof ExitReason.Normal)) {
      end(reason);
    }
  }

  // Links.

  final void link(LocalProcess other) {
    if (other == this || !addLink(other)) {
      return;
    }
    if (!other.addLink(this)) {
      if (removeLink(other.pid) != null) {
        linkedToNobody(other.pid);
      }
    } else if (!isAlive()) {
      finish(other.linkBroken(this, reasonOrKilled()));
    }
  }

  /// A link to a process that is not there.
  final void linkedToNobody(Pid other) {
    if (trapsExits) {
      deliver(new InfoMessage.Exit(other, ExitReason.NOPROC));
    } else {
      throw new ExitException(ExitReason.NOPROC);
    }
  }

  /// Takes the link away. By pid: the other may have ended, and be about to tell of it.
  final void unlink(Pid pid) {
    var other = removeLink(pid);
    if (other != null) {
      other.removeLink(this.pid);
    }
  }

  final void unlinkParent() {
    if (ancestors != null) {
      unlink(ancestors.pid());
    }
  }

  private synchronized boolean addLink(LocalProcess other) {
    if (exitReason != null) {
      return false;
    }
    relations().link(other);
    return true;
  }

  private synchronized @Nullable LocalProcess removeLink(Pid other) {
    return relations == null ? null : relations.links().remove(other);
  }

  /// Takes the exit signal of a link, unless that was taken away first: once `unlink` has returned,
  /// the link has no effect any more. Hence one step under the lock.
  ///
  /// @return this process's own death if it is the consequence
  private synchronized @Nullable Death linkBroken(LocalProcess by, ExitReason reason) {
    if (removeLink(by.pid) == null) {
      return null;
    }
    forgetRegistryOf(by);
    if (trapsExits) {
      deliver(new InfoMessage.Exit(by.pid, reason));
      return null;
    }
    return reason instanceof ExitReason.Normal ? null : die(reason);
  }

  // Monitors.

  /// Has [InfoMessage.Down] delivered to this process when `target` ends; at once if it is not
  /// there.
  final MonitorRef monitor(@Nullable LocalProcess target, ServerRef asked) {
    var ref = node.nextMonitorRef();
    if (!expect(ref, target)) {
      throw new ProcessEnded(this);
    }
    if (target == null || !target.watch(ref, new Monitor(this, ref, asked))) {
      deliver(new InfoMessage.Down(ref, asked, ProcessTable.absence(asked)));
    } else if (!isAlive()) {
      target.unwatch(ref);
    }
    return ref;
  }

  private record Monitor(LocalProcess monitoring, MonitorRef ref, ServerRef asked)
      implements Watcher {

    @Override
    public void ended(LocalProcess process, ExitReason reason) {
      monitoring.deliverExpected(ref, new InfoMessage.Down(ref, asked, reason));
    }
  }

  /// Has messages with that ref accepted from now on.
  ///
  /// @return false if this process has ended
  final synchronized boolean expect(MonitorRef ref, @Nullable LocalProcess target) {
    if (exitReason != null) {
      return false;
    }
    // A monitor on nobody is remembered as one on itself, so that its message is accepted.
    relations().monitor(ref, target == null ? this : target);
    return true;
  }

  /// Whether messages with that ref are accepted.
  final synchronized boolean expects(MonitorRef ref) {
    return relations != null && relations.monitored().containsKey(ref);
  }

  /// Delivers a message with that ref, unless it would not be accepted. In one step: none comes
  /// after the monitor was taken away.
  final void deliverExpected(MonitorRef ref, InfoMessage message) {
    deliverExpected(ref, message, null);
  }

  final synchronized void deliverExpected(
      MonitorRef ref, InfoMessage message, @Nullable TraceContext trace) {
    if (expects(ref)) {
      deliver(new Envelope.Notice(message, trace));
    }
  }

  void demonitor(MonitorRef ref) {
    LocalProcess target;
    synchronized (this) {
      target = relations == null ? null : relations.monitored().remove(ref);
    }
    if (target != null) {
      target.unwatch(ref);
      flush(ref);
    }
  }

  /// Messages with that ref are not accepted any more; drops those that wait, where that can be
  /// done before their turn comes.
  void flush(MonitorRef ref) {}

  /// Has the watcher told of the end.
  ///
  /// @return false if the process has ended already; the watcher is not told then
  final synchronized boolean watch(MonitorRef ref, Watcher watcher) {
    if (exitReason != null) {
      return false;
    }
    relations().watch(ref, watcher);
    return true;
  }

  final synchronized void unwatch(MonitorRef ref) {
    if (relations != null) {
      relations.watchers().remove(ref);
    }
  }

  /// How many watch this process.
  final synchronized int watchers() {
    return relations == null ? 0 : relations.watchers().size();
  }

  // Registries.

  /// Enters this process in a table, in one step with its life: one that has ended has no entries.
  ///
  /// @return null, or the living process that is in the way
  final synchronized @Nullable LocalProcess register(RegistryTable table, RegistryEntry entry) {
    if (exitReason != null) {
      return null;
    }
    var holder = table.add(entry);
    if (holder == null) {
      var relations = relations();
      if (relations.registries == null) {
        relations.registries = new HashSet<>(2);
      }
      relations.registries.add(table);
    }
    return holder;
  }

  /// Takes entries of this process out of a table.
  ///
  /// @return whether it has none left there
  final synchronized boolean unregister(RegistryTable table, List<RegistryEntry> entries) {
    var none = table.remove(this, entries);
    if (none && relations != null && relations.registries != null) {
      relations.registries.remove(table);
    }
    return none;
  }

  /// In how many tables it has entries.
  final synchronized List<RegistryTable> registriesOf() {
    return relations == null || relations.registries == null
        ? List.of()
        : List.copyOf(relations.registries);
  }

  final synchronized int registries() {
    return relations == null || relations.registries == null ? 0 : relations.registries.size();
  }

  /// The entries have gone with their registry.
  private synchronized void forgetRegistryOf(LocalProcess owner) {
    if (relations != null && relations.registries != null) {
      relations.registries.removeIf(table -> table.isOwnedBy(owner));
    }
  }

  // Deferred calls.

  /// Remembers a call whose reply is to come later, so that it fails if the process ends first.
  final void remember(Call call) {
    if (!call.defer(this)) {
      return;
    }
    boolean added;
    synchronized (this) {
      added = exitReason == null;
      if (added) {
        relations().defer(call);
      }
    }
    if (!added) {
      call.exited(pid, reasonOrKilled());
    } else if (!call.isWaiting()) {
      forget(call);
    }
  }

  final synchronized void forget(Call call) {
    if (relations != null) {
      relations.forget(call);
    }
  }

  /// How many calls wait for a reply that is to come later.
  final synchronized int deferred() {
    return relations == null ? 0 : relations.deferred().size();
  }

  // The end.

  /// One process's end, and whom it concerns.
  private record Death(LocalProcess process, ExitReason reason, @Nullable Relations last) {}

  /// Ends the process, and those that end with it by their links. The name of each is free and its
  /// pid unknown before anybody is told of its end.
  ///
  /// @return false if it had ended already
  final boolean end(ExitReason reason) {
    var death = die(reason);
    finish(death);
    return death != null;
  }

  private synchronized @Nullable Death die(ExitReason reason) {
    if (exitReason != null) {
      return null;
    }
    exitReason = reason;
    var last = relations;
    relations = null;
    return new Death(this, reason, last);
  }

  /// Works through the deaths one after the other: a long chain of links must not become a deep
  /// stack.
  private static void finish(@Nullable Death first) {
    if (first == null) {
      return;
    }
    var deaths = new ArrayDeque<Death>();
    for (var death = first; death != null; death = deaths.poll()) {
      death.process.tellAll(death, deaths);
    }
  }

  private void tellAll(Death death, Deque<Death> consequences) {
    node.table.remove(this);
    var last = death.last;
    if (last != null) {
      if (last.registries != null) {
        last.registries.forEach(table -> table.removeAll(this));
      }
      last.monitored().forEach((ref, target) -> target.unwatch(ref));
      last.links().values().forEach(linked -> tellLinked(linked, death.reason, consequences));
      last.watchers().values().forEach(watcher -> watcher.ended(this, death.reason));
    }
    ended(death.reason, last == null ? List.of() : List.copyOf(last.deferred()));
  }

  private void tellLinked(LocalProcess linked, ExitReason reason, Deque<Death> consequences) {
    if (sparesOnEnd(linked)) {
      linked.removeLink(pid);
      return;
    }
    var death = linked.linkBroken(this, reason);
    if (death != null) {
      consequences.add(death);
    }
  }

  /// Lets go of the thread, fails the open calls, tells a starter. Invoked once, on any thread.
  abstract void ended(ExitReason reason, List<Call> deferred);

  /// Whether the end is kept from this linked process.
  boolean sparesOnEnd(LocalProcess linked) {
    return false;
  }

  /// Gets the code of the ended process off `thread`. Code that does not go is reported, once.
  final void throwOff(Thread thread) {
    thread.interrupt();
    // Weakly: neither the process nor its code is to stay in memory for the sake of this.
    var process = new WeakReference<>(this);
    var running = new WeakReference<>(thread);
    node.time().schedule(UNWINDING.toNanos(), () -> reportIfRunning(running.get(), process.get()));
  }

  private static void reportIfRunning(@Nullable Thread thread, @Nullable LocalProcess process) {
    if (thread != null && process != null && thread.isAlive()) {
      LOG.log(
          Level.WARNING,
          "code of ended process still runs name={0} pid={1} reason={2} since={3}; it ignores"
              + " interruption: have it check Thread.interrupted() and give up, not catch"
              + " InterruptedException and go on",
          process.name == null ? "-" : process.name,
          process.pid,
          process.exitReason,
          UNWINDING);
    }
  }

  private ExitReason reasonOrKilled() {
    var reason = exitReason;
    return reason == null ? ExitReason.KILLED : reason;
  }

  private Relations relations() {
    if (relations == null) {
      relations = new Relations();
    }
    return relations;
  }

  @Override
  public String toString() {
    return name == null ? pid.toString() : name + " " + pid;
  }
}
