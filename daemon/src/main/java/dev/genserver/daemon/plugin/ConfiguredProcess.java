package dev.genserver.daemon.plugin;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.Restart;

/// A process that the configuration, or an operator, wants, of a behaviour that a plugin has to
/// offer.
///
/// @param name what it is registered under
/// @param behaviour the name of the [dev.genserver.sdk.Behaviour]
/// @param maxQueue how many messages may wait in its mailbox
/// @param cpuBound whether it computes for long
/// @param origin where in the configuration it stands, or who wants it, for errors
public record ConfiguredProcess(
    String name,
    String behaviour,
    Args args,
    Restart restart,
    int maxQueue,
    boolean cpuBound,
    String origin)
    implements ConfiguredChild {}
