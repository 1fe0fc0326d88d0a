package dev.genserver.client;

import dev.genserver.protocol.WireError;
import java.util.Map;

/// The process ended before it answered.
public final class ProcessExitException extends GenServerException {

  ProcessExitException(String what, WireError error) {
    super(what, error);
  }

  /// The kind of its exit reason, such as `error`, `shutdown` or `killed`; `other` if the daemon
  /// did not say. `details().get("reason")` has all of it.
  public String reasonKind() {
    return details().get("reason") instanceof Map<?, ?> reason
            && reason.get("kind") instanceof String kind
        ? kind
        : "other";
  }
}
