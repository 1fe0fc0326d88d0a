package dev.genserver.daemon.binding;

/// A reply is larger than the limit; found before more memory than that was used.
public final class ReplyTooLargeException extends RuntimeException {

  private final int limit;

  ReplyTooLargeException(int limit) {
    super("the reply is larger than %,d bytes".formatted(limit), null, false, false);
    this.limit = limit;
  }

  /// The limit, in bytes.
  public int limit() {
    return limit;
  }
}
