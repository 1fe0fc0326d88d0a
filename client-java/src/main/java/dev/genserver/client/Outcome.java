package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a request ended. Made into a result or an exception on the caller's side, so that the stack
/// trace is the caller's.
sealed interface Outcome {

  /// It was answered; `null` in JSON where the answer holds nothing.
  record Done(RawJson result) implements Outcome {}

  /// The daemon said who it is.
  record Welcomed(ServerMessage.Welcome welcome) implements Outcome {}

  /// It came to nothing.
  sealed interface Failure extends Outcome {

    WireError error();

    GenServerException toException(String what);

    /// The same with another error.
    Failure with(WireError error);
  }

  /// The daemon said no, or this client did before it came to that.
  record Refused(WireError error) implements Failure {
    @Override
    public GenServerException toException(String what) {
      return GenServerException.of(what, error);
    }

    @Override
    public Refused with(WireError other) {
      return new Refused(other);
    }
  }

  /// The connection ended, or this client was closed.
  record Lost(WireError error) implements Failure {

    Lost(String why, Executed executed) {
      this(new WireError(ErrorCode.UNAVAILABLE, why, executed, Map.of()));
    }

    @Override
    public GenServerException toException(String what) {
      return new ConnectionLostException(what, error);
    }

    @Override
    public Lost with(WireError other) {
      return new Lost(other);
    }
  }

  /// There was no connection, for as long as the caller could wait.
  ///
  /// @param problem why there was none; null if none was tried yet
  record Unconnected(WireError error, @Nullable GenServerException problem) implements Failure {

    /// @param where the addresses
    static Unconnected to(String where, @Nullable GenServerException problem) {
      // Whoever is not let in, or must not trust the daemon, is told so in the same way each time.
      var code =
          problem instanceof UnauthenticatedException
              ? ErrorCode.UNAUTHENTICATED
              : ErrorCode.UNAVAILABLE;
      var why = "there is no connection to " + where;
      return new Unconnected(
          WireError.refused(
              code,
              problem == null ? why + " yet" : why + "; last problem: " + problem.getMessage()),
          problem);
    }

    @Override
    public GenServerException toException(String what) {
      var failure =
          problem instanceof InsecureConnectionException
              ? new InsecureConnectionException(what, error)
              : GenServerException.of(what, error);
      if (problem != null) {
        failure.initCause(problem);
      }
      return failure;
    }

    @Override
    public Unconnected with(WireError other) {
      return new Unconnected(other, problem);
    }
  }

  /// Of what is asked once a client was closed, and of what is open then.
  String CLOSED = "this client was closed";

  /// What is asked once a client was closed.
  static Lost closed() {
    return new Lost(CLOSED, Executed.NO);
  }

  /// The error; null if there is none.
  default @Nullable WireError wireError() {
    return this instanceof Failure failure ? failure.error() : null;
  }

  /// The same; if it is a failure, one that says how many attempts were made.
  default Outcome after(int attempts) {
    if (attempts == 1 || !(this instanceof Failure failure)) {
      return this;
    }
    var error = failure.error();
    var details = new LinkedHashMap<>(error.details());
    details.put("attempts", attempts);
    return failure.with(
        new WireError(
            error.code(),
            error.message() + " (after " + attempts + " attempts)",
            error.executed(),
            details));
  }

  /// The result of what was asked.
  ///
  /// @throws GenServerException if there is none
  default RawJson resultOf(String what) {
    if (this instanceof Done done) {
      return done.result;
    }
    throw failure(what);
  }

  /// The welcome that was asked for.
  default ServerMessage.Welcome welcomeOf(String what) {
    if (this instanceof Welcomed welcomed) {
      return welcomed.welcome;
    }
    throw failure(what);
  }

  /// Why nobody is there to do what was asked; null if that is not how it ended.
  default @Nullable String noConnection() {
    return this instanceof Failure failure && failure.error().code() == ErrorCode.UNAVAILABLE
        ? failure.error().message()
        : null;
  }

  private RuntimeException failure(String what) {
    // A daemon that mixes up its answers: a welcome to a call, say.
    return this instanceof Failure failure
        ? failure.toException(what)
        : new ConnectionLostException(
            what,
            new WireError(
                ErrorCode.UNAVAILABLE,
                "the daemon's answer is none to this request; is it a genserverd?",
                Executed.MAYBE,
                Map.of()));
  }
}
