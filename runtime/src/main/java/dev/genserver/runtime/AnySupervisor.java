package dev.genserver.runtime;

import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import java.time.Duration;

/// What all kinds of supervisors have in common: what they take for a request, whom they restart,
/// and when it is too often.
///
/// They take requests by their handles alone. What else anybody sends them does them no harm: a
/// call fails, the rest is logged.
///
/// @param <S> the children
abstract class AnySupervisor<S> extends GenServer<S, Object, Object> implements Supervising {

  /// What a handle asks.
  interface Request {}

  /// A request that changes something.
  interface Change {}

  private static final ExitReason BADARG =
      ExitReason.of("badarg: this process is a supervisor and does not take that; use its handle");

  private RestartWindow restarts; // another when the code changes

  AnySupervisor(int intensity, Duration period) {
    this.restarts = new RestartWindow(intensity, period);
  }

  /// Counts restarts from now on, against other limits.
  final void limitRestarts(int intensity, Duration period) {
    restarts = new RestartWindow(intensity, period);
  }

  @Override
  public final CallResult<S> handleCall(Object request, From from, S children) {
    return request instanceof Request known
        ? handle(known, from, children)
        : refuse(from, children);
  }

  abstract CallResult<S> handle(Request request, From from, S children);

  /// Fails a call that is none for this kind of supervisor, and goes on.
  final CallResult<S> refuse(From from, S children) {
    if (from instanceof Call call) {
      call.exited(self(), BADARG);
    }
    return noReply(children);
  }

  @Override
  public final Result<S> handleCast(Object message, S children) {
    Supervision.reportUnexpected(message);
    return noReply(children);
  }

  @Override
  public final Result<S> handleInfo(InfoMessage message, S children) {
    return switch (message) {
      case InfoMessage.Exit(Pid pid, ExitReason reason) -> ended(pid, reason, children);
      case InfoMessage.Message(Child.Retry retry) -> again(retry, children);
      case InfoMessage.Message _,
          InfoMessage.Timeout _,
          InfoMessage.Down _,
          InfoMessage.Reply _ -> {
        Supervision.reportUnexpected(message);
        yield noReply(children);
      }
    };
  }

  private Result<S> again(Child.Retry retry, S children) {
    if (!retry.isCurrent()) {
      return noReply(children);
    }
    return retry.counted()
        ? startAgain(retry.child(), retry.reason(), children)
        : restart(retry.child(), retry.reason(), children);
  }

  /// Takes the end of a child, or of somebody else who was linked.
  abstract Result<S> ended(Pid pid, ExitReason reason, S children);

  /// Counts a restart and begins it.
  abstract Result<S> restart(Child child, ExitReason reason, S children);

  /// Starts a child again, now.
  abstract Result<S> startAgain(Child child, ExitReason reason, S children);

  static boolean mustRestart(Child child, ExitReason reason) {
    return switch (child.spec.restart()) {
      case PERMANENT -> true;
      case TRANSIENT -> !ExitReason.isExpected(reason);
      case TEMPORARY -> false;
    };
  }

  /// Counts a restart.
  ///
  /// @return false if it is one too many
  final boolean count(Child child, ExitReason reason) {
    var allowed = restarts.add(node().time().nanoTime());
    if (!allowed) {
      Supervision.reportExhausted(child, reason, restarts);
    }
    return allowed;
  }

  final void reportRestarted(Child child, ExitReason reason) {
    Supervision.reportRestarted(child, reason, restarts);
  }

  @Override
  public final void terminate(ExitReason reason, S children) {
    endAll(children);
  }

  abstract void endAll(S children);

  static Node node() {
    return Supervision.context().process().node;
  }
}
