package dev.genserver.daemon.net;

import java.time.Duration;

/// What requests over HTTP may be.
///
/// @param headTimeout how long a request may take to arrive, up to its body; and how long a
///   connection may be idle
/// @param maxBody the longest body, in bytes
/// @param bodyTimeout how long a body may take to arrive
public record HttpSettings(Duration headTimeout, int maxBody, Duration bodyTimeout) {}
