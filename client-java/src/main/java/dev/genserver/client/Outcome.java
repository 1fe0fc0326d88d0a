package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import org.jspecify.annotations.Nullable;

/// How a request ended. Made into a result or an exception on the caller's side, so that the stack
/// trace is the caller's.
sealed interface Outcome {

  /// It was answered; `null` in JSON where the answer holds nothing.
  record Done(RawJson result) implements Outcome {}

  /// The daemon said no.
  record Failed(WireError error) implements Outcome {}

  /// The connection ended.
  record Lost(String why, Executed executed) implements Outcome {}

  /// The daemon said who it is.
  record Welcomed(ServerMessage.Welcome welcome) implements Outcome {}

  /// The result of what was asked.
  ///
  /// @throws GenServerException if there is none
  default RawJson resultOf(String what) {
    if (this instanceof Done done) {
      return done.result;
    }
    throw failure(what);
  }

  /// Why nobody is there to do what was asked; null if that is not how it ended.
  default @Nullable String noConnection() {
    if (this instanceof Lost lost) {
      return lost.why;
    }
    return this instanceof Failed failed && failed.error.code() == ErrorCode.UNAVAILABLE
        ? failed.error.message()
        : null;
  }

  private GenServerException failure(String what) {
    if (this instanceof Failed failed) {
      return GenServerException.of(what, failed.error);
    }
    if (this instanceof Lost lost) {
      return new ConnectionLostException(what, lost.why, lost.executed);
    }
    throw new IllegalStateException(what + " ended with " + this);
  }

  /// The welcome that was asked for.
  default ServerMessage.Welcome welcomeOf(String what) {
    if (this instanceof Welcomed welcomed) {
      return welcomed.welcome;
    }
    throw failure(what);
  }
}
