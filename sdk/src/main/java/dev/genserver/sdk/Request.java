package dev.genserver.sdk;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What is known of a call or a cast besides its message. Thread-safe.
public interface Request {

  /// The process that asks. For a request from outside the node it stands for the connection over
  /// which that came: it can be monitored and linked, and ends when the connection does, as
  /// `normal` if the client closed it with nothing open, else as [ExitReason#NOCONNECTION], or as
  /// `shutdown` where the daemon ended it.
  ///
  /// @return empty if it was no process that asked, or a local cast, which does not tell
  Optional<Pid> caller();

  /// The time that the caller still waits; empty if it set no limit that this side knows, and for
  /// casts.
  Optional<Duration> remaining();

  /// What the caller sent along; empty for local requests.
  Map<String, String> meta();

  /// Which trace the request belongs to: a W3C traceparent, as the caller sent it, unchecked if it
  /// came from outside. A valid one goes on by itself, see [ProcessContext#trace].
  default Optional<String> trace() {
    return Optional.empty();
  }
}
