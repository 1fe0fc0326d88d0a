package dev.genserver.runtime;

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
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Sys;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.TimerRef;
import dev.genserver.sdk.TreeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process as its own code sees it. Each method throws the code of an ended process off its
/// thread.
record Context(LocalProcess process) implements ProcessContext, OwnTasks {

  @Override
  public Pid self() {
    return process.pid();
  }

  @Override
  public List<Pid> ancestors() {
    return process.ancestors();
  }

  @Override
  public List<Pid> callers() {
    return TaskProcess.callers(process);
  }

  @Override
  public Optional<Request> request() {
    process.checkAlive();
    return process instanceof ServerProcess server ? server.request() : Optional.empty();
  }

  @Override
  public Optional<String> trace() {
    return Optional.ofNullable(process.traceContext()).map(TraceContext::current);
  }

  @Override
  @SuppressWarnings("NullAway") // R may be nullable; a server may reply null
  public <R extends @Nullable Object> R call(
      ServerRef server, Object request, Class<R> replyType, Duration timeout) {
    process.checkAlive();
    var nanos = Math.min(Timeouts.toNanos(timeout), inheritedNanos());
    return replyType.cast(node().call(process, server, request, timeout, nanos));
  }

  /// What remains of the request from outside that is being served: nobody waits for longer.
  long inheritedNanos() {
    var serving = process instanceof ServerProcess server ? server.servingExternal() : null;
    return serving == null ? Long.MAX_VALUE : Math.max(0, serving.remainingNanos());
  }

  @Override
  public void cast(ServerRef server, Object message) {
    process.checkAlive();
    node().cast(process, server, message);
  }

  @Override
  public void send(ServerRef server, Object message) {
    process.checkAlive();
    node().send(process, server, message);
  }

  @Override
  public TimerRef sendAfter(ServerRef server, Object message, Duration delay) {
    process.checkAlive();
    return node().sendAfter(server, message, delay, process.loader());
  }

  @Override
  public TimerRef sendInterval(ServerRef server, Object message, Duration interval) {
    process.checkAlive();
    return node().sendInterval(server, message, interval, process.loader());
  }

  @Override
  public StartResult start(GenServer<?, ?, ?> server, StartOptions options) {
    process.checkAlive();
    return node().start(process, false, server, options);
  }

  @Override
  public StartResult startLink(GenServer<?, ?, ?> server, StartOptions options) {
    process.checkAlive();
    return node().start(process, true, server, options);
  }

  @Override
  public StartResult start(TreeSpec tree, StartOptions options) {
    return start(Trees.server(tree, options), options);
  }

  @Override
  public StartResult startLink(TreeSpec tree, StartOptions options) {
    return startLink(Trees.server(tree, options), options);
  }

  @Override
  public Supervisor supervisor(ServerRef server) {
    return Trees.supervisor(node(), this, server);
  }

  @Override
  public DynamicSupervisor dynamicSupervisor(ServerRef server) {
    return Trees.dynamicSupervisor(node(), this, server);
  }

  @Override
  public TaskSupervisor taskSupervisor(ServerRef server) {
    return Trees.taskSupervisor(node(), this, server);
  }

  @Override
  public PartitionSupervisor partitions(ServerName supervisor) {
    return Trees.partitions(node(), this, supervisor);
  }

  @Override
  public Pid spawn(Runnable body) {
    process.checkAlive();
    return node().spawn(process, body, false);
  }

  @Override
  public Pid spawnLink(Runnable body) {
    process.checkAlive();
    return node().spawn(process, body, true);
  }

  @Override
  public void stop(ServerRef server, ExitReason reason, Duration timeout) {
    process.checkAlive();
    checkMayHarm(server);
    node().stop(process, server, reason, timeout);
  }

  @Override
  public void exit(Pid pid, ExitReason reason) {
    process.checkAlive();
    checkMayHarm(pid);
    if (reason instanceof ExitReason.Normal && pid.equals(self()) && !process.trapsExits()) {
      process.end(reason); // from elsewhere a normal exit signal is ignored, from itself it is not
    } else {
      node().exit(process.pid(), pid, reason);
    }
    process.checkAlive();
  }

  @Override
  public void link(Pid pid) {
    process.checkAlive();
    var other = node().table.find(pid);
    if (other == null) {
      process.linkedToNobody(pid);
    } else {
      checkMayHarm(other);
      process.link(other);
    }
  }

  @Override
  public void unlink(Pid pid) {
    process.checkAlive();
    process.unlink(pid);
  }

  @Override
  public MonitorRef monitor(ServerRef server) {
    process.checkAlive();
    return process.monitor(node().table.find(server), server);
  }

  @Override
  public void demonitor(MonitorRef ref) {
    process.checkAlive();
    process.demonitor(ref);
  }

  @Override
  public boolean trapExit(boolean trap) {
    process.checkAlive();
    return process.trapExit(trap);
  }

  @Override
  public Optional<InfoMessage> receive(Duration timeout) {
    if (process instanceof PlainProcess plain) {
      return plain.receive(Timeouts.toNanos(timeout));
    }
    throw new IllegalStateException(
        "a GenServer cannot receive: its messages go to its callbacks; spawn a process for that");
  }

  @Override
  public Sys sys() {
    return new SysHandle(node(), this, Timeouts.DEFAULT, false);
  }

  @Override
  public Optional<Pid> whereis(ServerRef server) {
    return node().whereis(server);
  }

  @Override
  public void register(ServerName name, Pid pid) {
    process.checkAlive();
    node().register(name, pid);
  }

  @Override
  public void unregister(ServerName name) {
    process.checkAlive();
    node().unregister(name);
  }

  @Override
  public Registry registry(String name) {
    return node().registry(name);
  }

  @Override
  public String nodeName() {
    return node().nodeName();
  }

  @Override
  public boolean isAlive(Pid pid) {
    return node().isAlive(pid);
  }

  /// Waits for the end of a process that this one ends: even one that waits for this process.
  ///
  /// @return why it ended, or `noproc` if that is over; null if the time is
  @Nullable ExitReason awaitEnd(EndWaiter end, long timeoutNanos) {
    return process.waitFor(end, () -> end.await(node().time(), timeoutNanos));
  }

  // What is the daemon's own.

  /// @throws IllegalArgumentException if the target is protected from this process
  void checkMayHarm(LocalProcess target) {
    if (target.isProtected() && !process.isProtected()) {
      throw new IllegalArgumentException(
          target
              + " is a process of the daemon itself; "
              + process
              + " may neither end nor change it, nor link to it");
    }
  }

  /// See [#checkMayHarm(LocalProcess)]; a process that is not there is not harmed.
  void checkMayHarm(ServerRef server) {
    var target = node().table.find(server);
    if (target != null) {
      checkMayHarm(target);
    }
  }

  private Node node() {
    return process.node;
  }
}
