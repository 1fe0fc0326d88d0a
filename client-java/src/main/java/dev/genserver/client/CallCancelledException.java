package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The caller gave up: its thread was interrupted.
public final class CallCancelledException extends GenServerException {

  CallCancelledException(String what, WireError error) {
    super(what, error);
  }
}
