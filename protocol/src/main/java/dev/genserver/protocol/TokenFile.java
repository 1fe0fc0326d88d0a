package dev.genserver.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/// A file that holds the token with which a client logs in, and nothing else; a line's end after it
/// does no harm.
public final class TokenFile {

  private static final int MAX_BYTES = 4096;

  private TokenFile() {}

  /// The token.
  ///
  /// @throws IOException if there is none; the message says so in full, and holds nothing of the
  ///   file
  public static String read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      var token = new String(bytes, StandardCharsets.UTF_8).strip();
      if (bytes.length > MAX_BYTES || !isToken(token)) {
        throw new IOException("token file " + file + " must hold one token, and nothing else");
      }
      return token;
    } catch (NoSuchFileException e) {
      throw new IOException("token file " + file + " does not exist", e);
    }
  }

  /// Whether it may be a token: one word of visible ASCII characters.
  public static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(character -> character > ' ' && character < 127);
  }

  /// Whether other users of this machine may read the file; false where files have no such rights.
  public static boolean isReadableByAll(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
