package dev.genserver.daemon.http;

import java.time.Duration;

/// What calls may be, as on the wire.
///
/// @param maxResult the longest result, in bytes
/// @param maxTimeout the longest time limit; more is cut to this
/// @param allowInfinity whether a call may wait for ever
public record CallLimits(int maxResult, Duration maxTimeout, boolean allowInfinity) {}
