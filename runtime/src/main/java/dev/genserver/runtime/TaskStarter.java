package dev.genserver.runtime;

import java.util.function.Function;

/// Who starts the processes of tasks.
interface TaskStarter {

  /// Starts a task for `owner`.
  ///
  /// @param linked whether to link it to its owner
  /// @param process makes it, given its parent
  void start(LocalProcess owner, boolean linked, Function<LocalProcess, TaskProcess> process);

  /// The owner does it itself.
  static void bySelf(
      LocalProcess owner, boolean linked, Function<LocalProcess, TaskProcess> process) {
    owner.node.start(process.apply(owner), linked ? owner : null);
  }
}
