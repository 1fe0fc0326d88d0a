package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// What became of a task.
///
/// @otp `{:ok, value}` or `{:exit, reason}`
public sealed interface TaskResult<R extends @Nullable Object> {

  /// It gave a result.
  record Ok<R extends @Nullable Object>(R value) implements TaskResult<R> {
    @Override
    public String toString() {
      return "{ok, " + value + "}";
    }
  }

  /// It ended without a result.
  ///
  /// @param input what a [stream][Tasks#asyncStream] handed to it, if
  ///   [StreamOptions#zipInputOnExit()] asks for that; else null
  record Exit<R extends @Nullable Object>(ExitReason reason, @Nullable Object input)
      implements TaskResult<R> {

    public Exit(ExitReason reason) {
      this(reason, null);
    }

    @Override
    public String toString() {
      return input == null ? "{exit, " + reason + "}" : "{exit, {" + input + ", " + reason + "}}";
    }
  }
}
