package dev.genserver.protocol;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// No secure connection could be made, or it broke. The message says why and what to do about it.
public final class TlsException extends IOException {

  /// Where it is to be mended.
  public enum Fault {
    /// A file on this side, or what it holds, cannot be used.
    FILE,
    /// The daemon does not speak TLS, or did not prove to be the one that was meant.
    DAEMON,
    /// The daemon did not accept who this client is.
    CLIENT
  }

  private final Fault fault;

  TlsException(Fault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /// Where it is to be mended.
  public Fault fault() {
    return fault;
  }
}
