package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What surrounds a command: its streams and environment variables.
record Shell(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {

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

  private void flush() {
    out.flush();
    if (out.checkError()) {
      throw new CliException(CliException.IO, "the result could not be written to standard output");
    }
  }
}
