package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import org.jspecify.annotations.Nullable;

/// How a call ended; each ends in exactly one way.
public sealed interface Outcome {

  /// The process answered.
  record Replied(@Nullable Object value) implements Outcome {}

  /// The process ended before it answered.
  ///
  /// @param phase where the call was then; only one that was queued has surely not run
  record Exited(Pid pid, ExitReason reason, Phase phase) implements Outcome {}

  /// The message could not be decoded; the process did not see it and goes on.
  record Undecodable(RuntimeException cause) implements Outcome {}

  /// The deadline passed first.
  record Expired(Phase phase) implements Outcome {}

  /// The caller gave it up.
  record Cancelled(Phase phase) implements Outcome {}
}
