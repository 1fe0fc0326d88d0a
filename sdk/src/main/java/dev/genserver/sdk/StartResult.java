package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// What came of a start.
///
/// @otp `{ok, Pid}`, `{ok, Pid, Info}`, `ignore`, `{error, {already_started, Pid}}`, `{error,
///   Reason}`
public sealed interface StartResult {

  /// It runs.
  ///
  /// @param info what a start function tells of it besides, as in `{ok, Pid, Info}`
  record Ok(Pid pid, @Nullable Object info) implements StartResult {
    public Ok(Pid pid) {
      this(pid, null);
    }
  }

  /// Its `init` said ignore.
  record Ignore() implements StartResult {}

  /// Another process holds the name.
  record AlreadyStarted(Pid pid) implements StartResult {}

  /// It does not run.
  record Failed(ExitReason reason) implements StartResult {}

  /// The pid of the process that was started.
  ///
  /// @throws IllegalStateException if none was
  default Pid pidOrThrow() {
    return switch (this) {
      case Ok(Pid pid, _) -> pid;
      case Ignore() -> throw new IllegalStateException("not started: its init answered ignore");
      case AlreadyStarted(Pid pid) ->
          throw new IllegalStateException("not started: " + pid + " holds the name already");
      case Failed(ExitReason reason) ->
          throw new IllegalStateException(
              "not started: " + reason,
              reason instanceof ExitReason.Failure failure ? failure.exception() : null);
    };
  }
}
