package dev.genserver.sdk;

import java.time.Duration;

/// A call (or a stop) failed. Uncaught it ends the calling process with the same reason.
///
/// The reason tells the cases apart: [ExitReason#NOPROC], [ExitReason#TIMEOUT],
/// [ExitReason#CALLING_SELF], [ExitReason.CallCycle], [ExitReason.NodeDown], else the reason with
/// which the called process ended.
///
/// @otp the exit of gen_server:call/3, `{Reason, {gen_server, call, [Server, Request, Timeout]}}`
public final class CallException extends ExitException {

  private final transient ServerRef server;
  private final transient Object request;
  private final Duration timeout;

  public CallException(ExitReason reason, ServerRef server, Object request, Duration timeout) {
    super(reason, describe(reason, server, request, timeout));
    this.server = server;
    this.request = request;
    this.timeout = timeout;
  }

  /// What was called.
  public ServerRef server() {
    return server;
  }

  /// What was asked.
  public Object request() {
    return request;
  }

  /// How long the caller was ready to wait.
  public Duration timeout() {
    return timeout;
  }

  private static String describe(
      ExitReason reason, ServerRef server, Object request, Duration timeout) {
    var what = "call to " + server + " failed: " + reason;
    return switch (reason) {
      case ExitReason.NoProc _ -> what + ", no such process; request " + request;
      case ExitReason.NodeDown _ -> what + ", that node is not connected; request " + request;
      case ExitReason.Timeout _ ->
          what + ", no reply within " + timeout + "; the server may still act on " + request;
      case ExitReason.CallingSelf _ ->
          what + ", a process cannot wait for itself; request " + request;
      case ExitReason.CallCycle _ ->
          what + ", each waits for the next one to answer; request " + request;
      default -> what + ", the process ended before it answered " + request;
    };
  }
}
