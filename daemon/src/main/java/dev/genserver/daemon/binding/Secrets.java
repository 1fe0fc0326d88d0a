package dev.genserver.daemon.binding;

import dev.genserver.sdk.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the secrets to which a configuration refers. What it throws never tells any of one.
///
/// @param environment the value of an environment variable; null if it is not set
record Secrets(Function<String, @Nullable String> environment) {

  private static final int MAX_BYTES = 1 << 16;

  /// The text of a file in UTF-8, without the end of its last line.
  ///
  /// @throws IllegalArgumentException if there is none; says why, and how to mend it
  Secret ofFile(String name) {
    var file = "refers to the file " + name + ", which ";
    try {
      var text = text(Path.of(name));
      if (text.isEmpty()) {
        throw new IllegalArgumentException(file + "is empty; write the secret into it");
      }
      return Secret.of(text);
    } catch (NoSuchFileException _) {
      throw new IllegalArgumentException(file + "does not exist; create it, or name another");
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException(
          file + "is no text in UTF-8; encode it, as Base64 for instance");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + "cannot be read (" + e + "); let the daemon's user read it");
    }
  }

  private static String text(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it has more than %,d bytes".formatted(MAX_BYTES));
      }
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.endsWith("\r\n")
          ? text.substring(0, text.length() - 2)
          : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
  }

  /// The value of an environment variable.
  ///
  /// @throws IllegalArgumentException if it has none; says so, and how to mend it
  Secret ofEnvironment(String variable) {
    var text = environment.apply(variable);
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException(
          "refers to the environment variable %s, which is %s; set it where the daemon is started"
              .formatted(variable, text == null ? "not set" : "empty"));
    }
    return Secret.of(text);
  }
}
