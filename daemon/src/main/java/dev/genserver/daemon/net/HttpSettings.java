package dev.genserver.daemon.net;

import java.time.Duration;

/// What requests over HTTP may be.
///
/// @param headTimeout how long the first request of a connection may take to arrive, up to its body
/// @param idle the same for each further one, counted from the answer before it: longer than
///   clients keep connections, lest they use one that is being closed
/// @param maxBody the longest body, in bytes
/// @param maxHeld how many bytes bodies and answers over 64 KiB may take, of all clients together
/// @param bodyTimeout how long a body may take to arrive
/// @param slowConsumerGrace how long a client may take nothing of its answer, or leave events
///   waiting
public record HttpSettings(
    Duration headTimeout,
    Duration idle,
    int maxBody,
    long maxHeld,
    Duration bodyTimeout,
    Duration slowConsumerGrace) {}
