package dev.genserver.daemon.trace;

/// Traces cannot be sent as configured; the message says why, and what to do.
public final class TraceException extends RuntimeException {

  TraceException(String message) {
    super(message);
  }
}
