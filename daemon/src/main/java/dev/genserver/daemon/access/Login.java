package dev.genserver.daemon.access;

/// How a login ended.
public sealed interface Login {

  /// Somebody is let in.
  record Granted(Principal principal) implements Login {}

  /// Nobody is let in.
  ///
  /// @param reason a sentence that says how to go on and tells nothing that the client did not know
  record Refused(String reason) implements Login {}
}
