package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The process ended before it answered.
public final class ProcessExitException extends GenServerException {

  ProcessExitException(String what, WireError error) {
    super(what, error);
  }

  /// Why it ended.
  public ExitReason reason() {
    return ExitReason.of(details().get("reason"));
  }

  /// The kind of its exit reason, such as `error`, `shutdown` or `killed`; `other` if the daemon
  /// did not say. `details().get("reason")` has all of it.
  public String reasonKind() {
    return reason().kind();
  }
}
