package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;

/// A message on its way at a later time. Thread-safe.
///
/// @otp the reference that erlang:send_after/3 returns
public interface TimerRef {

  /// Cancels the timer.
  ///
  /// @return the time that was left; empty if it had fired or was cancelled before
  /// @otp erlang:cancel_timer/1
  Optional<Duration> cancel();

  /// The time that is left; empty if it has fired or was cancelled.
  ///
  /// @otp erlang:read_timer/1
  Optional<Duration> remaining();
}
