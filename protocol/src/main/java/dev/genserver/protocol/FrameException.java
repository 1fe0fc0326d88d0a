package dev.genserver.protocol;

/// A frame that cannot be cut from its stream; the connection cannot be used any more.
///
/// The code is [ErrorCode#BAD_FRAME] or [ErrorCode#FRAME_TOO_LARGE].
public final class FrameException extends ProtocolException {

  private final transient WireError error;

  /// A connection that ends with this error.
  public FrameException(WireError error) {
    super(error.message());
    this.error = error;
  }

  /// Whether what should be a frame's length is the beginning of a TLS record: the peer speaks TLS.
  public boolean isTls() {
    return error.details().get("length") instanceof Long length
        && (length >>> 16 == 0x1503 || length >>> 16 == 0x1603);
  }

  @Override
  public WireError error() {
    return error;
  }
}
