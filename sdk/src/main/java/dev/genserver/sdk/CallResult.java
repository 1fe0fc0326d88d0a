package dev.genserver.sdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What [GenServer#handleCall] answers: a reply, a stop with a reply, or any [Result].
///
/// @param <S> the server's state
public sealed interface CallResult<S> permits CallResult.Reply, CallResult.StopWithReply, Result {

  /// Answers the caller with `value` and goes on with `state`.
  record Reply<S>(@Nullable Object value, S state, Action action) implements CallResult<S> {

    /// Has `continuation` handed to [GenServer#handleContinue], after the reply and before any
    /// message.
    public Reply<S> then(Object continuation) {
      return new Reply<>(value, state, new Action.Continue(continuation));
    }

    /// Has [InfoMessage.Timeout] sent if no message comes within `idle`.
    public Reply<S> timeout(Duration idle) {
      return new Reply<>(value, state, new Action.Timeout(idle));
    }

    /// Says that no message is expected soon.
    public Reply<S> hibernate() {
      return new Reply<>(value, state, new Action.Hibernate());
    }
  }

  /// Ends the process with `reason`; the caller gets `value` after [GenServer#terminate] has run.
  record StopWithReply<S>(ExitReason reason, @Nullable Object value, S state)
      implements CallResult<S> {}
}
