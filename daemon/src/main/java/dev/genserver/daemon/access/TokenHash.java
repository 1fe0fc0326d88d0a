package dev.genserver.daemon.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The SHA-256 of a token, which is all that the daemon keeps of it.
///
/// A plain digest will do: unlike a password, a token has 256 random bits, which nobody can guess
/// however fast the digest is.
final class TokenHash {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final byte[] digest;

  private TokenHash(byte[] digest) {
    this.digest = digest;
  }

  static TokenHash of(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return new TokenHash(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /// @throws IllegalArgumentException if it is not 64 hexadecimal digits
  static TokenHash parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("must be 64 hexadecimal digits");
    }
    return new TokenHash(HexFormat.of().parseHex(hex));
  }

  /// Whether both are of the same token; takes as long whether they are or not.
  boolean matches(TokenHash other) {
    return MessageDigest.isEqual(digest, other.digest);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(digest);
  }
}
