package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// There was no answer in time. [#executed] tells whether the process may still act on the request.
public final class CallTimeoutException extends GenServerException {

  CallTimeoutException(String what, WireError error) {
    super(what, error);
  }
}
