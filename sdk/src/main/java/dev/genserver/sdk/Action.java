package dev.genserver.sdk;

import java.time.Duration;

/// What a process does after a callback, before or instead of waiting for the next message.
///
/// @otp the last element of gen_server's `{reply, ...}` and `{noreply, ...}`
public sealed interface Action {

  /// Waits for the next message.
  Action NONE = new None();

  /// Waits for the next message.
  record None() implements Action {}

  /// Runs [GenServer#handleContinue] before any message.
  record Continue(Object continuation) implements Action {}

  /// Delivers [InfoMessage.Timeout] if no message comes within `idle`. Zero means at once unless a
  /// message waits already; [Timeouts#INFINITY] means never; a negative time is a bad return value.
  record Timeout(Duration idle) implements Action {}

  /// Says that no message is expected soon. An idle process here holds neither a thread nor a
  /// stack, so nothing more is given back.
  record Hibernate() implements Action {}
}
