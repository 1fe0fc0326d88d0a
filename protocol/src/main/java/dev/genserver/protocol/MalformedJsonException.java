package dev.genserver.protocol;

import java.util.Map;

/// Text that is not the JSON which the protocol takes; see [RawJson].
public final class MalformedJsonException extends ProtocolException {

  private final int offset;

  MalformedJsonException(int offset, String problem) {
    super("malformed JSON at byte " + offset + ": " + problem);
    this.offset = offset;
  }

  /// Where the text stops making sense, in bytes from its start.
  public int offset() {
    return offset;
  }

  @Override
  public WireError error() {
    return WireError.refused(ErrorCode.BAD_REQUEST, message(), Map.of("offset", offset));
  }

  private String message() {
    return String.valueOf(getMessage());
  }
}
