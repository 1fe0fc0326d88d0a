package dev.genserver.sdk;

import java.time.Duration;

/// How [Tasks#yieldMany] waits. Immutable.
///
/// @param timeout how long to wait for all of them, or [Timeouts#INFINITY]
/// @param limit after how many results to wait no longer; 1 or more
/// @param onTimeout what happens to the tasks that are not over by then
/// @otp the options of Task.yield_many/2
public record YieldOptions(Duration timeout, int limit, OnTimeout onTimeout) {

  /// What happens to a task that was not over in time.
  public enum OnTimeout {
    /// It runs on and can be asked again.
    NOTHING,
    /// It is [ignored][Task#ignore].
    IGNORE,
    /// It is killed.
    KILL_TASK
  }

  public YieldOptions {
    Timeouts.toNanos(timeout);
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + " must be at least 1");
    }
  }

  /// Waits `timeout` for all; those that are not over run on.
  public static YieldOptions within(Duration timeout) {
    return new YieldOptions(timeout, Integer.MAX_VALUE, OnTimeout.NOTHING);
  }

  public YieldOptions limit(int limit) {
    return new YieldOptions(timeout, limit, onTimeout);
  }

  public YieldOptions onTimeout(OnTimeout onTimeout) {
    return new YieldOptions(timeout, limit, onTimeout);
  }
}
