package dev.genserver.daemon.net;

import java.time.Duration;

/// What the wire allows.
///
/// @param maxFrame the longest frame, both ways, in bytes
/// @param frameTimeout how long a frame may take to arrive, from its first byte to its last
/// @param loginTimeout how long a connection may take to log in, and for the TLS handshake
/// @param maxInFlight how many calls a connection may have open
/// @param maxMonitors how many monitors a connection may have
/// @param maxTimeout the longest time limit of a call; more is cut to this
/// @param allowInfinity whether a call may say `"infinity"`
/// @param idle after how long without a sign of life a connection without open calls is closed
/// @param maxConnections how many connections may be open
/// @param maxPerAddress how many from one address
/// @param acceptRate how many new ones are taken a second
/// @param maxBacklog for how many bytes of requests that are not done with a connection is read
/// @param maxAnswers how many bytes of answers may wait in a connection before it is closed at once
/// @param maxHeld the same for all connections together: so many bytes of requests, and of answers
/// @param highWater how many bytes of answers may wait in a connection before it is read no further
/// @param slowConsumerGrace how long that may last before the connection is closed
public record WireSettings(
    int maxFrame,
    Duration frameTimeout,
    Duration loginTimeout,
    int maxInFlight,
    int maxMonitors,
    Duration maxTimeout,
    boolean allowInfinity,
    Duration idle,
    int maxConnections,
    int maxPerAddress,
    int acceptRate,
    long maxBacklog,
    long maxAnswers,
    long maxHeld,
    int highWater,
    Duration slowConsumerGrace) {}
