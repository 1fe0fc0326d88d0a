package dev.genserver.daemon.net;

import java.time.Duration;

/// What the wire allows.
///
/// @param maxFrame the longest frame, both ways, in bytes
/// @param maxInFlight how many calls a connection may have open
/// @param maxMonitors how many monitors a connection may have
/// @param maxTimeout the longest time limit of a call; more is cut to this
/// @param allowInfinity whether a call may say `"infinity"`
/// @param idle after how long without a sign of life a connection without open calls is closed
/// @param maxConnections how many connections may be open
/// @param highWater how many bytes of answers may wait in a connection before it is read no further
/// @param slowConsumerGrace how long that may last before the connection is closed
public record WireSettings(
    int maxFrame,
    int maxInFlight,
    int maxMonitors,
    Duration maxTimeout,
    boolean allowInfinity,
    Duration idle,
    int maxConnections,
    int highWater,
    Duration slowConsumerGrace) {}
