package dev.genserver.daemon.admin;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Request;
import java.lang.System.Logger.Level;

/// Notes who has changed something, in a log of its own: `dev.genserver.audit`. What they were
/// shown, and what stands in messages, is not noted.
///
/// @param wire tells who a client is
record Audit(Wire wire) {

  private static final System.Logger LOG = System.getLogger("dev.genserver.audit");

  /// @param act what is asked for, such as `stop process=counter`; it is noted before it is tried
  void note(String act, Request request) {
    var client = request.caller().flatMap(wire::of);
    // What the client has chosen comes last, so that it can pass for nothing else.
    if (client.isPresent()) {
      LOG.log(
          Level.INFO,
          "admin by={0} peer={1} act={2}",
          client.get().principal().orElse("anonymous"),
          client.get().peer(),
          act);
    } else {
      LOG.log(
          Level.INFO, "admin by={0} act={1}", request.caller().map(Pid::toString).orElse("?"), act);
    }
  }
}
