package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// No process has that name or pid.
public final class NoProcessException extends GenServerException {

  NoProcessException(String what, WireError error) {
    super(what, error);
  }
}
