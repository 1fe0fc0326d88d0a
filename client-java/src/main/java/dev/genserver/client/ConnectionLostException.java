package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.util.Map;

/// The connection ended before the answer came. [#executed] is `no` if nothing of the request had
/// been written yet. The client does not connect again: make a new one.
public final class ConnectionLostException extends GenServerException {

  ConnectionLostException(String what, String why, Executed executed) {
    super(what, new WireError(ErrorCode.UNAVAILABLE, why, executed, Map.of()));
  }
}
