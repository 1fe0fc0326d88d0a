package dev.genserver.daemon.access;

import java.nio.file.Path;

/// Tokens cannot be taken, and why.
public final class TokenException extends RuntimeException {

  TokenException(String message) {
    super(message);
  }

  /// There is none to be revoked.
  public static TokenException unknown(String nameOrId, Path file) {
    return new TokenException(
        "%s has no token of a principal '%s', nor one with that id; 'genserverd token list' shows them"
            .formatted(file, nameOrId));
  }
}
