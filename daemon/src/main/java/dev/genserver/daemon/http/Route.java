package dev.genserver.daemon.http;

import java.util.List;
import java.util.Optional;

/// Something that can be asked for, and who may.
///
/// @param path as OpenAPI writes it, such as `/v1/call/{name}`; what is in braces, at the end, is
///   given by whoever asks, and may be empty or have slashes
/// @param method `GET`, which goes for `HEAD` too, or another
record Route(String path, String method, Entry entry, Handler handler) {

  /// Who may ask.
  enum Entry {
    /// Whoever reaches the port: it is the same for everybody and tells nothing of this daemon.
    ANYBODY,
    /// Whoever has logged in.
    LOGGED_IN,
    /// Whoever may administer.
    ADMINISTRATOR,
    /// Whoever has logged in, as long as the daemon takes requests for its processes.
    CALLER
  }

  /// Answers. Runs on a virtual thread of the request's own, and may block.
  interface Handler {
    Answer answer(Visit visit);
  }

  /// What stands for the braces, percent-encoded; empty if this is not what is asked for.
  Optional<String> match(String asked) {
    var brace = path.indexOf('{');
    if (brace < 0) {
      return asked.equals(path) ? Optional.of("") : Optional.empty();
    }
    return asked.startsWith(path.substring(0, brace))
        ? Optional.of(asked.substring(brace))
        : Optional.empty();
  }

  List<String> methods() {
    return method.equals("GET") ? List.of("GET", "HEAD") : List.of(method);
  }
}
