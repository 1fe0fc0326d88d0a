package dev.genserver.sdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the callbacks other than `init` and `terminate` may answer.
///
/// @param <S> the server's state
public sealed interface Result<S> extends CallResult<S> {

  /// Goes on with `state`. In [GenServer#handleCall] the caller waits for [From#reply].
  record NoReply<S>(S state, Action action) implements Result<S> {

    /// Has `continuation` handed to [GenServer#handleContinue] before any message.
    public NoReply<S> then(Object continuation) {
      return new NoReply<>(state, new Action.Continue(continuation));
    }

    /// Has [InfoMessage.Timeout] sent if no message comes within `idle`.
    public NoReply<S> timeout(Duration idle) {
      return new NoReply<>(state, new Action.Timeout(idle));
    }

    /// Says that no message is expected soon.
    public NoReply<S> hibernate() {
      return new NoReply<>(state, new Action.Hibernate());
    }
  }

  /// Ends the process with `reason`. A caller that is being served fails with it.
  record Stop<S>(ExitReason reason, S state) implements Result<S> {

    /// The same, with a reply to the caller that is being served.
    public StopWithReply<S> replying(@Nullable Object value) {
      return new StopWithReply<>(reason, value, state);
    }
  }
}
