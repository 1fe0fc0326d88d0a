package dev.genserver.daemon.net;

/// TLS cannot be spoken with these files, and why.
public final class TlsException extends Exception {

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }

  TlsException(String message) {
    super(message);
  }
}
