package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What surrounds a command: its streams and environment variables.
record Shell(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {

  /// The environment variable's value; null if it is not set, or empty.
  @Nullable String variable(String name) {
    var value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /// What an option says, else the environment variable.
  @Nullable String or(@Nullable String option, String variable) {
    return option == null ? variable(variable) : option;
  }

  /// Writes a result, one line of JSON in UTF-8.
  void print(RawJson result) {
    out.write(result.bytes(), result.offset(), result.length());
    out.write('\n');
    flush();
  }

  /// Writes a result that people read, whole lines in UTF-8.
  void print(String lines) {
    var bytes = lines.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    flush();
  }

  /// Writes the first `length` bytes.
  void write(byte[] bytes, int length) {
    out.write(bytes, 0, length);
    flush();
  }

  private void flush() {
    out.flush();
    if (out.checkError()) {
      throw new CliException(CliException.IO, "the result could not be written to standard output");
    }
  }

  /// The environment may hold a secret, so it is left out.
  @Override
  public String toString() {
    return "Shell";
  }
}
