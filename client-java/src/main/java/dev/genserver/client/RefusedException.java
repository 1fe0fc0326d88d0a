package dev.genserver.client;

import dev.genserver.protocol.WireError;

/// The daemon refused the request for another reason; see [#code].
public final class RefusedException extends GenServerException {

  RefusedException(String what, WireError error) {
    super(what, error);
  }
}
