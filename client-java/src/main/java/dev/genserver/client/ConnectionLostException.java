package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.util.Map;

/// The connection ended before the answer came, or the client was closed. [#executed] is `no` if
/// nothing of the request had been written yet. The client connects again by itself, but never
/// sends again what the daemon may have read.
public final class ConnectionLostException extends GenServerException {

  ConnectionLostException(String what, WireError error) {
    super(what, error);
  }

  ConnectionLostException(String what, String why, Executed executed) {
    this(what, new WireError(ErrorCode.UNAVAILABLE, why, executed, Map.of()));
  }
}
