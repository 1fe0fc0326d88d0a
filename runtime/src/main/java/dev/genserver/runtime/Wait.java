package dev.genserver.runtime;

/// What the code of a process waits for: something that another process has to do.
interface Wait {

  /// The process that has to do it.
  LocalProcess target();

  /// What it has to do, for people: `call Add[by=3]`.
  String what();

  /// Since when, in the node's time.
  long since();

  /// Whether nobody but the target, with its own thread, can end this wait. Not so for a call whose
  /// reply was deferred: any process may send that.
  boolean isBinding();

  /// Whether it has been done: who waits for it goes on now, though it may not have come so far
  /// yet.
  boolean isOver();
}
