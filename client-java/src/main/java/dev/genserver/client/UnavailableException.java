package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// Nobody serves there, or the daemon is ending, or the process is suspended for too long.
public final class UnavailableException extends GenServerException {

  UnavailableException(String what, WireError error) {
    super(what, error);
  }
}
