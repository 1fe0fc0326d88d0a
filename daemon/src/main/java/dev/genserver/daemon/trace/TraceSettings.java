package dev.genserver.daemon.trace;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where traces go.
///
/// @param endpoint the collector, by OTLP over HTTP; empty to record nothing
/// @param sample which share of the requests is recorded that come without a trace, from 0 to 1
/// @param headersFile what is sent along to the collector
/// @param serviceName what the daemon is called there
public record TraceSettings(
    Optional<URI> endpoint, double sample, Optional<Path> headersFile, String serviceName) {

  /// What is sent along, by name.
  ///
  /// @throws TraceException if the file cannot be read or holds something else
  public Map<String, String> headers() {
    return headersFile.map(HeadersFile::new).map(HeadersFile::read).orElse(Map.of());
  }

  /// Reads the URL of a collector.
  ///
  /// @throws IllegalArgumentException that says what the text must be: `must be …`
  public static URI endpoint(String text) {
    try {
      var url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getQuery() == null
          && url.getFragment() == null) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // as any other that is none
    }
    throw new IllegalArgumentException(
        "must be the URL of a collector without user, password and query, such as"
            + " http://localhost:4318/v1/traces");
  }
}
