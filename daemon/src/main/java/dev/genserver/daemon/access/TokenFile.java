package dev.genserver.daemon.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The file of tokens, a line each: the principal's name, the token's id, its hash, the day on
/// which it was made.
///
/// ```
/// shop 7fQ2kX sha256:0c9f… 2026-11-23
/// ```
///
/// Whoever reads it cannot log in by it. Empty lines and those that begin with `#` are skipped.
///
/// It is written anew beside itself and moved into place, so that the daemon never reads half of
/// it; two commands at once wait for each other.
public final class TokenFile {

  /// How many tokens there may be.
  static final int MAX_TOKENS = 10_000;

  private static final String HEADER =
      "# Tokens of genserverd: principal, id, hash, day of making. Made by 'genserverd token'.";
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final String HASH = "sha256:";
  private static final String PREFIX = "gsd_";
  private static final SecureRandom RANDOM = new SecureRandom();

  /// A line.
  ///
  /// @param id tells the tokens of a principal apart; it stands in the token too
  public record Line(String principal, String id, String hash, LocalDate created) {

    @Override
    public String toString() {
      return principal + " " + id + " " + hash + " " + created;
    }
  }

  private final Path file;

  public TokenFile(Path file) {
    this.file = file;
  }

  /// The tokens in it.
  ///
  /// @throws IOException if it cannot be read
  /// @throws TokenException if it is no file of tokens, with the line
  public Tokens read() throws IOException {
    return new Tokens(
        lines().stream()
            .map(line ->
                new Tokens.Entry(
                    line.principal(), TokenHash.parse(line.hash().substring(HASH.length()))))
            .toList());
  }

  /// What is in it, in its order.
  ///
  /// @throws IOException if it cannot be read
  /// @throws TokenException if it is no file of tokens, with the line
  public List<Line> lines() throws IOException {
    var lines = new ArrayList<Line>();
    var number = 0;
    for (var text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (!text.isBlank() && !text.startsWith("#")) {
        lines.add(line(text, number));
      }
    }
    if (lines.size() > MAX_TOKENS) {
      throw new TokenException(
          "token file %s has %,d tokens, %,d may be; revoke some"
              .formatted(file, lines.size(), MAX_TOKENS));
    }
    return lines;
  }

  private Line line(String text, int number) {
    var fields = fields(text);
    try {
      if (fields.size() == 4
          && PrincipalName.isValid(fields.get(0))
          && fields.get(2).startsWith(HASH)) {
        TokenHash.parse(fields.get(2).substring(HASH.length()));
        return new Line(
            fields.get(0), fields.get(1), fields.get(2), LocalDate.parse(fields.get(3)));
      }
    } catch (IllegalArgumentException | DateTimeParseException _) {
      // Said below.
    }
    // The line itself is not shown: somebody may have put a token there.
    throw new TokenException(
        "token file %s:%d is not 'NAME ID sha256:HASH DAY'; make lines with 'genserverd token create NAME'"
            .formatted(file, number));
  }

  /// Makes a token. The file and its folder are made if they are not there, the file for its owner
  /// alone.
  ///
  /// @return the token, which nothing keeps
  /// @throws IOException if the file cannot be written
  /// @throws TokenException if the name cannot be a principal's, or the file is no file of tokens
  public String create(String principal, LocalDate today) throws IOException {
    if (!PrincipalName.isValid(principal) || principal.equals(PrincipalSpec.ANONYMOUS)) {
      throw new TokenException(
          "'%s' cannot be a principal's name; take %s".formatted(principal, PrincipalName.WANTED));
    }
    var id = random(6).replace('-', 'x').replace('_', 'y');
    var token = PREFIX + id + "_" + random(32);
    change(
        lines -> lines.add(new Line(principal, id, HASH + TokenHash.of(token), today).toString()));
    return token;
  }

  /// Takes away all tokens of a principal, or the one with that id.
  ///
  /// @return how many there were
  /// @throws IOException if the file cannot be written
  /// @throws TokenException if the file is no file of tokens
  public int revoke(String principalOrId) throws IOException {
    var doomed =
        lines().stream()
            .filter(
                line -> line.principal().equals(principalOrId) || line.id().equals(principalOrId))
            .map(Line::toString)
            .toList();
    if (!doomed.isEmpty()) {
      change(lines -> lines.removeIf(text -> doomed.contains(String.join(" ", fields(text)))));
    }
    return doomed.size();
  }

  private static List<String> fields(String line) {
    return SPACES.splitAsStream(line.strip()).toList();
  }

  private interface Change {
    void apply(List<String> lines);
  }

  private void change(Change change) throws IOException {
    var folder = file.resolveSibling("").toAbsolutePath();
    Files.createDirectories(folder);
    var lock = file.resolveSibling("." + file.getFileName() + ".lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      var lines = new ArrayList<String>();
      try {
        lines(); // what is broken is not written to
        lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
      } catch (NoSuchFileException _) {
        lines.add(HEADER);
      }
      change.apply(lines);
      var next = Files.createTempFile(folder, "." + file.getFileName(), ".new");
      Files.write(next, lines, StandardCharsets.UTF_8);
      if (Files.exists(file)) {
        Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
      } else {
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
      }
      Files.move(
          next,
          Files.exists(file) ? file.toRealPath() : file,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
