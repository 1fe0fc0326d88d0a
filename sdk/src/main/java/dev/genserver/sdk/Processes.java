package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What code can do with processes, inside one ([ProcessContext]) or outside. Thread-safe.
public interface Processes {

  /// Sends `request` to the server and waits for its reply.
  ///
  /// Blocks the calling thread; inside a callback that blocks only this process.
  ///
  /// @param replyType what the reply must be; `Object.class` where anything may come
  /// @param timeout how long to wait, zero or more, or [Timeouts#INFINITY]
  /// @return the reply; null only if the server replied null
  /// @throws CallException if no reply came: its reason says why. After a timeout the server may
  ///   still act
  /// @throws IllegalArgumentException if the timeout is negative; nothing was sent
  /// @throws ClassCastException if the reply is not of that type
  /// @otp gen_server:call/3
  <R extends @Nullable Object> R call(
      ServerRef server, Object request, Class<R> replyType, Duration timeout);

  /// [#call(ServerRef, Object, Class, Duration)] with [Timeouts#DEFAULT].
  default <R extends @Nullable Object> R call(
      ServerRef server, Object request, Class<R> replyType) {
    return call(server, request, replyType, Timeouts.DEFAULT);
  }

  /// Sends `message` for [GenServer#handleCast]. Never waits, never fails, not even where nobody
  /// is.
  ///
  /// @otp gen_server:cast/2
  void cast(ServerRef server, Object message);

  /// Sends `message` for [GenServer#handleInfo], as [InfoMessage.Message]. Lost if the pid has
  /// ended.
  ///
  /// @throws IllegalArgumentException if nobody holds the name
  /// @otp erlang:send/2
  void send(ServerRef server, Object message);

  /// Sends `message` after `delay`, never earlier. A name is looked up when the time has come.
  ///
  /// @param delay zero or more
  /// @throws IllegalArgumentException if the delay is negative
  /// @otp erlang:send_after/3
  TimerRef sendAfter(ServerRef server, Object message, Duration delay);

  /// Sends `message` again and again, first after `interval`, to the process that is behind
  /// `server` now, until the timer is cancelled or that process ends. The interval is kept on
  /// average: a message that is late does not make the next one late.
  ///
  /// Messages that the process does not get to wait in its mailbox. While that is
  /// [full][StartOptions#maxQueue], as many as that are skipped.
  ///
  /// @param interval positive
  /// @return a timer whose [TimerRef#remaining] is the time to the next message
  /// @throws IllegalArgumentException if the interval is not positive, or nobody is there
  /// @otp timer:send_interval/3
  TimerRef sendInterval(ServerRef server, Object message, Duration interval);

  /// Starts a server process and waits for its `init`. It has no parent and no links.
  ///
  /// @otp gen_server:start/3,4
  StartResult start(GenServer<?, ?, ?> server, StartOptions options);

  /// Starts a supervisor and its children, and waits for them. It has no parent and no links.
  ///
  /// @param options its name and how long the start may take; the arguments are not used
  /// @otp supervisor:start_link/2,3
  StartResult start(TreeSpec tree, StartOptions options);

  /// The supervisor behind `server`, to operate on.
  Supervisor supervisor(ServerRef server);

  /// The dynamic supervisor behind `server`, to operate on.
  DynamicSupervisor dynamicSupervisor(ServerRef server);

  /// The task supervisor behind `server`, to run tasks under.
  TaskSupervisor taskSupervisor(ServerRef server);

  /// The partition supervisor of that name, to operate on.
  PartitionSupervisor partitions(ServerName supervisor);

  /// See [#partitions(ServerName)].
  default PartitionSupervisor partitions(String supervisor) {
    return partitions(ServerRef.named(supervisor));
  }

  /// Ends a process: its `terminate` runs with `reason`. Returns when it has ended.
  ///
  /// @throws CallException if nobody is there, if it ended with another reason, or did not end in
  ///   time
  /// @otp gen_server:stop/3
  void stop(ServerRef server, ExitReason reason, Duration timeout);

  /// Ends a process as [ExitReason#NORMAL], waiting as long as it takes.
  default void stop(ServerRef server) {
    stop(server, ExitReason.NORMAL, Timeouts.INFINITY);
  }

  /// Sends an exit signal.
  ///
  /// @otp erlang:exit/2
  void exit(Pid pid, ExitReason reason);

  /// Looks into running servers.
  ///
  /// @otp the module `sys`
  Sys sys();

  /// The process that is behind the reference now; empty for a name on another node.
  ///
  /// @throws IllegalArgumentException if the name is in a registry that is unknown, or whose keys
  ///   are not unique
  /// @otp erlang:whereis/1, gen_server's `whereis`
  Optional<Pid> whereis(ServerRef server);

  /// Gives a process a name: one of the node's own, of which it can have one, or a global one.
  ///
  /// @throws IllegalArgumentException if another process has the name, this one has a name of the
  ///   node's own already, or has ended; or if it is a key of a registry, where a process [enters
  ///   itself][Registry#register]
  /// @otp erlang:register/2, global:register_name/2
  void register(ServerName name, Pid pid);

  /// Takes a name away from the process that holds it.
  ///
  /// @throws IllegalArgumentException if nobody holds it, or it is a key of a registry
  /// @otp erlang:unregister/1, global:unregister_name/1
  void unregister(ServerName name);

  /// The registry called `name`, to look into and, for processes, to enter oneself.
  ///
  /// @throws IllegalArgumentException if there is none now
  Registry registry(String name);

  /// What this node is called: `nonode@nohost`, as it is not connected to others.
  ///
  /// @otp erlang:node/0
  String nodeName();

  /// Whether the process has not ended.
  ///
  /// @otp erlang:is_process_alive/1
  boolean isAlive(Pid pid);

  /// The agent that `server` names; see [Agent]. Nothing is looked up before it is used.
  default <S> Agent<S> agent(ServerRef server) {
    return new Agent<>(this, server);
  }
}
