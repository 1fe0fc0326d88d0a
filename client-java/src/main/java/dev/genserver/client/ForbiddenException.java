package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The daemon knows who the client is, and that it may not do this. The connection lives on.
public final class ForbiddenException extends GenServerException {

  ForbiddenException(String what, WireError error) {
    super(what, error);
  }
}
