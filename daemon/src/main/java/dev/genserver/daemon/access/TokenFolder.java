package dev.genserver.daemon.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// A folder of secrets, as container engines mount it: each file is called as a principal and holds
/// its token. Files that begin with a dot are skipped, as Kubernetes keeps its own under such
/// names.
public final class TokenFolder {

  /// How long a token must be that somebody else has made.
  private static final int SHORTEST = 32;

  private static final int LONGEST = 4096;

  private final Path folder;

  public TokenFolder(Path folder) {
    this.folder = folder;
  }

  /// The tokens in it.
  ///
  /// @throws IOException if it cannot be read
  /// @throws TokenException if a file holds no token, or is not called as a principal may be
  public Tokens read() throws IOException {
    var entries = new ArrayList<Tokens.Entry>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        if (!name.startsWith(".") && !Files.isDirectory(file)) {
          entries.add(new Tokens.Entry(name, TokenHash.of(token(file, name))));
        }
      }
    }
    if (entries.size() > TokenFile.MAX_TOKENS) {
      throw new TokenException(
          "token folder %s has %,d tokens, %,d may be; remove some"
              .formatted(folder, entries.size(), TokenFile.MAX_TOKENS));
    }
    return new Tokens(entries);
  }

  private static String token(Path file, String name) throws IOException {
    if (!PrincipalName.isValid(name) || name.equals(PrincipalSpec.ANONYMOUS)) {
      throw new TokenException(
          "token file %s is not called as a principal may be; take %s"
              .formatted(file, PrincipalName.WANTED));
    }
    var token = text(file).strip();
    if (token.length() < SHORTEST || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new TokenException(
          "token file %s must hold one token of %d to %,d printable characters; make one with 'openssl rand -hex 32'"
              .formatted(file, SHORTEST, LONGEST));
    }
    return token;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.size(file) > LONGEST ? "" : Files.readString(file, StandardCharsets.UTF_8);
    } catch (AccessDeniedException _) {
      throw new TokenException(
          "token file %s may not be read by the daemon's user; give it to that user or group, or let everybody read it"
              .formatted(file));
    }
  }
}
