package dev.genserver.runtime;

/// Waits for what becomes of a task.
///
/// @param target the task, or one of several
/// @param needed whether the wait is in vain without it: not if it waits for a while only, or for
///   any of several
record TaskWait(LocalProcess target, long since, boolean needed) implements Wait {

  @Override
  public String what() {
    return "result";
  }

  @Override
  public boolean isBinding() {
    return needed && target.isAlive();
  }
}
