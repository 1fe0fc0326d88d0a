package dev.genserver.daemon.http;

import dev.genserver.protocol.ErrorCode;

/// Which status of HTTP tells of an error.
final class Status {

  static final int OK = 200;
  static final int ACCEPTED = 202;
  static final int NOT_MODIFIED = 304;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int UNAVAILABLE = 503;

  private Status() {}

  /// 4xx says that the caller has to do something else, or later; 5xx that the daemon or the
  /// process has failed. A full mailbox is 429 and not 503: it is one process that has enough, and
  /// whoever watches the status codes of a daemon should not take it out of service for that.
  static int of(ErrorCode code) {
    return switch (code) {
      case BAD_FRAME, BAD_REQUEST, BAD_MESSAGE, UNSUPPORTED_VERSION -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOPROC, UNKNOWN_OP -> NOT_FOUND;
      case FRAME_TOO_LARGE -> 413;
      case OVERLOADED -> 429;
      case CANCELLED -> 499; // as nginx says that the client has hung up
      case RESULT_TOO_LARGE, INTERNAL, SLOW_CONSUMER, UNRECOGNISED -> 500;
      case EXIT -> 502;
      case UNAVAILABLE -> UNAVAILABLE;
      case TIMEOUT -> 504;
    };
  }
}
