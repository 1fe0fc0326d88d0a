package dev.genserver.daemon.net;

import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.access.FailedLogins;
import dev.genserver.runtime.Node;

/// What all connections share.
///
/// @param server what the daemon calls itself, such as `genserverd 0.1.0`
/// @param nodeName which of the daemon's runs this is, as its pids show it
/// @param suggestions how often a name may be looked for that is meant by one that nobody has: this
///   compares it with all
record Wiring(
    Node node,
    String server,
    String nodeName,
    AccessControl access,
    FailedLogins failedLogins,
    Counters counters,
    RateLimit suggestions) {

  private static final int SUGGESTIONS_A_SECOND = 100;

  Wiring(Node node, String server, String nodeName, AccessControl access) {
    this(
        node,
        server,
        nodeName,
        access,
        new FailedLogins(System::nanoTime),
        new Counters(),
        new RateLimit(SUGGESTIONS_A_SECOND, System::nanoTime));
  }
}
