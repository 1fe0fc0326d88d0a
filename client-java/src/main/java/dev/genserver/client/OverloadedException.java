package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// A mailbox, or this connection's share of open calls, is full. Try again later.
public final class OverloadedException extends GenServerException {

  OverloadedException(String what, WireError error) {
    super(what, error);
  }
}
