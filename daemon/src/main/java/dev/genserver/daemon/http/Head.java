package dev.genserver.daemon.http;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request up to its body.
///
/// @param target as it stands in the first line, such as `/v1/call/counter?timeout=5s`
/// @param headers by name, in whatever case; the values of one that came more than once are joined
///   with commas
public record Head(String method, String target, Map<String, String> headers, Peer peer) {

  public Head {
    var copy = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(headers);
    headers = copy;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// The target up to its query, percent-encoded; of `http://host/path` too, as proxies send it.
  String path() {
    var end = target.indexOf('?');
    var path = end < 0 ? target : target.substring(0, end);
    if (!path.startsWith("http://") && !path.startsWith("https://")) {
      return path;
    }
    var start = path.indexOf('/', path.indexOf("://") + 3);
    return start < 0 ? "/" : path.substring(start);
  }

  /// The query, percent-encoded; empty if there is none.
  String query() {
    var start = target.indexOf('?');
    return start < 0 ? "" : target.substring(start + 1);
  }
}
