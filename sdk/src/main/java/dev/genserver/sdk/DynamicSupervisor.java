package dev.genserver.sdk;

import java.util.List;

/// A running supervisor of the kind that [DynamicSupervisorSpec] describes; got by
/// [Processes#dynamicSupervisor]. What [Supervisor] says of its methods holds for these.
///
/// @otp the functions of Elixir's DynamicSupervisor
public interface DynamicSupervisor {

  /// Starts a child. The id in its spec is not looked at, so any number may have the same. A child
  /// that does not start, or says ignore, is not kept.
  ///
  /// @return failed with `max_children` if there are as many as there may be, or with what is wrong
  ///   with the spec
  /// @otp DynamicSupervisor.start_child/2
  StartResult startChild(ChildSpec spec);

  /// Ends a child within its shutdown time and forgets it. One that waits to be restarted goes by
  /// the pid that it had last.
  ///
  /// @return ok, or not found
  /// @otp DynamicSupervisor.terminate_child/2
  Supervisor.Outcome terminateChild(Pid pid);

  /// The children, in no order, without ids.
  ///
  /// @otp DynamicSupervisor.which_children/1
  List<Supervisor.Child> whichChildren();

  /// How many children there are.
  ///
  /// @otp DynamicSupervisor.count_children/1
  Supervisor.Counts countChildren();
}
