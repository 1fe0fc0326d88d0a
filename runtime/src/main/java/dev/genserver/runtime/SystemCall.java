package dev.genserver.runtime;

import org.jspecify.annotations.Nullable;

/// A request to the runtime of a server, not to its callbacks.
///
/// @otp the message `{system, From, Request}`
final class SystemCall extends LocalCall {

  private final SystemRequest request;
  private final boolean urgent;

  /// @param urgent whether it overtakes the messages that wait
  SystemCall(
      LocalProcess target,
      SystemRequest request,
      boolean urgent,
      @Nullable LocalProcess caller,
      TimeSource time,
      long timeoutNanos) {
    super(target, request, caller, null, time, timeoutNanos);
    this.request = request;
    this.urgent = urgent;
  }

  @Override
  void send() {
    if (urgent && target() instanceof MailboxProcess server) {
      server.deliverUrgent(this);
    } else {
      super.send();
    }
  }

  SystemRequest request() {
    return request;
  }
}
