package dev.genserver.daemon.binding;

import org.jspecify.annotations.Nullable;

/// A value is not what its reader takes; becomes a [BadMessageException] at the border, where the
/// known types are added. Has no stack trace.
final class RefusedException extends RuntimeException {

  private final @Nullable String suggestion;

  RefusedException(String message, @Nullable String suggestion) {
    super(message, null, false, false);
    this.suggestion = suggestion;
  }

  @Nullable String suggestion() {
    return suggestion;
  }
}
