package dev.genserver.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A frame whose envelope was not understood. The connection lives on.
public final class BadRequestException extends ProtocolException {

  private final @Nullable RequestId id;
  private final transient WireError error;

  /// A refusal with `code`, which is [ErrorCode#BAD_REQUEST] or [ErrorCode#UNKNOWN_OP].
  public BadRequestException(
      ErrorCode code,
      String message,
      @Nullable RequestId id,
      Map<String, ? extends @Nullable Object> details) {
    super(message);
    this.id = id;
    this.error = WireError.refused(code, message, details);
  }

  /// The request's id, if it could be read, however wrong the rest was.
  public @Nullable RequestId id() {
    return id;
  }

  @Override
  public WireError error() {
    return error;
  }

  /// The answer that the peer gets.
  public ServerMessage.Failure toAnswer() {
    return new ServerMessage.Failure(id, error);
  }
}
