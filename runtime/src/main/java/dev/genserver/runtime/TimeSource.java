package dev.genserver.runtime;

/// Where a node's time comes from, so that a test can hold it. Thread-safe.
public interface TimeSource {

  /// A monotonic time in nanoseconds, as [System#nanoTime].
  long nanoTime();

  /// Runs `task` when `delayNanos` have passed, never earlier. The task must be short and not
  /// block.
  Timer schedule(long delayNanos, Runnable task);

  /// A task that waits for its time.
  interface Timer {

    /// Keeps the task from running.
    ///
    /// @return false if it has run, is about to, or was cancelled before
    boolean cancel();
  }
}
