package dev.genserver.daemon.http;

import dev.genserver.daemon.request.CallAnswer;
import dev.genserver.daemon.request.Failures;
import dev.genserver.daemon.request.OutsideCall;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A call that came over HTTP, and whose answer a thread waits for.
final class HttpCall extends OutsideCall {

  private final int maxResult;
  private final HttpCaller caller;
  private final CompletableFuture<CallAnswer> answer = new CompletableFuture<>();

  /// Starts the clock.
  ///
  /// @param trace what goes on of that which the request brings
  /// @param maxResult how long the result may be, in bytes
  HttpCall(
      Message message,
      Recipient recipient,
      @Nullable TraceContext trace,
      Guest guest,
      Node node,
      Callers callers,
      long timeoutNanos,
      int maxResult) {
    super(
        message.to(),
        recipient,
        message.msg(),
        Map.of(),
        message.trace(),
        trace,
        node.time(),
        timeoutNanos);
    this.maxResult = maxResult;
    this.caller = new HttpCaller(guest, node, callers, this::callerEnded);
  }

  /// Waits for the answer, which comes at the latest when the time is up.
  CallAnswer await() {
    var left = remainingNanos();
    try {
      return left == Long.MAX_VALUE ? answer.get() : answer.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      expire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cancel();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer is never made of an exception", e);
    }
    return answer.join(); // it is there, or about to be
  }

  @Override
  protected void answer(Outcome outcome) {
    answer.complete(CallAnswer.of(this, outcome, maxResult));
    caller.end(outcome instanceof Outcome.Cancelled ? ExitReason.NOCONNECTION : ExitReason.NORMAL);
  }

  /// A process has ended the one that stands for the caller, unless the call was over before.
  private void callerEnded(ExitReason reason) {
    answer.complete(
        new CallAnswer.Failure(
            new WireError(
                ErrorCode.UNAVAILABLE,
                "a process has ended this request: " + Failures.shown(reason),
                Executed.MAYBE,
                Map.of())));
    cancel();
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(caller.pid());
  }
}
