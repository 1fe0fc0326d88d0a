package dev.genserver.daemon.config;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.Restart;

/// A process to start, of a behaviour that a plugin offers.
///
/// @param name what it is registered under
/// @param maxQueue how many messages may wait in its mailbox
/// @param cpuBound whether it computes for long
/// @param critical whether the daemon is not ready while it is down
/// @param origin where it stands: `genserverd.yaml:31`
public record ProcessConfig(
    String name,
    String behaviour,
    Args args,
    Restart restart,
    int maxQueue,
    boolean cpuBound,
    boolean critical,
    String origin)
    implements ChildConfig {}
