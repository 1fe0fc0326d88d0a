package dev.genserver.daemon.binding;

import org.jspecify.annotations.Nullable;

/// A reply cannot become JSON. A defect of the server that answered; the message names the value,
/// its place in the reply and its type.
public final class UnencodableReplyException extends RuntimeException {

  UnencodableReplyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
