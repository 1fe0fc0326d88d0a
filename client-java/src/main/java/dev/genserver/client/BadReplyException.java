package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import java.util.Map;

/// The process replied, but with something that is not of the type that was asked for.
public final class BadReplyException extends GenServerException {

  private final transient RawJson reply;

  BadReplyException(String what, RawJson reply, String problem) {
    super(what, new WireError(ErrorCode.BAD_MESSAGE, problem, Executed.YES, Map.of()));
    this.reply = reply;
  }

  /// The reply as it came.
  public RawJson reply() {
    return reply;
  }
}
