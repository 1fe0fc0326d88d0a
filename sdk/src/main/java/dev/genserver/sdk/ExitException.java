package dev.genserver.sdk;

/// Ends the process that throws it, with its reason, unless caught.
///
/// @otp exit/1
public class ExitException extends RuntimeException {

  private final transient ExitReason reason;

  public ExitException(ExitReason reason) {
    this(reason, "exit: " + reason);
  }

  ExitException(ExitReason reason, String message) {
    super(message, reason instanceof ExitReason.Failure failure ? failure.exception() : null);
    this.reason = reason;
  }

  /// Why the process ends.
  public final ExitReason reason() {
    return reason;
  }
}
