package dev.genserver.sdk;

/// What [GenServer#codeChange] answers.
///
/// @param <S> the server's state
public sealed interface CodeChanged<S> {

  /// The server goes on with `state`.
  record Ok<S>(S state) implements CodeChanged<S> {}

  /// The server goes on as before, with its old state; who asked is told `reason`.
  record Refused<S>(ExitReason reason) implements CodeChanged<S> {}
}
