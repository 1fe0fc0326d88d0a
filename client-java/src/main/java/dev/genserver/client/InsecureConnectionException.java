package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// No connection was made, since it would not have been secure: the daemon did not prove by TLS to
/// be the one that was meant, or a file of [ClientOptions#tls] cannot be used. Trying again is of
/// no use before that is mended.
public final class InsecureConnectionException extends GenServerException {

  InsecureConnectionException(String what, WireError error) {
    super(what, error);
  }
}
