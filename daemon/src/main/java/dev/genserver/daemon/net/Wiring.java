package dev.genserver.daemon.net;

import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;

/// What all connections share.
///
/// @param server what the daemon calls itself, such as `genserverd 0.1.0`
/// @param nodeName which of the daemon's runs this is, as its pids show it
/// @param requests what of them waits for all connections
/// @param answers what of them does
record Wiring(
    Node node,
    String server,
    String nodeName,
    Gate gate,
    LoopMeters meters,
    Held requests,
    Held answers) {

  /// @param maxHeld how many bytes of requests may wait, and how many of answers
  Wiring(Node node, String server, String nodeName, Gate gate, long maxHeld) {
    this(
        node,
        server,
        nodeName,
        gate,
        new LoopMeters(gate.meters()),
        new Held(maxHeld),
        new Held(maxHeld));
  }
}
