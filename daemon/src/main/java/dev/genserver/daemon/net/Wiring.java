package dev.genserver.daemon.net;

import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;

/// What all connections share.
///
/// @param server what the daemon calls itself, such as `genserverd 0.1.0`
/// @param nodeName which of the daemon's runs this is, as its pids show it
/// @param frames what they have taken for frames that arrive; see [FrameRoom]
/// @param requests what of them waits for all connections
/// @param answers whose answers wait
record Wiring(
    Node node,
    String server,
    String nodeName,
    Gate gate,
    LoopMeters meters,
    Held frames,
    Held requests,
    SlowReaders answers) {

  /// @param maxHeld how many bytes of requests may wait, and how many of answers; frames that
  ///   arrive may take half of that
  Wiring(Node node, String server, String nodeName, Gate gate, long maxHeld) {
    this(
        node,
        server,
        nodeName,
        gate,
        new LoopMeters(gate.meters()),
        new Held(maxHeld / 2),
        new Held(maxHeld),
        new SlowReaders(maxHeld));
  }
}
