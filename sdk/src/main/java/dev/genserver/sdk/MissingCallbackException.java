package dev.genserver.sdk;

/// A message came for which the server has no callback.
///
/// @otp the errors that Elixir's GenServer raises for a missing handle_call, handle_cast or
///   handle_continue
public final class MissingCallbackException extends RuntimeException {

  MissingCallbackException(Class<?> server, String callback, Object message) {
    super(
        "%s got %s, but has no %s; override it in the server"
            .formatted(server.getName(), message, callback));
  }
}
