package dev.genserver.runtime;

import java.util.function.BooleanSupplier;

/// Waits for what becomes of a task.
///
/// @param target the task, or one of several
/// @param needed whether the wait is in vain without it: not if it waits for a while only, or for
///   any of several
/// @param over tells whether it has come
record TaskWait(LocalProcess target, long since, boolean needed, BooleanSupplier over)
    implements Wait {

  @Override
  public String what() {
    return "result";
  }

  @Override
  public boolean isBinding() {
    return needed && target.isAlive();
  }

  @Override
  public boolean isOver() {
    return over.getAsBoolean();
  }
}
