package dev.genserver.daemon.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The file of headers that a collector wants to see, a line each.
///
/// ```
/// Authorization: Bearer 3f9c…
/// ```
///
/// Empty lines and those that begin with `#` are skipped. What they say is secret: no message
/// quotes it.
record HeadersFile(Path path) {

  private static final Pattern HEADER =
      Pattern.compile(
          "([!#$%&'*+.^_`|~\\w-]+):[ \\t]*([\\x21-\\x7e]([\\x20-\\x7e\\t]*[\\x21-\\x7e])?)");

  /// The headers by their names.
  ///
  /// @throws TraceException if it cannot be read or holds something else
  Map<String, String> read() {
    var headers = new LinkedHashMap<String, String>();
    var lines = lines();
    for (var i = 0; i < lines.length; i++) {
      var line = lines[i].strip();
      var header = HEADER.matcher(line);
      if (header.matches()) {
        headers.put(header.group(1), header.group(2));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        throw new TraceException(
            "traces.headers-file %s: line %d must be a header, as 'Name: value'"
                .formatted(path, i + 1));
      }
    }
    return headers;
  }

  private String[] lines() {
    try {
      return Files.readString(path).split("\\R");
    } catch (IOException e) {
      throw new TraceException(
          "traces.headers-file %s cannot be read: %s; mend the path, or leave it out"
              .formatted(path, e));
    }
  }
}
