package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The process does not take such a message; [#details] lists the types that it knows.
public final class BadMessageException extends GenServerException {

  BadMessageException(String what, WireError error) {
    super(what, error);
  }
}
