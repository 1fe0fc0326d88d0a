package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.WireError;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes requests, keeps their time, and asks again where that is wanted. Thread-safe.
final class Caller {

  private final Connector connector;
  private final ScheduledExecutorService timers;
  private final Listeners listeners;
  private final Casts casts;
  private final Retry retry;
  private final Waits waits;

  Caller(
      Connector connector,
      ScheduledExecutorService timers,
      Listeners listeners,
      Casts casts,
      Retry retry) {
    this.connector = connector;
    this.timers = timers;
    this.listeners = listeners;
    this.casts = casts;
    this.retry = retry;
    this.waits = new Waits(timers);
  }

  /// Asks, and waits for the end.
  Outcome exchange(Ask ask, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      var observed = listeners.began(ask.op(), ask.to(), attempt);
      var outcome = exchange(request(ask, observed, deadline), ask.op());
      observed.ended(outcome);
      long pause = pauseAfter(outcome, ask.op(), attempt, deadline);
      if (pause < 0) {
        return outcome.after(attempt);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Refused(interrupted(Executed.NO)).after(attempt);
      }
      if (deadline.left() <= 0) {
        return outcome.after(attempt);
      }
    }
  }

  private Outcome exchange(Request request, ClientListener.Op op) {
    var deadline = request.deadline();
    try {
      connector.send(request, true);
      return await(request);
    } catch (TimeoutException e) {
      giveUp(request, op, executed -> timedOut(deadline, executed));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(request, op, Caller::interrupted);
    } catch (ExecutionException e) {
      throw new AssertionError("outcomes do not fail", e);
    }
    return request.outcome().join();
  }

  private Outcome await(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (waits.await(request)) {
      return request.outcome().join();
    }
    withdraw(request);
    return request.outcome().get(request.deadline().leftForAnswer(), TimeUnit.NANOSECONDS);
  }

  /// What still waits for a connection has no answer to wait for.
  private boolean withdraw(Request request) {
    return request.queuedOn() == null && connector.withdraw(request, connector.unconnected());
  }

  /// Asks, and gives what `read` makes of the end, on a thread of the common pool. When the future
  /// is cancelled, or ended otherwise, so is the request.
  <R extends @Nullable Object> CompletableFuture<R> exchangeAsync(
      Ask ask, Deadline deadline, Function<Outcome, R> read) {
    var result = new CompletableFuture<R>();
    attempt(ask, 1, deadline, result, read);
    return result;
  }

  private <R extends @Nullable Object> void attempt(
      Ask ask,
      int attempt,
      Deadline deadline,
      CompletableFuture<R> result,
      Function<Outcome, R> read) {
    var observed = listeners.began(ask.op(), ask.to(), attempt);
    var request = request(ask, observed, deadline);
    send(request);
    var timer = timer(request, ask.op());
    var unusedEnd =
        request
            .outcome()
            .thenAcceptAsync(outcome -> {
              timer.cancel(false);
              observed.ended(outcome);
              long pause = result.isDone() ? -1 : pauseAfter(outcome, ask.op(), attempt, deadline);
              if (pause < 0) {
                complete(result, read, outcome.after(attempt));
              } else {
                CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS)
                    .execute(() -> attempt(ask, attempt + 1, deadline, result, read));
              }
            });
    var unusedCancel =
        result.whenComplete((value, problem) -> giveUp(request, ask.op(), Caller::interrupted));
  }

  private static <R extends @Nullable Object> void complete(
      CompletableFuture<R> result, Function<Outcome, R> read, Outcome outcome) {
    try {
      result.complete(read.apply(outcome));
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  /// Casts, and does not wait for any answer.
  ///
  /// @throws GenServerException if the cast could not even be queued
  void cast(String to, RawJson msg, Deadline deadline) {
    var observed = listeners.began(ClientListener.Op.CAST, to, 1);
    var message = new ClientMessage.Cast(null, to, msg, Map.of(), observed.traceparent());
    var request = Request.silent(Request.frame(message), deadline);
    send(request);
    var refusal = request.outcome().getNow(null);
    if (refusal == null) {
      casts.accepted();
      observed.taken();
    } else {
      casts.refused();
      observed.ended(refusal);
      var unused = refusal.resultOf("cast to '" + to + "'");
    }
  }

  private Request request(Ask ask, Listeners.Observed observed, Deadline deadline) {
    long id = connector.newId();
    var trace = observed.traceparent();
    return new Request(
        id, deadline, millis -> ask.message().of(RequestId.of(id), millis, trace), ask.onResult());
  }

  private void send(Request request) {
    try {
      connector.send(request, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.end(new Outcome.Refused(interrupted(Executed.NO)));
    }
  }

  private Future<?> timer(Request request, ClientListener.Op op) {
    long left = request.deadline().left();
    return left == Long.MAX_VALUE || request.outcome().isDone()
        ? CompletableFuture.completedFuture(null)
        : timers.schedule(() -> timeIsUp(request, op), left, TimeUnit.NANOSECONDS);
  }

  private void timeIsUp(Request request, ClientListener.Op op) {
    if (!withdraw(request)) {
      var unused =
          timers.schedule(
              () -> giveUp(request, op, executed -> timedOut(request.deadline(), executed)),
              request.deadline().leftForAnswer(),
              TimeUnit.NANOSECONDS);
    }
  }

  /// Ends a request that has not ended.
  ///
  /// @param why what it ends with, by whether it may have been executed
  private void giveUp(Request request, ClientListener.Op op, Function<Executed, WireError> why) {
    if (request.queuedOn() == null) {
      var unsent = new Outcome.Refused(why.apply(Executed.NO));
      if (connector.withdraw(request, unsent)) {
        return;
      }
    }
    // It may have been queued just now.
    var connection = request.queuedOn();
    if (connection == null) {
      request.end(new Outcome.Refused(why.apply(Executed.NO)));
      return;
    }
    boolean wasOpen =
        switch (op) {
          case CALL -> connection.cancel(request);
          case MONITOR ->
              true; // and stays so: when its late answer tells the ref, it is taken back
          case CAST, CONFIRMED_CAST, PING -> connection.forget(request);
        };
    if (wasOpen) {
      request.end(new Outcome.Refused(why.apply(Executed.MAYBE)));
    }
  }

  /// How long to wait before the next attempt, in nanoseconds; negative if there is none.
  private long pauseAfter(Outcome outcome, ClientListener.Op op, int attempt, Deadline deadline) {
    boolean isRetried = op == ClientListener.Op.CALL || op == ClientListener.Op.CONFIRMED_CAST;
    if (!isRetried || connector.isClosing() || !retry.isWorth(outcome, attempt)) {
      return -1;
    }
    long pause = retry.pause(attempt, ThreadLocalRandom.current().nextDouble());
    return pause < deadline.left() ? pause : -1;
  }

  private static WireError timedOut(Deadline deadline, Executed executed) {
    return new WireError(
        ErrorCode.TIMEOUT,
        "no answer within %s, not even the daemon's; it or the network is stuck, or it answers late"
            .formatted(deadline),
        executed,
        Map.of("phase", "answer"));
  }

  private static WireError interrupted(Executed executed) {
    return new WireError(
        ErrorCode.CANCELLED, "the waiting thread was interrupted", executed, Map.of());
  }
}
