package dev.genserver.sdk;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A running supervisor, as those see it who operate on it; got by [Processes#supervisor].
///
/// Each method is a call to the supervisor that waits as long as it takes, and throws
/// [CallException] if there is no such process or it ends meanwhile, and [IllegalArgumentException]
/// if the process is no supervisor of this kind. A handle is used by whoever may use the
/// [Processes] that it was got from.
///
/// @otp the functions of module supervisor
public interface Supervisor {

  /// One child.
  ///
  /// @param id what tells it from its siblings; null under a [DynamicSupervisor]
  /// @param pid empty while it does not run
  /// @param restarting whether it is about to be started again
  /// @param restarts how often it was restarted
  /// @otp an element of supervisor:which_children/1; `restarts` is beyond OTP
  record Child(
      @Nullable String id,
      Optional<Pid> pid,
      boolean restarting,
      ChildSpec.Type type,
      int restarts) {}

  /// How many children there are.
  ///
  /// @param specs all that are known
  /// @param active those that run
  /// @param supervisors those that are supervisors, whether they run or not
  /// @param workers all others, whether they run or not
  /// @otp supervisor:count_children/1
  record Counts(int specs, int active, int supervisors, int workers) {}

  /// What came of an operation on a child.
  ///
  /// @otp `ok`, `{error, not_found}`, `{error, running}`, `{error, restarting}`
  enum Outcome {
    OK,
    /// There is no such child.
    NOT_FOUND,
    /// It runs; terminate it first.
    RUNNING,
    /// It is about to be started again; terminate it first.
    RESTARTING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Why a supervisor did not start: its child `id` did not.
  ///
  /// @otp `{failed_to_start_child, Id, Reason}`
  record FailedToStartChild(String id, ExitReason reason) {
    @Override
    public String toString() {
      return "child '" + id + "' failed to start: " + reason;
    }
  }

  /// What is wrong with these specs as children of one supervisor; empty if nothing is.
  ///
  /// @otp supervisor:check_childspecs/2
  static Optional<ExitReason> checkChildspecs(List<ChildSpec> specs, AutoShutdown autoShutdown) {
    return SpecCheck.problem(specs, autoShutdown).map(ExitReason::of);
  }

  /// Adds a child and starts it. A child that cannot start is not kept; one whose start says ignore
  /// is, unless it is temporary, and [#restartChild] may start it later.
  ///
  /// @return [StartResult.AlreadyStarted] if a child with this id runs; failed with
  ///   `already_present` if one is known that does not run, or with what is wrong with the spec
  /// @otp supervisor:start_child/2
  StartResult startChild(ChildSpec spec);

  /// Ends a child within its shutdown time. Its spec stays, unless it is temporary. A child that
  /// waits to be restarted is not.
  ///
  /// @return ok, also if it did not run; or not found
  /// @otp supervisor:terminate_child/2
  Outcome terminateChild(String id);

  /// Starts a child that does not run.
  ///
  /// @return failed with `running`, `restarting` or `not_found` where it cannot be
  /// @otp supervisor:restart_child/2
  StartResult restartChild(String id);

  /// Forgets a child that does not run.
  ///
  /// @return ok, or why not
  /// @otp supervisor:delete_child/2
  Outcome deleteChild(String id);

  /// The children, the newest first.
  ///
  /// @otp supervisor:which_children/1
  List<Child> whichChildren();

  /// How many children there are.
  ///
  /// @otp supervisor:count_children/1
  Counts countChildren();

  /// The spec of the child with that id, or with that pid.
  ///
  /// @otp supervisor:get_childspec/2
  Optional<ChildSpec> getChildspec(String id);

  /// See [#getChildspec(String)].
  Optional<ChildSpec> getChildspec(Pid pid);
}
