package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.TlsException;
import dev.genserver.protocol.WireError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request failed. The subclasses tell the usual cases apart; [#code] tells all.
public abstract sealed class GenServerException extends RuntimeException
    permits BadMessageException,
        BadReplyException,
        CallCancelledException,
        CallTimeoutException,
        ConnectionLostException,
        ForbiddenException,
        InsecureConnectionException,
        NoProcessException,
        OverloadedException,
        ProcessExitException,
        RefusedException,
        UnauthenticatedException,
        UnavailableException {

  private final transient WireError error;

  GenServerException(String what, WireError error) {
    super(what + " failed: " + error.code() + ", " + error.message());
    this.error = error;
  }

  /// What the protocol calls this.
  public ErrorCode code() {
    return error.code();
  }

  /// Whether the process saw the request: if not, it can be sent again without harm.
  public Executed executed() {
    return error.executed();
  }

  /// What a program may want to know, by the names of the protocol; unmodifiable.
  public Map<String, @Nullable Object> details() {
    return error.details();
  }

  /// The error as the protocol has it, its message without what was asked.
  public WireError error() {
    return error;
  }

  /// @param what was asked, such as `call to 'counter'`
  static GenServerException of(String what, WireError error) {
    return switch (error.code()) {
      case NOPROC -> new NoProcessException(what, error);
      case TIMEOUT -> new CallTimeoutException(what, error);
      case OVERLOADED -> new OverloadedException(what, error);
      case UNAVAILABLE -> new UnavailableException(what, error);
      case EXIT -> new ProcessExitException(what, error);
      case BAD_MESSAGE -> new BadMessageException(what, error);
      case CANCELLED -> new CallCancelledException(what, error);
      case UNAUTHENTICATED -> new UnauthenticatedException(what, error);
      case FORBIDDEN -> new ForbiddenException(what, error);
      case BAD_FRAME,
          FRAME_TOO_LARGE,
          BAD_REQUEST,
          UNKNOWN_OP,
          RESULT_TOO_LARGE,
          UNSUPPORTED_VERSION,
          INTERNAL,
          SLOW_CONSUMER,
          UNRECOGNISED ->
          new RefusedException(what, error);
    };
  }

  /// @param what was to be done over a connection that cannot be made secure
  static GenServerException of(String what, TlsException problem) {
    var failure =
        switch (problem.fault()) {
          case CLIENT ->
              new UnauthenticatedException(
                  what, WireError.refused(ErrorCode.UNAUTHENTICATED, message(problem)));
          case DAEMON, FILE ->
              new InsecureConnectionException(
                  what, WireError.refused(ErrorCode.UNAVAILABLE, message(problem)));
        };
    failure.initCause(problem);
    return failure;
  }

  private static String message(TlsException problem) {
    return String.valueOf(problem.getMessage());
  }
}
