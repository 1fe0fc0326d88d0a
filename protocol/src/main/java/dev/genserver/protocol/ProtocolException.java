package dev.genserver.protocol;

/// Bytes that are not what the protocol asks for.
///
/// Bad input is an everyday event for a server, so these carry no stack trace: making one costs no
/// more than its text.
public abstract sealed class ProtocolException extends RuntimeException
    permits BadRequestException, FrameException, MalformedJsonException {

  ProtocolException(String message) {
    super(message, null, false, false);
  }

  /// What the peer is told.
  public abstract WireError error();
}
