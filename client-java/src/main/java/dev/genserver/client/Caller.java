package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.WireError;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Sends requests over a connection and keeps their time. Thread-safe.
///
/// However a request ends, it does so once, through [Request#end]; so whoever comes first decides:
/// the answer, the timer, the interrupt, the loss of the connection.
final class Caller {

  private final Connection connection;
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, Caller::timerThread, new DiscardPolicy());
  private volatile int maxFrame = Framing.DEFAULT_MAX_FRAME;

  Caller(Connection connection) {
    this.connection = connection;
    timers.setRemoveOnCancelPolicy(true);
  }

  /// Frames longer than this are refused before they are sent.
  void limitFrames(int maxFrame) {
    this.maxFrame = maxFrame;
  }

  void close() {
    timers.shutdownNow();
  }

  /// Sends the request that `message` makes of an id, and waits for its end.
  Outcome exchange(LongFunction<ClientMessage> message, Deadline deadline) {
    return exchange(connection.newRequest(), message, deadline);
  }

  /// Sends `request` as what `message` makes of its id, and waits for its end.
  Outcome exchange(Request request, LongFunction<ClientMessage> message, Deadline deadline) {
    var sent = message.apply(request.id());
    send(request, sent, true, deadline);
    try {
      return request.outcome().get(deadline.leftForAnswer(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      giveUp(request, sent, timedOut(deadline));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(request, sent, interrupted(Executed.MAYBE));
    } catch (ExecutionException e) {
      throw new AssertionError("outcomes do not fail", e);
    }
    return request.outcome().join();
  }

  /// Sends a request and gives what `read` makes of its end, on a thread of the common pool. When
  /// the future is cancelled, or ended otherwise, so is the request.
  <R extends @Nullable Object> CompletableFuture<R> exchangeAsync(
      LongFunction<ClientMessage> message, Deadline deadline, Function<Outcome, R> read) {
    return exchangeAsync(connection.newRequest(), message, deadline, read);
  }

  /// The same for a request that is made already.
  <R extends @Nullable Object> CompletableFuture<R> exchangeAsync(
      Request request,
      LongFunction<ClientMessage> message,
      Deadline deadline,
      Function<Outcome, R> read) {
    var sent = message.apply(request.id());
    send(request, sent, false, deadline);
    var timer = timer(request, sent, deadline);
    var result = new CompletableFuture<R>();
    var unusedRead =
        request
            .outcome()
            .thenAcceptAsync(outcome -> {
              timer.cancel(false);
              complete(result, read, outcome);
            });
    var unusedEnd =
        result.whenComplete((value, problem) -> giveUp(request, sent, interrupted(Executed.MAYBE)));
    return result;
  }

  private static <R extends @Nullable Object> void complete(
      CompletableFuture<R> result, Function<Outcome, R> read, Outcome outcome) {
    try {
      result.complete(read.apply(outcome));
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  /// Sends what has no answer.
  ///
  /// @throws GenServerException if it could not even be queued
  void sendSilently(String what, ClientMessage message, Deadline deadline) {
    var request = connection.unansweredRequest();
    send(request, message, false, deadline);
    var end = request.outcome().getNow(null);
    if (end != null) {
      end.resultOf(what);
    }
  }

  private void send(Request request, ClientMessage message, boolean urgent, Deadline deadline) {
    var frame = Connection.frame(message);
    int size = frame.length() - Framing.HEADER_BYTES;
    var problem = Framing.checkLength(size, maxFrame);
    try {
      if (problem == null) {
        connection.send(request, frame, urgent, deadline.left());
        return;
      }
    } catch (TimeoutException e) {
      problem =
          new WireError(
              ErrorCode.TIMEOUT,
              "it could not be written within %s; the daemon does not read this connection"
                  .formatted(deadline),
              Executed.NO,
              Map.of("phase", "sending"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = interrupted(Executed.NO);
    }
    connection.forget(request);
    request.end(new Outcome.Failed(problem));
  }

  private Future<?> timer(Request request, ClientMessage sent, Deadline deadline) {
    long left = deadline.leftForAnswer();
    return left == Long.MAX_VALUE || request.outcome().isDone()
        ? CompletableFuture.completedFuture(null)
        : timers.schedule(
            () -> giveUp(request, sent, timedOut(deadline)), left, TimeUnit.NANOSECONDS);
  }

  /// Ends a request that is still open.
  private void giveUp(Request request, ClientMessage sent, WireError error) {
    boolean wasOpen;
    if (sent instanceof ClientMessage.Call) {
      wasOpen = connection.cancel(request, new ClientMessage.Cancel(RequestId.of(request.id())));
    } else if (sent instanceof ClientMessage.Monitor) {
      wasOpen = true; // and stays so: when its late answer tells the ref, it is taken back
    } else {
      wasOpen = connection.forget(request);
    }
    if (wasOpen) {
      request.end(new Outcome.Failed(error));
    }
  }

  private static WireError timedOut(Deadline deadline) {
    return new WireError(
        ErrorCode.TIMEOUT,
        "no answer within %s, not even the daemon's; it or the network is stuck, or it answers late"
            .formatted(deadline),
        Executed.MAYBE,
        Map.of("phase", "answer"));
  }

  private static WireError interrupted(Executed executed) {
    return new WireError(
        ErrorCode.CANCELLED, "the waiting thread was interrupted", executed, Map.of());
  }

  private static Thread timerThread(@Nullable Runnable task) {
    var thread = new Thread(task, "genserver-client-timers");
    thread.setDaemon(true);
    return thread;
  }
}
