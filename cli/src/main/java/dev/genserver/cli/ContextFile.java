package dev.genserver.cli;

import dev.genserver.protocol.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Where a user's [Contexts] are kept: one file, and a file for each token that was given in, in a
/// folder that is for this user alone. Others must neither read nor write them: who can write them
/// decides where this user's tokens go.
///
/// @param folder null where there is no home
record ContextFile(@Nullable Path folder) {

  private static final String FOLDER_MODE = "rwx------";
  private static final String FILE_MODE = "rw-------";

  /// That of the user whose environment this is.
  static ContextFile of(Shell shell) {
    var configuration = shell.variable("XDG_CONFIG_HOME");
    var home = shell.variable("HOME");
    // As the XDG specification has it, a path that is not absolute counts as none.
    if (configuration != null && configuration.startsWith("/")) {
      return new ContextFile(Path.of(configuration, "genserver"));
    }
    return new ContextFile(home == null ? null : Path.of(home, ".config", "genserver"));
  }

  /// @throws CliException if they cannot be read, or others can do that too
  Contexts read() {
    if (folder == null) {
      return Contexts.NONE;
    }
    var file = file(folder);
    try {
      var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      checkRights(folder, "700");
      checkRights(file, "600");
      return Contexts.parse(lines);
    } catch (NoSuchFileException _) {
      return Contexts.NONE;
    } catch (IOException e) {
      throw failed("contexts cannot be read from " + file, e);
    }
  }

  /// Puts others in their place, all at once.
  void write(Contexts contexts) {
    write(file(create()), contexts.toText());
  }

  /// Keeps a token, and tells where.
  Path writeToken(String context, String token) {
    var file = token(create(), context);
    write(file, token + "\n");
    return file;
  }

  /// Forgets the token of a context, if it was given in.
  void removeToken(String context) {
    try {
      if (folder != null) {
        Files.deleteIfExists(token(folder, context));
      }
    } catch (IOException e) {
      throw failed("the token of context '" + context + "' cannot be removed", e);
    }
  }

  private static Path file(Path folder) {
    return folder.resolve("contexts");
  }

  private static Path token(Path folder, String context) {
    return folder.resolve(context + ".token");
  }

  private Path create() {
    if (folder == null) {
      throw CliException.usage("contexts have no place; set HOME or XDG_CONFIG_HOME");
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER_MODE)));
      checkRights(folder, "700");
      return folder;
    } catch (IOException e) {
      throw failed("contexts cannot be kept in " + folder, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      var rights = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE));
      var draft = Files.createTempFile(file.getParent(), "draft", null, rights);
      try {
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw failed(file + " cannot be written", e);
    }
  }

  private static void checkRights(Path path, String mode) throws IOException {
    for (var right : Files.getPosixFilePermissions(path)) {
      if (!right.name().startsWith("OWNER_")) {
        throw new CliException(
            CliException.NO_INPUT,
            "%1$s is not for you alone, and says where your tokens go; mend that by 'chmod %2$s %1$s'"
                .formatted(path, mode));
      }
    }
  }

  private static CliException failed(String what, IOException cause) {
    return new CliException(CliException.NO_INPUT, what + ": " + cause.getMessage(), cause);
  }

  /// The token on standard input.
  static String readToken(Shell shell) {
    try {
      var bytes = shell.in().readNBytes(4096);
      var token = new String(bytes, StandardCharsets.UTF_8).strip();
      if (!TokenFile.isToken(token)) {
        throw CliException.usage("there is no token on standard input; it must be one word");
      }
      return token;
    } catch (IOException e) {
      throw new CliException(
          CliException.IO, "standard input could not be read: " + e.getMessage(), e);
    }
  }
}
