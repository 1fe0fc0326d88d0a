package dev.genserver.examples.ratelimiter;

import dev.genserver.examples.ratelimiter.RateLimiter.Call;
import dev.genserver.examples.ratelimiter.RateLimiter.State;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.testkit.RecordingProcess;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.Optional;

/// A rate limiter that is handed one message after the other, with the state that the last one
/// left.
final class RateLimiterRun {

  private final RecordingProcess process = new RecordingProcess();
  private final RateLimiter limiter = new RateLimiter(process::nanoTime);
  private State state;

  RateLimiterRun(Args args) {
    state = ((Init.Ok<State>) limiter.init(args)).state();
  }

  RecordingProcess process() {
    return process;
  }

  State state() {
    return state;
  }

  TestFrom acquire(String bucket) {
    return acquire(bucket, 1);
  }

  /// Calls with a caller that gets its answer either way: deferred, or as the result.
  TestFrom acquire(String bucket, long tokens) {
    var from = new TestFrom();
    handle(new Call.Acquire(bucket, Optional.of(tokens)), from);
    return from;
  }

  Object call(Call request) {
    var from = new TestFrom();
    handle(request, from);
    return from.answer();
  }

  void handle(Call request, From from) {
    switch (process.run(() -> limiter.handleCall(request, from, state))) {
      case CallResult.Reply<State> result -> {
        from.reply(result.value());
        state = result.state();
      }
      case Result.NoReply<State> result -> state = result.state();
      case CallResult<State> other -> throw new AssertionError(other);
    }
  }

  void info(InfoMessage message) {
    var result = process.run(() -> limiter.handleInfo(message, state));
    state = ((Result.NoReply<State>) result).state();
  }

  /// Moves time on and handles the messages of the timers that fire.
  void advance(Duration time) {
    process.advance(time).forEach(this::info);
  }
}
