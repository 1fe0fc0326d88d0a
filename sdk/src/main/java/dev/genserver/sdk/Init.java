package dev.genserver.sdk;

import java.time.Duration;

/// What [GenServer#init] answers.
///
/// @param <S> the server's state
public sealed interface Init<S> {

  /// The process runs on with `state`.
  record Ok<S>(S state, Action action) implements Init<S> {

    /// Has `continuation` handed to [GenServer#handleContinue] before any message. The starter does
    /// not wait for it.
    public Ok<S> then(Object continuation) {
      return new Ok<>(state, new Action.Continue(continuation));
    }

    /// Has [InfoMessage.Timeout] sent if no message comes within `idle`.
    public Ok<S> timeout(Duration idle) {
      return new Ok<>(state, new Action.Timeout(idle));
    }

    /// Says that no message is expected soon.
    public Ok<S> hibernate() {
      return new Ok<>(state, new Action.Hibernate());
    }
  }

  /// The process does not run; the starter is told `ignore`.
  record Ignore<S>() implements Init<S> {}

  /// The start fails and the process ends with `reason`, which also reaches a linked starter.
  record Stop<S>(ExitReason reason) implements Init<S> {}

  /// The start fails with `reason`; a linked starter is not harmed.
  record Fail<S>(ExitReason reason) implements Init<S> {}
}
