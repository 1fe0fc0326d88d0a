package dev.genserver.daemon.admin;

import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;

/// What [SysProcesses] can be asked. `process` is a name, or the text of a pid.
sealed interface SysRequest {

  /// What this changes, for the audit log; empty if it only looks.
  default Optional<String> act() {
    return switch (this) {
      case List _,
          Find _,
          Info _,
          Describe _,
          Relations _,
          Tree _,
          Why _,
          GetState _,
          GetStatus _,
          Trace _ ->
          Optional.empty();
      case ReplaceState(String process, Object _) -> act("replace_state", process);
      case Suspend(String process) -> act("suspend", process);
      case Resume(String process) -> act("resume", process);
      case Statistics(String process, Optional<Boolean> enabled) ->
          enabled.flatMap(_ -> act("statistics", process));
      case Start(String behaviour, String name, var _) ->
          act("start", name + " behaviour=" + behaviour);
      case Stop(String process) -> act("stop", process);
      case Restart(String process) -> act("restart", process);
    };
  }

  private static Optional<String> act(String what, String process) {
    return Optional.of(what + " process=" + process);
  }

  /// A line for each process, the oldest first.
  ///
  /// @param after the last pid of the reply before; what follows it is told
  /// @param limit how many at most; 1000 where none is said, and no more than that
  record List(Optional<Pid> after, Optional<Integer> limit) implements SysRequest {}

  /// Some of the processes, and how many there are.
  ///
  /// @param text what the name, the class or the pid contains, in whatever case
  /// @param plugin the id of the plugin that they belong to
  /// @param parent who started them with a link
  /// @param sort by age where it is not said
  /// @param offset how many of those that match are passed over
  /// @param limit how many are told; 100 where it is not said, and 1000 at most
  record Find(
      Optional<String> text,
      Optional<ProcessInfo.Kind> kind,
      Optional<ProcessInfo.Status> status,
      Optional<String> plugin,
      Optional<Pid> parent,
      Optional<Search.Order> sort,
      Optional<Boolean> descending,
      Optional<Integer> offset,
      Optional<Integer> limit)
      implements SysRequest {}

  /// All that is known of a process without asking it.
  @SuppressWarnings("AvoidCommonTypeNames") // it is what operators call it
  record Info(String process) implements SysRequest {}

  /// Which messages a process takes.
  ///
  /// @param schema whether to tell that as JSON Schema too
  record Describe(String process, Optional<Boolean> schema) implements SysRequest {}

  /// With whom a process has to do.
  record Relations(String process) implements SysRequest {}

  /// The supervision tree, with children that do not run.
  record Tree() implements SysRequest {}

  /// What a process is at, what waits, what it waits for, how it last crashed.
  record Why(String process) implements SysRequest {}

  record GetState(String process) implements SysRequest {}

  /// How a process does, with what of its state may be shown.
  record GetStatus(String process) implements SysRequest {}

  /// Replies the new state.
  ///
  /// @param state in the JSON form of the server's state type
  record ReplaceState(String process, Object state) implements SysRequest {}

  record Suspend(String process) implements SysRequest {}

  record Resume(String process) implements SysRequest {}

  /// Reads the statistics, or switches them.
  record Statistics(String process, Optional<Boolean> enabled) implements SysRequest {}

  /// Waits for events; the first request of this kind switches the trace on.
  ///
  /// @param after `next` of the reply before
  /// @param waitMs how long to wait for an event, in milliseconds; as long as the call may take
  ///   where it is not said
  record Trace(String process, Optional<Long> after, Optional<Long> waitMs) implements SysRequest {}

  /// Starts a process of a plugin's behaviour under the plugin's supervisor.
  record Start(String behaviour, String name, Optional<Map<String, Object>> args)
      implements SysRequest {

    public Start {
      if (args.filter(given -> given.containsValue(null)).isPresent()) {
        throw new IllegalArgumentException("an argument is null; leave it out");
      }
    }
  }

  /// Ends a process; one that is supervised stays down.
  record Stop(String process) implements SysRequest {}

  /// Ends a supervised process, if it runs, and starts it.
  record Restart(String process) implements SysRequest {}
}
