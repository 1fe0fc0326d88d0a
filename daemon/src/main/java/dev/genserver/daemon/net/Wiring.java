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
/// @param requests what of them waits for all connections
/// @param answers what of them does
record Wiring(
    Node node,
    String server,
    String nodeName,
    AccessControl access,
    FailedLogins failedLogins,
    Counters counters,
    RateLimit suggestions,
    Held requests,
    Held answers) {

  private static final int SUGGESTIONS_A_SECOND = 100;

  /// @param maxHeld how many bytes of requests may wait, and how many of answers
  Wiring(Node node, String server, String nodeName, AccessControl access, long maxHeld) {
    this(
        node,
        server,
        nodeName,
        access,
        new FailedLogins(System::nanoTime),
        new Counters(),
        new RateLimit(SUGGESTIONS_A_SECOND, System::nanoTime),
        new Held(maxHeld),
        new Held(maxHeld));
  }
}
