package dev.genserver.sdk;

import java.time.Duration;

/// How a [stream of tasks][Tasks#asyncStream] runs. Immutable.
///
/// @param maxConcurrency how many tasks run at once at most; 1 or more
/// @param ordered whether results come in the order of the inputs, else in the order of completion
/// @param timeout how long each task may take, or [Timeouts#INFINITY]; one that takes longer is
///   killed
/// @param onTimeout what happens then
/// @param zipInputOnExit whether [TaskResult.Exit] tells the input
/// @otp the options of Task.async_stream/3
public record StreamOptions(
    int maxConcurrency,
    boolean ordered,
    Duration timeout,
    OnTimeout onTimeout,
    boolean zipInputOnExit) {

  /// What happens when a task takes too long.
  public enum OnTimeout {
    /// Reading the stream throws [TaskException] with [ExitReason#TIMEOUT]; all its tasks end.
    EXIT,
    /// The element is a [TaskResult.Exit] with [ExitReason#TIMEOUT].
    KILL_TASK
  }

  public StreamOptions {
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException(
          "maxConcurrency " + maxConcurrency + " must be at least 1");
    }
    Timeouts.toNanos(timeout);
  }

  /// As many tasks as there are processors, results in order, 5 seconds for each task.
  public static StreamOptions defaults() {
    return new StreamOptions(
        Runtime.getRuntime().availableProcessors(), true, Timeouts.DEFAULT, OnTimeout.EXIT, false);
  }

  public StreamOptions maxConcurrency(int maxConcurrency) {
    return new StreamOptions(maxConcurrency, ordered, timeout, onTimeout, zipInputOnExit);
  }

  /// Results in the order of completion.
  public StreamOptions unordered() {
    return new StreamOptions(maxConcurrency, false, timeout, onTimeout, zipInputOnExit);
  }

  public StreamOptions timeout(Duration timeout) {
    return new StreamOptions(maxConcurrency, ordered, timeout, onTimeout, zipInputOnExit);
  }

  public StreamOptions onTimeout(OnTimeout onTimeout) {
    return new StreamOptions(maxConcurrency, ordered, timeout, onTimeout, zipInputOnExit);
  }

  public StreamOptions withInputOnExit() {
    return new StreamOptions(maxConcurrency, ordered, timeout, onTimeout, true);
  }
}
