package dev.genserver.sdk;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A running supervisor, as those see it who operate on it; got by [Processes#supervisor].
///
/// Each method is a call to the supervisor that waits as long as it takes, and throws
/// [CallException] if there is no such process or it ends meanwhile. A handle is used by whoever
/// may use the [Processes] that it was got from.
///
/// @otp the functions of module supervisor
public interface Supervisor {

  /// One child.
  ///
  /// @param id what tells it from its siblings; null under a supervisor whose children have no ids
  /// @param pid empty while it does not run
  /// @otp an element of supervisor:which_children/1
  record Child(@Nullable String id, Optional<Pid> pid) {}

  /// Why a supervisor did not start: its child `id` did not.
  ///
  /// @otp `{failed_to_start_child, Id, Reason}`
  record FailedToStartChild(String id, ExitReason reason) {
    @Override
    public String toString() {
      return "child '" + id + "' failed to start: " + reason;
    }
  }

  /// Adds a child and starts it. A child that cannot start is not kept.
  ///
  /// @return [StartResult.AlreadyStarted] if a child with this id runs, and failed with
  ///   `already_present` if one is known that does not run
  /// @otp supervisor:start_child/2
  StartResult startChild(ChildSpec spec);

  /// The children, the newest first.
  ///
  /// @otp supervisor:which_children/1
  List<Child> whichChildren();
}
