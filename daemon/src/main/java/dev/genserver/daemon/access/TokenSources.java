package dev.genserver.daemon.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where tokens come from.
///
/// @param file see [TokenFile]
/// @param folder see [TokenFolder]
public record TokenSources(Optional<Path> file, Optional<Path> folder) {

  /// What is to be watched for changes.
  public List<Path> paths() {
    return Stream.concat(file.stream(), folder.stream()).toList();
  }

  /// All tokens.
  ///
  /// @throws TokenException if one of the sources cannot be read or holds something else
  public Tokens read() {
    var tokens = Tokens.NONE;
    if (file.isPresent()) {
      tokens = tokens.and(read(file.get(), "tokens.file", new TokenFile(file.get())::read));
    }
    if (folder.isPresent()) {
      tokens = tokens.and(read(folder.get(), "tokens.dir", new TokenFolder(folder.get())::read));
    }
    return tokens;
  }

  private interface Source {
    Tokens read() throws IOException;
  }

  private static Tokens read(Path path, String key, Source source) {
    try {
      return source.read();
    } catch (IOException e) {
      throw new TokenException(
          "%s %s cannot be read: %s; make a token with 'genserverd token create NAME', or mend the path"
              .formatted(key, path, e));
    }
  }
}
