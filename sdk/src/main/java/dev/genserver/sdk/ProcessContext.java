package dev.genserver.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The running process as its own code sees it. Its methods are for the process's own thread: the
/// one that runs the callback, or the function of a spawned process.
public interface ProcessContext extends Processes, Tasks {

  /// The process whose code runs on this thread.
  ///
  /// @throws IllegalStateException if it is no process's thread
  static ProcessContext current() {
    return CurrentProcess.get();
  }

  /// The pid of this process.
  ///
  /// @otp erlang:self/0
  Pid self();

  /// Who started this process, who started that one, and so on, the nearest first. Ended processes
  /// are named too. A server that was started without a link has none: the line begins with it.
  ///
  /// @otp the process dictionary's `$ancestors`; there a process with a name is told by its name,
  ///   and a server knows its starter without a link too
  List<Pid> ancestors();

  /// On whose behalf this task runs: its owner, and if that is a task too, the owner of that, and
  /// so on. Empty for a process that is no task.
  ///
  /// A task under a task supervisor has that for an ancestor, but the process that asked for it as
  /// caller.
  ///
  /// @otp Elixir's `$callers`
  List<Pid> callers();

  /// The call or cast whose callback runs, or whose continuation does. For a call it is the [From]
  /// of the callback; a cast has no other way to its `meta` and `trace`.
  ///
  /// @return empty in all other callbacks, for local casts without a trace, and in spawned
  ///   processes
  Optional<Request> request();

  /// The trace that the message at hand belongs to, as a W3C traceparent. All that the process
  /// sends while it handles the message has it by itself: calls, casts, messages, and through them
  /// starts and tasks, but not timers. This is for what leaves the node, such as requests over
  /// HTTP, and for code that records spans of its own.
  ///
  /// It lasts to the end of the callback and its continuations; that of a spawned process, of its
  /// starter first, until it receives a message.
  ///
  /// @return empty if the message has none that is valid
  /// @otp seq_trace:get_token/0
  default Optional<String> trace() {
    return Optional.empty();
  }

  /// Starts a server process that is linked to this one, its parent, and waits for its `init`.
  ///
  /// @otp gen_server:start_link/3,4
  StartResult startLink(GenServer<?, ?, ?> server, StartOptions options);

  /// Starts a supervisor that is linked to this process, its parent, and waits for its children.
  ///
  /// @param options its name and how long the start may take; the arguments are not used
  /// @otp supervisor:start_link/2,3
  StartResult startLink(TreeSpec tree, StartOptions options);

  /// Starts a process that runs `body` and ends: `normal` if it returns, else with what it throws.
  ///
  /// @otp erlang:spawn/1
  Pid spawn(Runnable body);

  /// [#spawn] with a link to this process.
  ///
  /// @otp erlang:spawn_link/1
  Pid spawnLink(Runnable body);

  /// Links this process and another, both ways: when one ends, the other gets an exit signal.
  ///
  /// @throws ExitException with `noproc` if that process has ended and this one does not trap
  ///   exits; one that traps them gets [InfoMessage.Exit] instead
  /// @otp erlang:link/1
  void link(Pid pid);

  /// Takes the link away, if there is one.
  ///
  /// @otp erlang:unlink/1
  void unlink(Pid pid);

  /// Has [InfoMessage.Down] sent to this process when that one ends; at once if it is not there.
  ///
  /// @otp erlang:monitor/2
  MonitorRef monitor(ServerRef server);

  /// Ends a monitor. No [InfoMessage.Down] with that ref is delivered after this, not even one that
  /// waits in the mailbox.
  ///
  /// @otp erlang:demonitor/2 with `flush`
  void demonitor(MonitorRef ref);

  /// Whether exit signals to this process become [InfoMessage.Exit] messages.
  ///
  /// @return what it was before
  /// @otp process_flag(trap_exit, ...)
  boolean trapExit(boolean trap);

  /// Waits for the next message of a spawned process.
  ///
  /// @return the message; empty if none came in time
  /// @throws IllegalStateException in a GenServer, whose messages go to its callbacks
  /// @otp receive ... after
  Optional<InfoMessage> receive(Duration timeout);
}
