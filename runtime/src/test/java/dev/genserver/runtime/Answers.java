package dev.genserver.runtime;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import org.jspecify.annotations.Nullable;

/// What callbacks of a [Scripted] server answer; a GenServer's own methods of that kind are
/// protected.
final class Answers {

  private Answers() {}

  static Init.Ok<Object> ok(Object state) {
    return new Init.Ok<>(state, Action.NONE);
  }

  static CallResult.Reply<Object> reply(@Nullable Object value, Object state) {
    return new CallResult.Reply<>(value, state, Action.NONE);
  }

  static Result.NoReply<Object> noReply(Object state) {
    return new Result.NoReply<>(state, Action.NONE);
  }

  static Result.Stop<Object> stop(ExitReason reason, Object state) {
    return new Result.Stop<>(reason, state);
  }
}
