package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The daemon does not know who the client is: it wants a token or a client certificate, or does
/// not accept what it was shown. It closes the connection.
public final class UnauthenticatedException extends GenServerException {

  UnauthenticatedException(String what, WireError error) {
    super(what, error);
  }
}
