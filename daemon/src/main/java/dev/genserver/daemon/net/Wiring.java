package dev.genserver.daemon.net;

import dev.genserver.runtime.Node;

/// What all connections share.
///
/// @param server what the daemon calls itself, such as `genserverd 0.1.0`
/// @param nodeName which of the daemon's runs this is, as its pids show it
record Wiring(Node node, String server, String nodeName) {}
